using NetActors.Headers;
using NetActors.Links;
using NetActors.Qdisc;
using NetActors.Steering;

namespace NetActors.Hosts;

/// <summary>A network interface of a host (kernel: <c>struct net_device</c>) with what all kinds of it count.</summary>
internal abstract class NetDevice(int ifIndex, string name, MacAddress address, int mtu, int cpus)
{
    public int IfIndex { get; } = ifIndex;

    public string Name { get; } = name;

    public MacAddress Address { get; } = address;

    public int Mtu { get; protected set; } = mtu;

    /// <summary>Counters by CPU, so that none needs a lock (kernel: <c>pcpu_sw_netstats</c>).</summary>
    public DeviceCounters[] Counters { get; } = [.. Enumerable.Range(0, cpus).Select(_ => new DeviceCounters())];

    /// <summary>RPS and RFS of each receive queue; empty while none has any. Replaced whole.</summary>
    public RxSteering[] RxSteering { get; set; } = [];

    /// <summary>Leads flows to queues itself; null when it cannot (kernel: <c>ndo_rx_flow_steer</c>).</summary>
    public virtual IRxFlowSteer? FlowSteer => null;

    /// <summary>Captures what passes; null when nobody does.</summary>
    public ICaptureSink? Capture { get; set; }

    public int CaptureId { get; set; }

    /// <summary>What the stack runs on each packet of a card; null for nothing (<c>xdpgeneric</c>). Changes at any time.</summary>
    public Xdp.XdpProgram? XdpGeneric { get; set; }

    /// <summary>Cuts large TCP packets itself, or never needs to (<c>tcp-segmentation-offload</c>).</summary>
    public virtual bool Tso => false;

    /// <summary>Large packets come as far as the driver, where software cuts them (<c>generic-segmentation-offload</c>).</summary>
    public virtual bool Gso => true;

    /// <summary>Its frames have a link header (kernel: <c>dev_has_header</c>).</summary>
    public virtual bool HasLinkHeader => true;

    /// <summary>Kind of device (<c>ARPHRD_*</c>).</summary>
    public virtual ushort HardwareType => 1; // ARPHRD_ETHER

    /// <summary>It sends from memory as it lies (kernel: <c>NETIF_F_SG</c>); others copy what MSG_ZEROCOPY left in place.</summary>
    public virtual bool ScatterGather => false;

    /// <summary>
    /// Hands a packet to the driver on <paramref name="cpu"/> (kernel: <c>ndo_start_xmit</c>). The device owns it from here.
    /// </summary>
    public abstract void Xmit(HostCpu cpu, Buffers.SkBuff skb);

    /// <summary>Asks the filters of packets that come in by it (kernel: <c>sch_handle_ingress</c>).</summary>
    public virtual TcVerdict ClassifyIngress(HostCpu cpu, Buffers.SkBuff skb) => TcVerdict.Unspec;
}

/// <summary>One CPU's counters of a device.</summary>
internal sealed class DeviceCounters
{
    public long RxPackets;
    public long RxBytes;
    public long RxDropped;
    public long RxOtherHostDropped;
    public long Multicast;
    public long TxPackets;
    public long TxBytes;
    public long TxDropped;
}
