using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>What <see cref="CodelCore"/> asks of the queue it controls.</summary>
internal interface ICodelQueue
{
    /// <summary>Takes the head of the queue; null when empty.</summary>
    SkBuff? TakeHead(int queue);

    /// <summary>Bytes in all queues.</summary>
    int Backlog { get; }

    /// <summary>Drops a packet that CoDel took.</summary>
    void DropCongested(SkBuff skb);
}

/// <summary>Parameters, counters and the algorithm of CoDel (kernel: <c>codel_dequeue</c>, include/net/codel_impl.h; RFC 8289).</summary>
internal sealed class CodelCore
{
    public const uint NoCeThreshold = uint.MaxValue;

    /// <summary>Delay that is accepted (5 ms).</summary>
    public uint Target { get; set; } = CodelVars.TimeOf(5_000_000);

    /// <summary>How long the delay may be above it (100 ms).</summary>
    public uint Interval { get; set; } = CodelVars.TimeOf(100_000_000);

    /// <summary>Delay from which on packets are marked at once.</summary>
    public uint CeThreshold { get; set; } = NoCeThreshold;

    public bool Ecn { get; set; }

    /// <summary>A backlog of so many bytes is no standing queue.</summary>
    public int Mtu { get; init; }

    public int MaxPacket { get; private set; }

    public long EcnMark { get; private set; }

    public long CeMark { get; private set; }

    /// <summary>Packets dropped by the present call.</summary>
    public int DropCount { get; set; }

    /// <summary>Their bytes.</summary>
    public int DropBytes { get; set; }

    public static void SetEnqueueTime(SkBuff skb, KernelTime now) => skb.Cb.QdiscTime = now.Nanoseconds;

    /// <summary>The next packet of <paramref name="queue"/> after CoDel's drops.</summary>
    public SkBuff? Dequeue(ICodelQueue source, int queue, ref CodelVars vars, KernelTime time)
    {
        var skb = source.TakeHead(queue);
        if (skb is null)
        {
            vars.Dropping = false;
            return null;
        }

        var now = CodelVars.TimeOf(time.Nanoseconds);
        var drop = ShouldDrop(skb, source, ref vars, now);
        if (vars.Dropping)
        {
            if (!drop) vars.Dropping = false;
            else
            {
                // Several drops may be due at once; each shortens the time to the next.
                while (vars.Dropping && !CodelVars.IsAfter(vars.DropNext, now))
                {
                    if (TryMark(skb!))
                    {
                        vars.Advance(Interval);
                        break;
                    }

                    var due = vars.DropNext;
                    Drop(source, skb!);
                    skb = source.TakeHead(queue);
                    if (ShouldDrop(skb, source, ref vars, now))
                    {
                        vars.Advance(Interval);
                        continue;
                    }

                    vars.Advance(Interval); // the count grows although the state ends
                    (vars.Dropping, vars.DropNext) = (false, due);
                }
            }
        }
        else if (drop)
        {
            if (!TryMark(skb))
            {
                Drop(source, skb);
                skb = source.TakeHead(queue);
                ShouldDrop(skb, source, ref vars, now);
            }

            vars.Enter(now, Interval);
        }

        if (skb is not null && CeThreshold != NoCeThreshold && CodelVars.IsAfter(vars.LastDelay, CeThreshold) && SkbEcn.SetCe(skb)) CeMark++;
        return skb;
    }

    private bool TryMark(SkBuff skb)
    {
        if (!Ecn || !SkbEcn.SetCe(skb)) return false;
        EcnMark++;
        return true;
    }

    private void Drop(ICodelQueue source, SkBuff skb)
    {
        DropBytes += skb.Cb.PacketLength;
        DropCount++;
        source.DropCongested(skb);
    }

    /// <summary>The delay has been above target for an interval (RFC 8289 section 5.3, <c>dodequeue</c>).</summary>
    private bool ShouldDrop(SkBuff? skb, ICodelQueue source, ref CodelVars vars, uint now)
    {
        if (skb is null)
        {
            vars.FirstAboveTime = 0;
            return false;
        }

        vars.LastDelay = now - CodelVars.TimeOf(skb.Cb.QdiscTime);
        MaxPacket = Math.Max(MaxPacket, skb.Cb.PacketLength);
        if ((int)(vars.LastDelay - Target) < 0 || source.Backlog <= Mtu)
        {
            vars.FirstAboveTime = 0;
            return false;
        }

        if (vars.FirstAboveTime != 0) return CodelVars.IsAfter(now, vars.FirstAboveTime);
        vars.FirstAboveTime = now + Interval;
        return false;
    }
}
