using NetActors.Buffers;
using NetActors.Steering;
using NetActors.Tcp;
using NetActors.Udp;

namespace NetActors.Hosts;

/// <summary>
/// Where a packet goes once its time in the receive path has passed: handed over only when nothing earlier can happen any more, so that
/// queues shared between CPUs fill in the order of time (design section 2, "skew"). For nobody below: out again, by
/// <see cref="HostCpu.ForwardRoute"/>.
/// </summary>
internal struct Delivery
{
    /// <summary>The packet; null when it ended inside the receive path.</summary>
    public SkBuff? Skb;

    /// <summary>The socket it is for.</summary>
    public DatagramSocket? Socket;

    /// <summary>The TCP socket it is for.</summary>
    public TcpSocket? Tcp;

    /// <summary>The CPU whose backlog it is for, if not for a socket.</summary>
    public HostCpu? Backlog;

    /// <summary>The flow's entry that learns of the enqueue.</summary>
    public RpsFlowRef Flow;
}
