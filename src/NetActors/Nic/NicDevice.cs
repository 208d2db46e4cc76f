using Akka.Actor;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Headers;
using NetActors.Hosts;
using NetActors.Irq;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Softirq;

namespace NetActors.Nic;

/// <summary>A multi-queue Ethernet card of a host: the receive machine, the transmit rings, a vector for each pair.</summary>
internal sealed class NicDevice : NetDevice
{
    public NicDevice(int ifIndex, string name, MacAddress address, int mtu, int cpus, NicReceive receive, int txRing, int firstNapiId, int weight)
        : base(ifIndex, name, address, mtu, cpus)
    {
        Receive = receive;
        Napis = [.. Enumerable.Range(0, receive.Channels).Select(i => new NapiInstance(firstNapiId + i, $"{name}-TxRx-{i}", weight))];
        TxQueues = [.. Napis.Select(_ => new TxQueue(txRing))];
        Unmasks = [.. Napis.Select((_, i) => new NicProtocol.Unmask(i))];
        Doorbells = [.. Napis.Select((_, i) => new WireProtocol.Doorbell(this, i))];
        Sent = [.. Napis.Select((_, i) => new NicProtocol.Sent(i))];
        Watchdogs = [.. Napis.Select(n => new CpuProtocol.NapiWatchdog(n))];
    }

    public NicReceive Receive { get; }

    public NapiInstance[] Napis { get; }

    public TxQueue[] TxQueues { get; }

    public NicProtocol.Unmask[] Unmasks { get; }

    public WireProtocol.Doorbell[] Doorbells { get; }

    public NicProtocol.Sent[] Sent { get; }

    public CpuProtocol.NapiWatchdog[] Watchdogs { get; }

    public IrqDescriptor[] Irqs { get; set; } = [];

    /// <summary>The hardware.</summary>
    public IActorRef Nic { get; set; } = ActorRefs.Nobody;

    /// <summary>What it is plugged into.</summary>
    public IActorRef Wire { get; set; } = ActorRefs.Nobody;

    /// <summary>
    /// Queues a frame for the hardware, on the ring of the sending CPU (XPS as drivers set it) or of the one that its flow keeps to; a full
    /// ring drops.
    /// </summary>
    public override void Xmit(HostCpu cpu, SkBuff skb)
    {
        var queue = (skb.SenderCpu > 0 ? skb.SenderCpu - 1 : cpu.Cpu.LocalId) % TxQueues.Length;
        var counters = Counters[cpu.Cpu.LocalId];
        cpu.Cpu.Charge(CostOp.TxDescriptor);
        skb.VisibleFrom = cpu.Cpu.Now;
        var length = skb.Length;
        if (cpu.Trace is not null) cpu.Emit(TracePoint.net_dev_xmit, skb, IfIndex);
        Capture?.Write(CaptureId, cpu.Cpu.Now, skb.Data, length, CaptureDirection.Outbound, cpu.Cpu.LocalId, SkbDropReason.NOT_DROPPED_YET, skb.Id);
        if (!TxQueues[queue].TryPost(skb, out var ring))
        {
            counters.TxDropped++;
            cpu.Drop(skb, SkbDropReason.FULL_RING);
            return;
        }

        cpu.Release(skb);
        counters.TxPackets++;
        counters.TxBytes += length;
        if (ring) Wire.Tell(Doorbells[queue], ActorRefs.NoSender);
    }

    /// <summary>Frees what the hardware has sent (kernel: <c>ixgbe_clean_tx_irq</c>).</summary>
    public void CleanTx(HostCpu cpu, int queue)
    {
        var tx = TxQueues[queue];
        while (tx.TryClean(cpu.Cpu.Now, out var skb))
        {
            cpu.Cpu.Charge(CostOp.TxCompletion);
            skb.Orphan(); // the far end may hold it still
            skb.Free(SkbDropReason.CONSUMED);
        }
    }

    /// <summary>Gives back what the hardware holds.</summary>
    public void Shutdown()
    {
        Receive.Shutdown();
        foreach (var queue in TxQueues) queue.Purge(SkbDropReason.HOST_SHUTDOWN);
    }
}
