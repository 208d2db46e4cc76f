using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Gso;
using NetActors.Headers;
using NetActors.Hosts;
using NetActors.Irq;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Qdisc;
using NetActors.Softirq;
using NetActors.Time;
using NetActors.Xdp;

namespace NetActors.Nic;

/// <summary>A multi-queue Ethernet card of a host: the receive machine, the transmit rings, a vector for each pair.</summary>
internal sealed partial class NicDevice : NetDevice
{
    public NicDevice(int ifIndex, string name, MacAddress address, int mtu, int cpus, NicReceive receive, EthtoolSettings ethtool, ArfsSettings arfs, int txRing, SkbPool frames, int firstNapiId, int weight)
        : base(ifIndex, name, address, mtu, cpus)
    {
        (Receive, Ethtool, Arfs) = (receive, ethtool, new ArfsTable(arfs));
        receive.Attach(Arfs);
        Napis = [.. Enumerable.Range(0, receive.Channels).Select(i => new NapiInstance(firstNapiId + i, $"{name}-TxRx-{i}", weight))];
        TxQueues = [.. Napis.Select(_ => new TxQueue(txRing, frames))];
        Unmasks = [.. Napis.Select((_, i) => new NicProtocol.Unmask(i))];
        Doorbells = [.. Napis.Select((_, i) => new WireProtocol.Doorbell(this, i))];
        DimWorks = [.. Napis.Select((_, i) => new NicProtocol.DimWork(i))];
        QueuesInUse = Napis.Length;
        Sent = [.. Napis.Select((_, i) => new NicProtocol.Sent(i))];
        XdpStats = [.. Napis.Select(_ => new XdpStats())];
        (Xsks, XskMap, _wakeups) = (new XskSocket?[Napis.Length], new XskMap(Napis.Length), new NicProtocol.SoftwareInterrupt?[Napis.Length]);
        for (var i = 0; i < Napis.Length; i++)
        {
            var queue = i;
            Napis[i].NextWork = now => NextWork(queue, now);
        }
    }

    public NicReceive Receive { get; }

    public NapiInstance[] Napis { get; }

    public TxQueue[] TxQueues { get; }

    public NicProtocol.Unmask[] Unmasks { get; }

    public WireProtocol.Doorbell[] Doorbells { get; }

    public NicProtocol.DimWork[] DimWorks { get; }

    public NicProtocol.Sent[] Sent { get; }

    public IrqDescriptor[] Irqs { get; set; } = [];

    /// <summary>The hardware.</summary>
    public IActorRef Nic { get; set; } = ActorRefs.Nobody;

    /// <summary>What it is plugged into.</summary>
    public IActorRef Wire { get; set; } = ActorRefs.Nobody;

    /// <summary>The qdiscs of its transmit queues.</summary>
    public DeviceQdiscs Qdiscs { get; private set; } = null!;

    /// <summary>Who runs them.</summary>
    public QdiscRunner[] Runners { get; private set; } = [];

    /// <summary>What ethtool changes.</summary>
    public EthtoolSettings Ethtool { get; }

    /// <summary>Which queues each CPU sends through; a change counts once <see cref="TxSteering"/> is made of it.</summary>
    public XpsMaps Xps { get; set; } = null!;

    /// <summary>Which queue a packet takes.</summary>
    public TxSteering TxSteering { get; set; } = null!;

    private NetStack _stack = null!;

    /// <summary>Gives it its qdiscs before it is used.</summary>
    /// <param name="stack">The host's.</param>
    /// <param name="settings">Default qdisc and weight of a run.</param>
    /// <param name="cpus">CPUs that may be at a queue at once: 1 in virtual time.</param>
    /// <param name="txQueueLength"><c>txqueuelen</c>.</param>
    /// <param name="linkSpeed">Bits a second.</param>
    /// <param name="random">Of each queue.</param>
    public void Attach(NetStack stack, HostSettingsView settings, int cpus, int txQueueLength, long linkSpeed, Func<int, KernelRandom> random)
    {
        _stack = stack;
        Runners = [.. TxQueues.Select((_, i) => new QdiscRunner(this, stack, i, settings.TxWeight, cpus))];
        var contexts = Runners.Select((runner, i) => new QdiscContext(runner, random(i), Mtu, txQueueLength, settings.Kernel) { LinkSpeed = linkSpeed });
        Qdiscs = new DeviceQdiscs(Name, [.. contexts], settings.DefaultQdisc);
        Xps = XpsMaps.OfDriver(TxQueues.Length, Counters.Length);
        TxSteering = Xps.Steering(QueuesInUse);
        _watchdogs = [.. Enumerable.Range(0, cpus).Select(_ => new TimerEntry(this))];
    }

