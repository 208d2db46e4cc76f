using System.Globalization;
using System.Numerics;
using System.Text;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>
/// Three queues by priority, the first served first (kernel: <c>pfifo_fast</c>, net/sched/sch_generic.c). 6.x bounds each queue by
/// <c>txqueuelen</c> and needs no lock; 3.10 bounds their sum.
/// </summary>
public sealed class PfifoFast : QdiscBase
{
    private const int Bands = 3;
    private readonly SkbList[] _bands = new SkbList[Bands];
    private uint _filled;

    /// <summary>At a device, empty.</summary>
    public PfifoFast(QdiscContext context)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Limit = context.TxQueueLength;
        Flags = QdiscFlags.CanBypass | (context.Kernel == KernelVersion.V6 ? QdiscFlags.NoLock : QdiscFlags.None);
    }

    /// <inheritdoc />
    public override string Kind => "pfifo_fast";

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(skb);
        var band = PrioMap.Default[(int)(skb.Priority & PrioMap.Max)];
        var held = Context.Kernel == KernelVersion.V6 ? _bands[band].Count : Stats.Qlen;
        if (held >= Limit) return Drop(skb, Context.Kernel == KernelVersion.V6 ? SkbDropReason.QDISC_OVERLIMIT : SkbDropReason.QDISC_DROP);
        _bands[band].Append(skb);
        _filled |= 1u << band;
        CountIn(skb);
        return NetXmit.Success;
    }

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now)
    {
        if (_filled == 0) return null;
        var band = BitOperations.TrailingZeroCount(_filled);
        var skb = _bands[band].Take()!;
        if (_bands[band].Count == 0) _filled &= ~(1u << band);
        CountOut(skb);
        return skb;
    }

    /// <inheritdoc />
    public override SkBuff? Peek(KernelTime now) =>
        Returned ?? (_filled == 0 ? null : _bands[BitOperations.TrailingZeroCount(_filled)].Head);

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
        foreach (ref var band in _bands.AsSpan()) Purge(ref band, reason);
        _filled = 0;
    }

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        if (words.HasNext) words.Unknown(words.Next()); // it has no options
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"bands {Bands} priomap");
        foreach (var band in PrioMap.Default) text.Append(CultureInfo.InvariantCulture, $" {band}");
    }
}
