using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>
/// The loopback device (kernel: <c>loopback_xmit</c>, <c>netif_rx</c>): what is sent comes back through the backlog of the sender's own
/// CPU (specification section 0.4).
/// </summary>
internal sealed class LoopbackDevice(int ifIndex, NetStack stack, int cpus) : NetDevice(ifIndex, "lo", MacAddress.Zero, 65536, cpus)
{
    public override bool Tso => true; // what is large comes back large

    public override ushort HardwareType => 772; // ARPHRD_LOOPBACK

    public override void Xmit(HostCpu cpu, SkBuff skb)
    {
        stack.ShowOutgoing(cpu, skb, this);
        skb.OnTransmitted(cpu.Cpu.Now);
        skb.Orphan();
        (skb.Socket, skb.Tstamp) = (null, KernelTime.Zero);
        var counters = Counters[cpu.Cpu.LocalId];
        counters.TxPackets++;
        counters.TxBytes += skb.Length;
        counters.RxPackets++;
        counters.RxBytes += skb.Length;
        skb.PacketType = PacketType.Host; // eth_type_trans: the zero address is its own
        skb.MacHeader = skb.DataOffset;
        skb.Pull(EthernetHeader.Size);
        skb.NetworkHeader = skb.DataOffset;
        skb.IfIndex = IfIndex;
        if (skb.IpSummed == ChecksumState.Partial) skb.IpSummed = ChecksumState.Unnecessary; // never left memory
        cpu.Emit(TracePoint.netif_rx, skb, IfIndex, skb.Length);
        cpu.Cpu.Charge(CostOp.NetifReceiveSkb);
        cpu.Cpu.Charge(CostOp.BacklogEnqueue);
        var target = stack.Steer(cpu, this, skb, out var flow) ?? cpu;
        stack.EnqueueToBacklog(cpu, target, skb, flow);
    }
}
