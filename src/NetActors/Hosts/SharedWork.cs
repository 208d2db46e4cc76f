using NetActors.Buffers;
using NetActors.Ip;

namespace NetActors.Hosts;

/// <summary>What a CPU wants done with tables that all CPUs of the host share; see <see cref="NetStack"/>.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Skb">The packet it is about, given away with the work; null where there is none.</param>
/// <param name="Route">The packet's way, in or out.</param>
/// <param name="Error">For <see cref="SharedWorkKind.Refuse"/>: what to tell its sender.</param>
/// <param name="Reason">For <see cref="SharedWorkKind.Refuse"/>: why it is dropped.</param>
internal readonly record struct SharedWork(
    SharedWorkKind Kind, SkBuff? Skb = null, Route Route = default, IcmpError Error = default,
    SkbDropReason Reason = SkbDropReason.NOT_DROPPED_YET);

/// <summary>Kinds of <see cref="SharedWork"/>.</summary>
internal enum SharedWorkKind : byte
{
    /// <summary>Nothing of its own: what waits is to be done.</summary>
    None,

    /// <summary>Send a packet whose neighbour is not known to be reachable (kernel: <c>neigh_resolve_output</c>).</summary>
    Transmit,

    /// <summary>Take an ARP packet in (kernel: <c>arp_process</c>).</summary>
    Arp,

    /// <summary>Take a fragment in (kernel: <c>ip_defrag</c>).</summary>
    Fragment,

    /// <summary>Answer a request (kernel: <c>icmp_reply</c>).</summary>
    Reply,

    /// <summary>Send an error about a packet and drop it (kernel: <c>icmp_send</c>).</summary>
    Refuse,

    /// <summary>Tell a packet's sender of a better way, and send it on (kernel: <c>ip_rt_send_redirect</c>).</summary>
    Redirect,

    /// <summary>Neighbours are due (kernel: <c>neigh_timer_handler</c>).</summary>
    NeighbourTimer,

    /// <summary>Fragments are due (kernel: <c>ip_expire</c>).</summary>
    FragmentTimer,

    /// <summary>Forget the neighbours of a device that went down (kernel: <c>neigh_ifdown</c>).</summary>
    LinkDown,

    /// <summary>Take a segment for a connection in TIME_WAIT in (kernel: <c>tcp_timewait_state_process</c>).</summary>
    TimeWait,

    /// <summary>Entries in TIME_WAIT are due (kernel: <c>tw_timer_handler</c>), or there is a new one.</summary>
    TimeWaitTimer,

    /// <summary>Some of these are due: in real time there is one timer for all.</summary>
    Timers,
}
