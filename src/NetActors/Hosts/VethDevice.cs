using NetActors.Buffers;
using NetActors.Costs;
using NetActors.DataLink;
using NetActors.Headers;
using NetActors.Links;
using NetActors.Nic;
using NetActors.Observe;
using NetActors.Softirq;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <summary>
/// One end of a veth pair (kernel: drivers/net/veth.c): what is sent comes in at the other end, in the backlog of the sender's own CPU, or
/// where receive offload is on and can do something in the other end's ring, which that CPU polls. No queue of its own and no lock.
/// </summary>
internal sealed class VethDevice(int ifIndex, string name, MacAddress address, int mtu, NetStack stack, int cpus) : NetDevice(ifIndex, name, address, mtu, cpus)
{
    /// <summary>The other end.</summary>
    public VethDevice Peer { get; set; } = null!;

    /// <summary>The namespace that it is in.</summary>
    public NetStack Stack { get; } = stack;

    /// <summary>What <c>ethtool -K</c> has switched on; of receive offload see <see cref="Queue"/>.</summary>
    public NicFeatures Features { get; set; } = NicFeatures.Default & ~NicFeatures.Gro;

    /// <summary>Its ring and NAPI, which are there while <c>gro</c> is on (kernel: <c>veth_napi_enable</c>); null otherwise.</summary>
    public VethQueue? Queue { get; set; }

    /// <inheritdoc />
    public override bool Tso => Has(NicFeatures.Tso | NicFeatures.ScatterGather | NicFeatures.TxChecksum);

    /// <inheritdoc />
    public override bool Gso => Has(NicFeatures.Gso | NicFeatures.ScatterGather);

    /// <inheritdoc />
    public override void Xmit(HostCpu cpu, SkBuff skb)
    {
        var isOurs = skb.Owner is not null || skb.Socket is not null;
        var next = skb.Shared.GsoSize == 0 || Cuts(skb) ? skb : GsoCutter.Cut(cpu, skb);
        if (next is null) Counters[cpu.Cpu.LocalId].TxDropped++;
        while (next is not null)
        {
            var frame = next;
            next = frame.Next;
            frame.Next = null;
            cpu.Out = frame;
            if (isOurs) frame.IpSummed = ChecksumState.Unnecessary; // it has never left memory
            Send(cpu, frame);
        }
    }

    /// <summary>Large packets go over whole (kernel: <c>skb_gso_ok</c>; veth sets <c>tx-tcp-mangleid-segmentation</c>).</summary>
    private bool Cuts(SkBuff large) => large.Cb.IpProtocol == IpProtocols.Udp
        ? Has(NicFeatures.Uso | NicFeatures.ScatterGather | NicFeatures.TxChecksum)
        : Tso;

    /// <summary>Kernel: <c>veth_xmit</c>, <c>veth_forward_skb</c>.</summary>
    private void Send(HostCpu cpu, SkBuff skb)
    {
        Stack.ShowOutgoing(cpu, skb, this);
        skb.OnTransmitted(cpu.Cpu.Now);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.net_dev_xmit, skb, IfIndex);
        var length = skb.Length;
        var queue = Peer.Queue is { } napi && IsForOffload(skb) ? napi : null;
        if (!IsForwardable(skb))
        {
            Peer.Counters[cpu.Cpu.LocalId].RxDropped++;
            Lose(cpu, skb, SkbDropReason.NOT_SPECIFIED);
            return;
        }

        Show(cpu, skb, CaptureDirection.Outbound);
        Peer.Show(cpu, skb, CaptureDirection.Inbound);
        Scrub(skb);
        cpu.Cpu.Charge(CostOp.BacklogEnqueue);
        var isTaken = queue is null ? ToBacklog(cpu, skb) : ToRing(cpu, skb, queue);
        if (!isTaken)
        {
            Counters[cpu.Cpu.LocalId].TxDropped++;
            return;
        }

        var (mine, other) = (Counters[cpu.Cpu.LocalId], Peer.Counters[cpu.Cpu.LocalId]);
        mine.TxPackets++;
        mine.TxBytes += length;
        other.RxPackets++;
        other.RxBytes += length;
    }

    /// <summary>A capture at an end shows packets as they go over, large ones whole (kernel: <c>dev_queue_xmit_nit</c>).</summary>
    private void Show(HostCpu cpu, SkBuff skb, CaptureDirection direction) => Capture?.Write(
        CaptureId, cpu.Cpu.Now, skb.Data, skb.Length, direction, cpu.Cpu.LocalId, SkbDropReason.NOT_DROPPED_YET, skb.Id);

    private bool ToBacklog(HostCpu cpu, SkBuff skb)
    {
        if (cpu.Trace is not null) cpu.Emit(TracePoint.netif_rx, skb, Peer.IfIndex, skb.Length);
        var target = Peer.Stack.Steer(cpu, Peer, skb, out var flow) ?? cpu;
        return Peer.Stack.EnqueueToBacklog(cpu, target, skb, flow);
    }

    private static bool ToRing(HostCpu cpu, SkBuff skb, VethQueue queue)
    {
        skb.VisibleFrom = cpu.Cpu.Now;
        cpu.Release(skb);
        if (!queue.TryProduce(skb))
        {
            cpu.Drop(skb, SkbDropReason.FULL_RING); // no queue in front that could keep it
            return false;
        }

        if (queue.TryNotify()) NapiScheduling.Schedule(cpu, queue.Napi, KernelVersion.V6);
        return true;
    }

    /// <summary>
    /// Offload at the other end has something to do: what this end sends is not large already, or is a datagram that may be merged (kernel:
    /// <c>veth_skb_is_eligible_for_gro</c>).
    /// </summary>
    private bool IsForOffload(SkBuff skb) =>
        (Features & NicFeatures.Tso) == 0 || (skb.Owner is SendBuffer && (Peer.Features & NicFeatures.UdpGroForwarding) != 0);

    /// <summary>Kernel: <c>is_skb_forwardable</c>.</summary>
    private bool IsForwardable(SkBuff skb)
    {
        const int VlanTag = 4;
        return Peer.Stack.Net.Device(Peer.IfIndex) is { Up: true }
            && (skb.Shared.GsoSize > 0 || skb.Length <= Peer.Mtu + EthernetHeader.Size + VlanTag);
    }

    /// <summary>What the other namespace must not know of it (kernel: <c>__dev_forward_skb</c>, <c>skb_scrub_packet</c>).</summary>
    private void Scrub(SkBuff skb)
    {
        if (!ReferenceEquals(Stack, Peer.Stack)) (skb.Mark, skb.Tstamp) = (0, KernelTime.Zero);
        (skb.Priority, skb.PacketType, skb.QueueMapping) = (0, PacketType.Host, 0);
        EthernetInput.TypeTrans(skb, Peer.Address);
        (skb.IfIndex, skb.Netns) = (Peer.IfIndex, Peer.Stack.Number);
    }

    private void Lose(HostCpu cpu, SkBuff skb, SkbDropReason reason)
    {
        Counters[cpu.Cpu.LocalId].TxDropped++;
        cpu.Drop(skb, reason);
    }

    private bool Has(NicFeatures all) => (Features & all) == all;
}
