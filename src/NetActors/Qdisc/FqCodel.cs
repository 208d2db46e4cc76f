using System.Globalization;
using System.Text;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>
/// Flows by hash that take turns by bytes, each with CoDel (kernel: net/sched/sch_fq_codel.c; RFC 8290). A full queue drops from the fattest flow.
/// </summary>
public sealed class FqCodel : QdiscBase, ICodelQueue
{
    private const int QuantumMax = 1 << 20;

    private readonly CodelCore _codel;
    private Flow[] _flows = [];
    private FlowRing _newFlows;
    private FlowRing _oldFlows;
    private int _flowCount = 1024;
    private int _quantum;
    private int _dropBatch = 64;
    private long _memoryLimit = 32 << 20;
    private long _memory;
    private long _dropOverlimit, _dropOvermemory, _newFlowCount;

    private sealed class Flow(int index)
    {
        public readonly int Index = index;
        public SkbList List;
        public int Backlog;
        public int Deficit;
        public bool IsActive; // in one of the rounds
        public Flow? Next;
        public CodelVars Vars;
    }

    private struct FlowRing
    {
        private Flow? _last;

        public Flow? First { get; private set; }

        public int Count { get; private set; }

        public void Append(Flow flow)
        {
            flow.Next = null;
            if (First is null) First = flow;
            else _last!.Next = flow;
            _last = flow;
            Count++;
        }

        public Flow RemoveFirst()
        {
            var flow = First!;
            First = flow.Next;
            Count--;
            return flow;
        }
    }

    /// <summary>At a device, empty, with the kernel's defaults.</summary>
    public FqCodel(QdiscContext context)
        : base(context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Limit = 10 * 1024;
        _quantum = Math.Clamp(context.PschedMtu, 256, QuantumMax);
        _codel = new CodelCore { Ecn = true, Mtu = _quantum };
        Flags = QdiscFlags.CanBypass;
        MakeFlows();
    }

    /// <inheritdoc />
    public override string Kind => "fq_codel";

    int ICodelQueue.Backlog => Stats.Backlog;

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(skb);
        var index = Classify(skb, out var result);
        if (index < 0)
        {
            if ((result & NetXmit.Bypass) != 0) Stats.Drops++;
            if ((result & NetXmit.Stolen) == 0) Context.Sink.Drop(skb, SkbDropReason.QDISC_DROP);
            return result;
        }

        CodelCore.SetEnqueueTime(skb, now);
        var flow = _flows[index];
        flow.List.Append(skb);
        flow.Backlog += skb.Cb.PacketLength;
        var length = skb.Cb.PacketLength;
        CountIn(skb);
        if (!flow.IsActive)
        {
            flow.IsActive = true;
            _newFlows.Append(flow);
            _newFlowCount++;
            flow.Deficit = _quantum;
        }

        _memory += skb.TrueSize;
        var memoryLimited = _memory > _memoryLimit;
        if (Stats.Qlen <= Limit && !memoryLimited) return NetXmit.Success;
        var (bytes, packets) = (Stats.Backlog, Stats.Qlen);
        var dropped = DropFromFattest();
        (bytes, packets) = (bytes - Stats.Backlog, packets - Stats.Qlen);
        _dropOverlimit += packets;
        if (memoryLimited) _dropOvermemory += packets;
        if (dropped == index)
        {
            TreeReduceBacklog(packets - 1, bytes - length); // this one those above have not counted
            return NetXmit.CongestionNotified;
        }

