using System.Globalization;
using System.Text;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>One queue whose standing delay is kept at a target (kernel: net/sched/sch_codel.c; RFC 8289).</summary>
public sealed class Codel : QdiscBase, ICodelQueue
{
    private readonly CodelCore _codel;
    private CodelVars _vars;
    private SkbList _queue;
    private long _dropOverlimit;

    /// <summary>An empty queue with the kernel's defaults.</summary>
    public Codel(QdiscContext context)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Limit = 1000;
        Flags = QdiscFlags.CanBypass;
        _codel = new CodelCore { Mtu = context.PschedMtu };
    }

    /// <inheritdoc />
    public override string Kind => "codel";

    /// <summary>The state of the algorithm.</summary>
    public CodelVars Vars => _vars;

    int ICodelQueue.Backlog => Stats.Backlog;

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(skb);
        if (Stats.Qlen >= Limit)
        {
            _dropOverlimit++;
            return Drop(skb, SkbDropReason.QDISC_OVERLIMIT);
        }

        CodelCore.SetEnqueueTime(skb, now);
        _queue.Append(skb);
        CountIn(skb);
        return NetXmit.Success;
    }

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now)
    {
        var skb = _codel.Dequeue(this, 0, ref _vars, now);
        if (_codel.DropCount > 0)
        {
            TreeReduceBacklog(_codel.DropCount, _codel.DropBytes);
            (_codel.DropCount, _codel.DropBytes) = (0, 0);
        }

        if (skb is not null) CountSent(skb);
        return skb;
    }

    SkBuff? ICodelQueue.TakeHead(int queue)
    {
        var skb = _queue.Take();
        if (skb is null) return null;
        Stats.Backlog -= skb.Cb.PacketLength;
        Stats.Qlen--;
        return skb;
    }

    void ICodelQueue.DropCongested(SkBuff skb) => Drop(skb, SkbDropReason.QDISC_CONGESTED);

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
        Purge(ref _queue, reason);
        _vars = default;
    }

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "limit": Limit = (int)words.Whole(option, 1, int.MaxValue); break;
                default:
                    if (!CodelOptions.Read(_codel, option, words)) words.Unknown(option);
                    break;
            }
        }

        var (packets, bytes) = (0, 0);
        while (Stats.Qlen > Limit && _queue.Take() is { } skb)
        {
            (packets, bytes) = (packets + 1, bytes + skb.Cb.PacketLength);
            Stats.Backlog -= skb.Cb.PacketLength;
            Stats.Qlen--;
            Context.Sink.Drop(skb, SkbDropReason.QUEUE_PURGE);
        }

        TreeReduceBacklog(packets, bytes);
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"limit {Limit}p target {CodelOptions.Time(_codel.Target)} ");
        if (_codel.CeThreshold != CodelCore.NoCeThreshold) text.Append(CultureInfo.InvariantCulture, $"ce_threshold {CodelOptions.Time(_codel.CeThreshold)} ");
        text.Append(CultureInfo.InvariantCulture, $"interval {CodelOptions.Time(_codel.Interval)} ");
        if (_codel.Ecn) text.Append("ecn ");
    }

    /// <inheritdoc />
    internal override void DumpXstats(StringBuilder text, KernelTime now)
    {
        text.Append(CultureInfo.InvariantCulture, $"  count {_vars.Count} lastcount {_vars.LastCount} ldelay {CodelOptions.Time(_vars.LastDelay)}");
        if (_vars.Dropping) text.Append(" dropping");
        var next = _vars.Dropping ? (int)(_vars.DropNext - CodelVars.TimeOf(now.Nanoseconds)) : 0;
        text.Append(CultureInfo.InvariantCulture, $" drop_next {(next < 0 ? "-" : "")}{CodelOptions.Time((uint)Math.Abs(next))}");
        text.Append(CultureInfo.InvariantCulture, $"\n  maxpacket {_codel.MaxPacket} ecn_mark {_codel.EcnMark} drop_overlimit {_dropOverlimit}");
        if (_codel.CeMark > 0) text.Append(CultureInfo.InvariantCulture, $" ce_mark {_codel.CeMark}");
    }
}
