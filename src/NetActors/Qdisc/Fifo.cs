using System.Globalization;
using System.Text;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>One queue with a bound in packets (<c>pfifo</c>) or bytes (<c>bfifo</c>) (kernel: net/sched/sch_fifo.c).</summary>
public sealed class Fifo : QdiscBase
{
    private readonly bool _bytes;
    private SkbList _queue;

    /// <summary>An empty queue bounded by the device's <c>txqueuelen</c>.</summary>
    /// <param name="context">Where it stands.</param>
    /// <param name="bytes">The bound counts bytes.</param>
    /// <param name="limit">The bound; below 0 the default.</param>
    public Fifo(QdiscContext context, bool bytes, int limit = -1)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _bytes = bytes;
        SetLimit(limit >= 0 ? limit : context.TxQueueLength * (bytes ? context.PschedMtu : 1));
    }

    /// <inheritdoc />
    public override string Kind => _bytes ? "bfifo" : "pfifo";

    /// <summary>Sets the bound (kernel: <c>fifo_set_limit</c>).</summary>
    internal void SetLimit(int limit)
    {
        Limit = limit;
        var canBypass = _bytes ? limit >= Context.PschedMtu : limit >= 1;
        Flags = canBypass ? Flags | QdiscFlags.CanBypass : Flags & ~QdiscFlags.CanBypass;
    }

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(skb);
        if (_bytes ? (long)Stats.Backlog + skb.Cb.PacketLength > Limit : Stats.Qlen >= Limit) return Drop(skb);
        _queue.Append(skb);
        CountIn(skb);
        return NetXmit.Success;
    }

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now)
    {
        var skb = _queue.Take();
        if (skb is not null) CountOut(skb);
        return skb;
    }

    /// <inheritdoc />
    public override SkBuff? Peek(KernelTime now) => Returned ?? _queue.Head;

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason) => Purge(ref _queue, reason);

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        while (words.HasNext)
        {
            if (words.Skip("limit")) SetLimit(_bytes ? words.Size("limit") : (int)words.Whole("limit", 0, int.MaxValue));
            else words.Unknown(words.Next());
        }
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"limit {Limit}{(_bytes ? 'b' : 'p')}");
}
