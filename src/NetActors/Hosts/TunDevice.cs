using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Gso;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>
/// A point-to-point interface that carries IP packets between the host and a program (kernel: drivers/net/tun.c): what the host sends is
/// kept until it is taken, what the program writes comes in by the backlog.
/// </summary>
internal sealed class TunDevice(int ifIndex, string name, int mtu, NetStack stack, int cpus) : NetDevice(ifIndex, name, MacAddress.Zero, mtu, cpus)
{
    private const int Headroom = 64; // NET_SKB_PAD
    private const int PageSize = 4096;
    private const int LargestOrder = 3; // PAGE_ALLOC_COSTLY_ORDER
    private readonly Queue<(KernelTime Time, byte[] Packet)> _sent = new();

    /// <summary>Large TCP packets leave whole (<c>ethtool -K tun0 tso on</c>).</summary>
    public bool SegmentationOffload { get; set; } = true;

    /// <inheritdoc />
    public override bool Tso => SegmentationOffload;

    /// <inheritdoc />
    public override bool HasLinkHeader => false;

    /// <inheritdoc />
    public override ushort HardwareType => 65534; // ARPHRD_NONE

    /// <summary>Where packets wait before they leave; null for nowhere (noqueue, what a fresh one has).</summary>
    public TunQdisc? Qdisc { get; set; }

    /// <summary><c>ip link set mtu</c>.</summary>
    public void SetMtu(int bytes) => Mtu = bytes;

    /// <summary>Packets that wait to be taken.</summary>
    public int Waiting => _sent.Count;

    /// <summary>Takes the packet that the host sent first.</summary>
    public bool TryTake(out KernelTime time, out byte[] packet)
    {
        (time, packet) = (default, []);
        if (!_sent.TryDequeue(out var sent)) return false;
        (time, packet) = sent;
        return true;
    }

    /// <inheritdoc />
    public override void Xmit(HostCpu cpu, SkBuff skb)
    {
        if (Qdisc is { } qdisc) qdisc.Xmit(cpu, skb);
        else Deliver(cpu, skb);
    }

    /// <summary>A packet has left the queue (kernel: <c>tun_net_xmit</c>).</summary>
    public void Deliver(HostCpu cpu, SkBuff skb)
    {
        if ((!Tso || skb.Cb.IpProtocol == IpProtocols.Udp || skb.Shared.GsoAccurateEcn) && GsoSegmenter.CanSegment(skb))
        {
            for (var i = 0; i < GsoSegmenter.Count(skb); i++) KeepSegment(cpu, skb, i);
            skb.OnTransmitted(cpu.Cpu.Now);
        }
        else
        {
            Keep(cpu, skb);
        }

        cpu.Consume(skb);
    }

    private void KeepSegment(HostCpu cpu, SkBuff large, int index)
    {
        if (cpu.Pool.Rent() is not { } segment)
        {
            Counters[cpu.Cpu.LocalId].TxDropped++;
            return;
        }

        GsoSegmenter.Write(large, index, segment);
        (segment.Protocol, segment.NetworkHeader) = (large.Protocol, segment.DataOffset + EthernetHeader.Size);
        Keep(cpu, segment);
        segment.Free(SkbDropReason.CONSUMED);
    }

    private void Keep(HostCpu cpu, SkBuff skb)
    {
        stack.ShowOutgoing(cpu, skb, this);
        skb.Pull(EthernetHeader.Size); // the neighbour layer wrote one, as for every device
        var counters = Counters[cpu.Cpu.LocalId];
        counters.TxPackets++;
        counters.TxBytes += skb.Length;
        cpu.Cpu.Charge(CostOp.TxDescriptor);
        skb.OnTransmitted(cpu.Cpu.Now);
        if (cpu.Trace is not null) cpu.Emit(TracePoint.net_dev_xmit, skb, IfIndex);
        _sent.Enqueue((cpu.Cpu.Now, skb.Data.ToArray()));
    }

    /// <summary>A program has written a packet (kernel: <c>tun_get_user</c>, <c>netif_rx</c>).</summary>
    /// <param name="cpu">The CPU that runs the program.</param>
    /// <param name="packet">From its IP header on.</param>
    /// <param name="segmentBytes">Payload of the segments that receive offload put together; 0 for a single one.</param>
    public void Receive(HostCpu cpu, ReadOnlySpan<byte> packet, int segmentBytes)
    {
        var skb = cpu.PoolFor(Headroom + packet.Length).Rent(Headroom + packet.Length);
        var counters = Counters[cpu.Cpu.LocalId];
        if (skb is null)
        {
            counters.RxDropped++;
            return;
        }

        skb.Reserve(Headroom);
        if (Headroom + packet.Length >= PageSize) skb.TrueSize = TrueSizeOfPages(packet.Length);
        packet.CopyTo(skb.Put(packet.Length));
        counters.RxPackets++;
        counters.RxBytes += packet.Length;
        (skb.Id, skb.Arrival, skb.IfIndex) = (cpu.NextPacketId(), cpu.Cpu.Now, IfIndex);
        (skb.Protocol, skb.PacketType) = (packet.Length > 0 && packet[0] >> 4 == 6 ? EtherTypes.Ipv6 : EtherTypes.Ipv4, PacketType.Host);
        skb.NetworkHeader = skb.DataOffset;
        skb.Shared.GsoSize = (ushort)segmentBytes;
        cpu.Originate(skb);
        cpu.Emit(TracePoint.netif_rx, skb, IfIndex, skb.Length);
        stack.EnqueueToBacklog(cpu, stack.Steer(cpu, this, skb, out var flow) ?? cpu, skb, flow);
    }

    /// <summary>
    /// What a packet larger than a page is charged: a page for its head, and the largest pages that the rest fills (kernel:
    /// <c>tun_alloc_skb</c>, <c>alloc_skb_with_frags</c>).
    /// </summary>
    private static int TrueSizeOfPages(int bytes)
    {
        const int Linear = PageSize - Headroom - SkBuff.SharedInfoBytes; // SKB_MAX_HEAD
        var size = PageSize + SkBuff.StructBytes;
        var order = LargestOrder;
        for (var left = bytes - Linear; left > 0; left -= PageSize << order)
        {
            while (order > 0 && ((left + PageSize - 1) & -PageSize) < PageSize << order) order--;
            size += PageSize << order;
        }

        return size;
    }
}
