using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Neighbours;

/// <summary>
/// A host on the link (kernel: <c>struct neighbour</c>): its address, its state and the packets that wait for it. Inputs go through
/// the <see cref="NeighbourTable"/> that made it, so that the table knows the next deadline.
/// </summary>
public sealed class Neighbour
{
    private SkBuff? _head;
    private SkBuff? _tail;

    internal Neighbour(int ifIndex, uint address, NudParms parms, KernelTime now)
    {
        (IfIndex, Address) = (ifIndex, address);
        Nud = new NudMachine(parms, now);
    }

    /// <summary>Device the neighbour is reached by.</summary>
    public int IfIndex { get; }

    /// <summary>IPv4 address in host order.</summary>
    public uint Address { get; }

    /// <summary>Link address; meaningful in states of <see cref="NudStates.Valid"/>.</summary>
    public MacAddress HardwareAddress { get; private set; }

    /// <summary>State and timers.</summary>
    public NudMachine Nud { get; }

    /// <summary>The table gave the entry up; whoever kept it looks it up again.</summary>
    public bool IsDead { get; internal set; }

    /// <summary>Truesize of the waiting packets in bytes (kernel: <c>arp_queue_len_bytes</c>).</summary>
    public int QueuedBytes { get; private set; }

    /// <summary>Waiting packets.</summary>
    public int QueuedPackets { get; private set; }

    /// <summary>The oldest waiting packet, still queued; null when none waits.</summary>
    public SkBuff? PeekOldest => _head;

    /// <summary>The youngest waiting packet, still queued: a solicitation takes its source address (kernel: <c>neigh_probe</c>).</summary>
    public SkBuff? PeekNewest => _tail;

    internal bool ExemptFromGc { get; init; }

    internal Neighbour? HashNext { get; set; }

    internal Neighbour? ListNext { get; set; }

    internal Neighbour? ListPrevious { get; set; }

    /// <summary>Takes the oldest waiting packet out; the caller owns it. False when none waits.</summary>
    public bool TryDequeue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SkBuff? skb)
    {
        skb = _head;
        if (skb is null) return false;
        _head = skb.Next;
        if (_head is null) _tail = null;
        skb.Next = null;
        QueuedBytes -= skb.TrueSize;
        QueuedPackets--;
        return true;
    }

    /// <summary>
    /// Offers a packet. With <see cref="NudEffects.Transmit"/> the caller still owns it and sends it to
    /// <see cref="HardwareAddress"/>; otherwise it waits here or was freed with its reason.
    /// </summary>
    internal NudEffects Output(SkBuff skb, KernelTime now, NeighbourStats stats)
    {
        if (IsDead && !Nud.State.In(NudStates.Valid))
        {
            skb.Free(SkbDropReason.NEIGH_DEAD);
            return NudEffects.None;
        }

        var effects = Nud.OnUse(now);
        if ((effects & NudEffects.Queue) != 0) Enqueue(skb, stats);
        else if ((effects & NudEffects.DropFailed) != 0) skb.Free(SkbDropReason.NEIGH_FAILED);
        return effects;
    }

    internal NudEffects Update(MacAddress? offered, NudState next, NudUpdateFlags flags, KernelTime now, out Errno error)
    {
        var news = offered is not { } address ? LinkAddressNews.Absent
            : address == HardwareAddress ? LinkAddressNews.Same : LinkAddressNews.Different;
        var effects = Nud.OnUpdate(next, news, flags, now, out error);
        if ((effects & NudEffects.TakeAddress) != 0 && offered is { } taken) HardwareAddress = taken;
        return effects;
    }

    internal void ConstructNoArp(MacAddress hardwareAddress)
    {
        HardwareAddress = hardwareAddress;
        Nud.OnConstructNoArp();
    }

    internal void Purge(SkbDropReason reason)
    {
        while (TryDequeue(out var skb)) skb.Free(reason);
    }

    private void Enqueue(SkBuff skb, NeighbourStats stats)
    {
        while (QueuedBytes + skb.TrueSize > Nud.Parms.UnresQlenBytes && TryDequeue(out var oldest))
        {
            oldest.Free(SkbDropReason.NEIGH_QUEUEFULL);
            stats.UnresolvedDiscards++;
        }

        // As on Linux, a packet larger than the whole limit waits alone: the newest is never refused.
        if (_tail is null) _head = skb;
        else _tail.Next = skb;
        _tail = skb;
        skb.Next = null;
        QueuedBytes += skb.TrueSize;
        QueuedPackets++;
    }
}
