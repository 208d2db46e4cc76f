using System.Globalization;
using System.Text;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>Bands by priority or filter, the first that has a packet is served (kernel: net/sched/sch_prio.c).</summary>
public sealed class Prio : QdiscBase
{
    private const int MaxBands = 16;
    private QdiscBase[] _queues = [];
    private byte[] _map = PrioMap.Default.ToArray();

    /// <summary>Three bands with a <see cref="Fifo"/> each.</summary>
    public Prio(QdiscContext context)
        : base(context) => SetBands(3);

    /// <inheritdoc />
    public override string Kind => "prio";

    /// <inheritdoc />
    internal override IEnumerable<TcClass> Classes => _queues.Select((q, i) => new TcClass(Handle | (uint)(i + 1), Handle, q, null));

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(skb);
        var queue = Classify(skb, out var result);
        if (queue is null)
        {
            if ((result & NetXmit.Stolen) != 0) return result;
            Drop(skb);
            return result;
        }

        var length = skb.Cb.PacketLength;
        result = queue.Enqueue(skb, now);
        if (result == NetXmit.Success)
        {
            Stats.Backlog += length;
            Stats.Qlen++;
        }
        else if (result.CountsAsDrop())
        {
            Stats.Drops++;
        }

        return result;
    }

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now)
    {
        foreach (var queue in _queues)
        {
            if (queue.Dequeue(now) is not { } skb) continue;
            CountOut(skb);
            return skb;
        }

        return null;
    }

    /// <inheritdoc />
    public override SkBuff? Peek(KernelTime now)
    {
        if (Returned is not null) return Returned;
        foreach (var queue in _queues)
        {
            if (queue.Peek(now) is { } skb) return skb;
        }

        return null;
    }

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
        foreach (var queue in _queues) queue.Reset(reason);
    }

    /// <inheritdoc />
    internal override QdiscBase? Graft(uint classId, QdiscBase child)
    {
        var band = (int)TcHandle.Minor(classId) - 1;
        if (band < 0 || band >= _queues.Length) return null;
        var old = _queues[band];
        Replace(old);
        _queues[band] = Adopt(child, Handle | (uint)(band + 1));
        return old;
    }

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        var (bands, map) = (_queues.Length, _map);
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "bands": bands = (int)words.Whole(option, 2, MaxBands); break;
                case "priomap": map = PrioMap.Read(words, bands, map); break;
                default: words.Unknown(option); break;
            }
        }

        if (words.Fault is not null) return;
        if (map.Any(band => band >= bands)) words.Fail($"priomap names a band beyond the last of {bands}");
        else
        {
            _map = map;
            SetBands(bands);
        }
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"bands {_queues.Length} priomap");
        foreach (var band in _map) text.Append(CultureInfo.InvariantCulture, $" {band}");
    }

    private void SetBands(int bands)
    {
        for (var i = bands; i < _queues.Length; i++) Replace(_queues[i]);
        var old = _queues;
        _queues = [.. Enumerable.Range(0, bands).Select(i => i < old.Length ? old[i] : Adopt(new Fifo(Context, bytes: false), Handle | (uint)(i + 1)))];
    }

    /// <inheritdoc />
    protected internal override void OnHandle()
    {
        for (var i = 0; i < _queues.Length; i++) Adopt(_queues[i], Handle | (uint)(i + 1));
    }

    /// <summary>The band of a packet; null for one that a filter took (kernel: <c>prio_classify</c>).</summary>
    private QdiscBase? Classify(SkBuff skb, out NetXmit result)
    {
        result = NetXmit.Success | NetXmit.Bypass;
        var band = skb.Priority;
        if (Handle == 0 || TcHandle.Major(band) != Handle)
        {
            var classId = 0u;
            switch (Filters?.Classify(skb, Context, out classId) ?? TcVerdict.Unspec)
            {
                case TcVerdict.Stolen:
                    result = NetXmit.Success | NetXmit.Stolen;
                    return null;
                case TcVerdict.Shot:
                    return null;
                case TcVerdict.Unspec:
                    return _queues[_map[TcHandle.Major(band) != 0 ? 0 : band & PrioMap.Max]];
                default:
                    band = classId;
                    break;
            }
        }

        var index = TcHandle.Minor(band) - 1; // of class 0: none
        return index < _queues.Length ? _queues[index] : _queues[_map[0]];
    }
}