    /// <inheritdoc />
    public override bool ScatterGather => Has(NicFeatures.ScatterGather);

    /// <inheritdoc />
    public override bool Tso => Has(NicFeatures.Tso | NicFeatures.ScatterGather | NicFeatures.TxChecksum); // netdev_fix_features

    /// <summary>The card cuts this large packet (kernel: <c>skb_gso_ok</c>).</summary>
    public bool Cuts(SkBuff large) => large.Cb.IpProtocol == IpProtocols.Udp
        ? Has(NicFeatures.Uso | NicFeatures.ScatterGather | NicFeatures.TxChecksum)
        : Tso && !large.Shared.GsoFixedId && !large.Shared.GsoAccurateEcn;

    /// <inheritdoc />
    public override bool Gso => Has(NicFeatures.Gso | NicFeatures.ScatterGather);

    /// <summary>Sends a frame through the qdisc of its transmit queue (kernel: <c>__dev_queue_xmit</c>).</summary>
    public override void Xmit(HostCpu cpu, SkBuff skb)
    {
        skb.Cb.PacketLength = GsoSegmenter.WireLength(skb);
        var queue = -1;
        if (Qdiscs.Egress is { } filters && !PassesEgress(cpu, skb, filters, out queue)) return;
        if (queue < 0) queue = Pick(cpu, skb);
        skb.QueueMapping = (ushort)queue;
        var runner = Qdiscs.Root is Mq ? queue : 0;
        Runners[runner].Xmit(cpu, skb);
    }

    /// <summary>
    /// Puts a frame on its transmit ring (kernel: <c>ndo_start_xmit</c>). False when every descriptor is in use: the caller still owns it
    /// (<c>NETDEV_TX_BUSY</c>).
    /// </summary>
    public bool TryStartXmit(HostCpu cpu, SkBuff skb)
    {
        if (!TryPost(cpu, skb, CostOp.TxDescriptor, out var ring)) return false;
        if (ring) Ring(skb.QueueMapping);
        return true;
    }