        TreeReduceBacklog(packets, bytes);
        return NetXmit.Success;
    }

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now)
    {
        var skb = TakeFromFlows(now);
        if (_codel.DropCount > 0)
        {
            TreeReduceBacklog(_codel.DropCount, _codel.DropBytes);
            (_codel.DropCount, _codel.DropBytes) = (0, 0);
        }

        return skb;
    }

    SkBuff? ICodelQueue.TakeHead(int queue)
    {
        var flow = _flows[queue];
        var skb = flow.List.Take();
        if (skb is null) return null;
        flow.Backlog -= skb.Cb.PacketLength;
        _memory -= skb.TrueSize;
        Stats.Backlog -= skb.Cb.PacketLength;
        Stats.Qlen--;
        return skb;
    }

    void ICodelQueue.DropCongested(SkBuff skb) => Drop(skb, SkbDropReason.QDISC_CONGESTED);

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
        foreach (var flow in _flows) Purge(ref flow.List, reason);
        MakeFlows();
    }

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        while (words.HasNext)
        {
            var option = words.Next();
            switch (option)
            {
                case "limit": Limit = (int)words.Whole(option, 0, int.MaxValue); break;
                case "flows":
                    var flows = (int)words.Whole(option, 1, 65536);
                    if (flows == _flowCount) break;
                    if (Stats.Packets + Stats.Qlen > 0) words.Fail("fq_codel: the number of flows cannot be changed while it is in use");
                    _flowCount = flows;
                    MakeFlows();
                    break;
                case "quantum": _quantum = (int)Math.Max(256, words.Whole(option, 0, QuantumMax)); break;
                case "memory_limit": _memoryLimit = words.Size(option); break;
                case "drop_batch": _dropBatch = (int)Math.Max(1, words.Whole(option, 0, int.MaxValue)); break;
                default:
                    if (!CodelOptions.Read(_codel, option, words)) words.Unknown(option);
                    break;
            }
        }

        Flags = Limit >= 1 ? Flags | QdiscFlags.CanBypass : Flags & ~QdiscFlags.CanBypass;
        var (packets, bytes) = (0, 0);
        while ((Stats.Qlen > Limit || _memory > _memoryLimit) && Dequeue(now) is { } skb)
        {
            (packets, bytes) = (packets + 1, bytes + skb.Cb.PacketLength);
            Context.Sink.Drop(skb, SkbDropReason.QUEUE_PURGE);
        }

        TreeReduceBacklog(packets, bytes);
    }

    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"limit {Limit}p flows {_flowCount} quantum {_quantum} target {CodelOptions.Time(_codel.Target)} ");
        if (_codel.CeThreshold != CodelCore.NoCeThreshold) text.Append(CultureInfo.InvariantCulture, $"ce_threshold {CodelOptions.Time(_codel.CeThreshold)} ");
        text.Append(CultureInfo.InvariantCulture, $"interval {CodelOptions.Time(_codel.Interval)} memory_limit {TcText.Size(_memoryLimit)} ");
        if (_codel.Ecn) text.Append("ecn ");
        text.Append(CultureInfo.InvariantCulture, $"drop_batch {_dropBatch} ");
    }

    /// <inheritdoc />
    internal override void DumpXstats(StringBuilder text, KernelTime now)
    {
        text.Append(CultureInfo.InvariantCulture, $"  maxpacket {_codel.MaxPacket} drop_overlimit {_dropOverlimit} new_flow_count {_newFlowCount} ecn_mark {_codel.EcnMark}");
        if (_codel.CeMark > 0) text.Append(CultureInfo.InvariantCulture, $" ce_mark {_codel.CeMark}");
        if (_memory > 0) text.Append(CultureInfo.InvariantCulture, $" memory_used {_memory}");
        if (_dropOvermemory > 0) text.Append(CultureInfo.InvariantCulture, $" drop_overmemory {_dropOvermemory}");
        text.Append(CultureInfo.InvariantCulture, $"\n  new_flows_len {_newFlows.Count} old_flows_len {_oldFlows.Count}");
    }

    private SkBuff? TakeFromFlows(KernelTime now)
    {
        while (true)
        {
            var fromNew = _newFlows.First is not null;
            ref var ring = ref fromNew ? ref _newFlows : ref _oldFlows;
            if (ring.First is not { } flow) return null;
            if (flow.Deficit <= 0)
            {
                flow.Deficit += _quantum;
                _oldFlows.Append(ring.RemoveFirst());
                continue;
            }

            var skb = _codel.Dequeue(this, flow.Index, ref flow.Vars, now);
            if (skb is null)
            {
                ring.RemoveFirst();
                if (fromNew && _oldFlows.First is not null) _oldFlows.Append(flow); // so that the old ones do not starve
                else flow.IsActive = false;
                continue;
            }

            CountSent(skb);
            flow.Deficit -= skb.Cb.PacketLength;
            return skb;
        }
    }

    private int Classify(SkBuff skb, out NetXmit result)
    {
        result = NetXmit.Success;
        if (Handle != 0 && TcHandle.Major(skb.Priority) == Handle && TcHandle.Minor(skb.Priority) is > 0 and var minor && minor <= _flowCount) return (int)minor - 1;
        if (Filters is null) return (int)(((ulong)Context.Sink.Hash(skb) * (uint)_flowCount) >> 32);
        result = NetXmit.Success | NetXmit.Bypass;
        switch (Filters.Classify(skb, Context, out var classId))
        {
            case TcVerdict.Stolen:
                result = NetXmit.Success | NetXmit.Stolen;
                return -1;
            case TcVerdict.Ok when TcHandle.Minor(classId) is > 0 and var flow && flow <= _flowCount:
                return (int)flow - 1;
            default:
                return -1;
        }
    }

    /// <summary>Drops half of the fattest flow, at most a batch (kernel: <c>fq_codel_drop</c>). The flow.</summary>
    private int DropFromFattest()
    {
        var fattest = _flows[0];
        foreach (var flow in _flows)
        {
            if (flow.Backlog > fattest.Backlog) fattest = flow;
        }

        var (threshold, dropped, packets) = (fattest.Backlog >> 1, 0, 0);
        do
        {
            var skb = fattest.List.Take()!;
            dropped += skb.Cb.PacketLength;
            _memory -= skb.TrueSize;
            Stats.Backlog -= skb.Cb.PacketLength;
            Stats.Qlen--;
            Drop(skb, SkbDropReason.QDISC_OVERLIMIT);
        }
        while (++packets < _dropBatch && dropped < threshold);
        fattest.Vars.Count += (uint)packets; // a stronger signal from CoDel too
        fattest.Backlog -= dropped;
        return fattest.Index;
    }

    private void MakeFlows()
    {
        if (_flows.Length != _flowCount) _flows = [.. Enumerable.Range(0, _flowCount).Select(i => new Flow(i))];
        foreach (var flow in _flows) (flow.Backlog, flow.Deficit, flow.IsActive, flow.Next, flow.Vars) = (0, 0, false, null, default);
        (_newFlows, _oldFlows, _memory) = (default, default, 0);
    }
}
