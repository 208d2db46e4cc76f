using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Steering;
using NetActors.Time;

namespace NetActors.Nic;

/// <content>Accelerated RFS (kernel: <c>ndo_rx_flow_steer</c>; specification section 6.5).</content>
internal sealed partial class NicDevice : IRxFlowSteer
{
    private CpuRmap? _rmap;
    private bool _scans;

    /// <summary>The flows it leads to queues.</summary>
    public ArfsTable Arfs { get; }

    /// <inheritdoc />
    public override IRxFlowSteer? FlowSteer => this;

    /// <inheritdoc />
    public bool IsOn => (Receive.Features & NicFeatures.Ntuple) != 0 && Arfs.Settings.Rules > 0 && _rmap is not null;

    /// <inheritdoc />
    public int QueueOf(int cpu) => _rmap!.QueueOf(cpu);

    /// <inheritdoc />
    public RxSteering Queue(int queue)
    {
        var queues = RxSteering;
        return queue < queues.Length ? queues[queue] : Steering.RxSteering.Off;
    }

    /// <inheritdoc />
    public int Steer(SkBuff skb, int queue, int flowId)
    {
        if (!FlowTuple.TryRead(skb.Data, out var tuple)) return -1; // EPROTONOSUPPORT
        var filter = Arfs.Steer(tuple, queue, flowId, out var rule);
        if (rule is null) return filter;
        var layer = EmulatedCpu.Current!.Layer;
        layer.TellAt(Nic, rule.Work, layer.Now + Arfs.Settings.Delay);
        return filter;
    }

    /// <summary>The masks of its interrupts changed: which queue is nearest to each CPU.</summary>
    /// <param name="cpus">The host's CPUs.</param>
    public void OnAffinity(HostCpu[] cpus)
    {
        var map = new CpuRmap(cpus.Length, QueuesInUse, (a, b) => Distance(cpus[a].Cpu, cpus[b].Cpu));
        for (var queue = 0; queue < QueuesInUse; queue++) map.Update(queue, [.. Irqs[queue].Affinity.Select(c => c.Cpu.LocalId)]);
        _rmap = map;
    }

    /// <summary>The driver's work: tells the hardware of a flow, and looks for idle ones (in the device's context).</summary>
    public void DoArfsWork(ArfsRule? rule, ExecutionLayer layer, KernelTime now)
    {
        Receive.AdvanceTo(now); // what has come by now goes as it did
        if (rule is not null) Arfs.Program(rule);
        Arfs.Expire(flow => _stack.Rps.MayExpire(Queue(flow.Queue), flow.FlowId, flow.FilterId));
        Receive.Reclassify(now);
        if (rule is not null && _scans) return; // the scan has its own message under way
        _scans = Arfs.Count > 0;
        if (_scans) layer.TellAt(Nic, NicProtocol.ArfsScan.Instance, now + Arfs.Settings.Scan);
    }

    private static int Distance(EmulatedCpu a, EmulatedCpu b)
    {
        var topology = a.Topology;
        if (topology.SiblingOf(a.LocalId) == b.LocalId) return 1;
        if (topology.SocketOf(a.LocalId) == topology.SocketOf(b.LocalId)) return 2;
        return topology.NodeOf(a.LocalId) == topology.NodeOf(b.LocalId) ? 3 : CpuRmap.Infinite;
    }
}