    /// <summary>The same without the doorbell.</summary>
    private bool TryPost(HostCpu cpu, SkBuff skb, CostOp cost, out bool ring)
    {
        var queue = skb.QueueMapping;
        ring = false;
        if (!TxQueues[queue].HasRoom(skb)) return false;
        var (frames, bytes) = (GsoSegmenter.Count(skb), GsoSegmenter.WireLength(skb));
        cpu.Cpu.Charge(cost, TxQueue.Descriptors(skb));
        cpu.Cpu.Own(ref skb.LastCpu);
        skb.VisibleFrom = cpu.Cpu.Now;
        skb.OnTransmitted(cpu.Cpu.Now);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.net_dev_xmit, skb, IfIndex);
        if (Capture is not null) Write(Capture, cpu, skb, frames);
        TxQueues[queue].Post(skb, out ring);
        if (TxQueues[queue].IsStopped) WatchStopped(cpu);
        cpu.Release(skb);
        var counters = Counters[cpu.Cpu.LocalId];
        counters.TxPackets += frames;
        counters.TxBytes += bytes;
        cpu.CountOriginated(frames - 1);
        return true;
    }

    /// <summary>Tells the hardware of what is on a ring.</summary>
    private void Ring(int queue) => Wire.Tell(Doorbells[queue], ActorRefs.NoSender);

    /// <summary>When the driver's poll of a queue would find anything, packets or sent ones to free: now, or not before that.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="now">The time of the CPU that asks.</param>
    public KernelTime NextWork(int queue, KernelTime now)
    {
        if ((IsLazy ? Receive.Ready(queue, now) : Receive.Queue(queue).Count) > 0 || TxQueues[queue].HasDone) return now;
        return IsLazy ? Receive.NextArrival : now;
    }

    /// <summary>Virtual time: the hardware is advanced by whoever looks at it.</summary>
    public bool IsLazy { get; init; }

    /// <summary>A setting changed: an interrupt may be due at another time now.</summary>
    public void LookAgain() => Nic.Tell(NicProtocol.Arrivals.Instance, ActorRefs.NoSender);

    /// <summary>Lets a queue's interrupts through again.</summary>
    public void Unmask(int queue) => Nic.Tell(Unmasks[queue], ActorRefs.NoSender);

    /// <summary>Frees what the hardware has sent and lets a stopped queue go on (kernel: <c>ixgbe_clean_tx_irq</c>).</summary>
    public void CleanTx(HostCpu cpu, int queue)
    {
        var tx = TxQueues[queue];
        var bytes = 0;
        while (tx.TryClean(cpu.Cpu.Now, out var skb))
        {
            bytes += GsoSegmenter.WireLength(skb);
            cpu.Cpu.Charge(skb.Xdp == XdpMark.Frame ? CostOp.XdpTxCompletion : CostOp.TxCompletion);
            cpu.Cpu.Touch(ref skb.LastCpu, CacheLines.SkBuff);
            skb.Orphan(); // the far end may hold it still
            if (!skb.IsCloned) skb.GiveMemoryBack();
            skb.Free(SkbDropReason.CONSUMED);
        }

        if (tx.EndClean(bytes, cpu.Cpu.Now)) Runners[Qdiscs.Root is Mq ? queue : 0].Schedule(cpu);
    }

    /// <inheritdoc />
    public override TcVerdict ClassifyIngress(HostCpu cpu, SkBuff skb) =>
        Qdiscs.Ingress is { } filters ? Runners[0].Classify(cpu, skb, filters) : TcVerdict.Unspec;

    /// <summary>A capture shows what goes over the cable: of a large packet, its frames.</summary>
    private void Write(ICaptureSink capture, HostCpu cpu, SkBuff skb, int frames)
    {
        var scratch = frames > 1 ? cpu.Pool.Rent() : null;
        for (var i = 0; i < frames; i++)
        {
            var shown = skb;
            if (scratch is not null)
            {
                scratch.Clear();
                GsoSegmenter.Write(skb, i, scratch);
                shown = scratch;
            }

            capture.Write(CaptureId, cpu.Cpu.Now, shown.Data, shown.Length, CaptureDirection.Outbound, cpu.Cpu.LocalId, SkbDropReason.NOT_DROPPED_YET, skb.Id);
            if (scratch is null) return;
        }

        scratch!.Free(SkbDropReason.CONSUMED);
    }

    private bool Has(NicFeatures all) => (Receive.Features & all) == all;

    private int Pick(HostCpu cpu, SkBuff skb)
    {
        if (QueuesInUse == 1) return 0;
        var range = Qdiscs.Root is Mqprio classes ? classes.QueuesOf(skb.Priority) : (0, 0);
        return TxSteering.Pick(skb, cpu.Cpu.LocalId, Runners[0], range);
    }

    /// <summary>Asks the filters of the egress hook (kernel: <c>sch_handle_egress</c>). False when the packet is gone.</summary>
    private bool PassesEgress(HostCpu cpu, SkBuff skb, TcFilters filters, out int queue)
    {
        const ushort Unset = ushort.MaxValue;
        var before = skb.QueueMapping;
        skb.QueueMapping = Unset;
        var verdict = Runners[0].Classify(cpu, skb, filters);
        queue = -1;
        if (verdict == TcVerdict.Stolen) return false;
        if (verdict == TcVerdict.Shot)
        {
            Counters[cpu.Cpu.LocalId].TxDropped++;
            cpu.Drop(skb, SkbDropReason.TC_EGRESS);
            return false;
        }

        if (skb.QueueMapping == Unset) skb.QueueMapping = before;
        else queue = skb.QueueMapping < QueuesInUse ? skb.QueueMapping : 0; // netdev_cap_txqueue
        return true;
    }

    /// <summary>Gives back what the hardware holds.</summary>
    public void Shutdown()
    {
        Receive.Shutdown();
        Qdiscs.Reset(SkbDropReason.HOST_SHUTDOWN);
        foreach (var queue in TxQueues) queue.Purge(SkbDropReason.HOST_SHUTDOWN);
        foreach (var runner in Runners) runner.Shutdown();
    }
}
