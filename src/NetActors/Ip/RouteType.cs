namespace NetActors.Ip;

/// <summary>What a route does with a packet (kernel: <c>RTN_*</c>, include/uapi/linux/rtnetlink.h; the same numbers).</summary>
public enum RouteType : byte
{
    /// <summary>No route (<c>RTN_UNSPEC</c>).</summary>
    Unspecified = 0,

    /// <summary>To a gateway or a host on the link.</summary>
    Unicast = 1,

    /// <summary>For this host.</summary>
    Local = 2,

    /// <summary>For this host and everybody on the link; sent as link broadcast.</summary>
    Broadcast = 3,

    /// <summary>For a group.</summary>
    Multicast = 5,

    /// <summary>Dropped in silence; EINVAL for a sender.</summary>
    Blackhole = 6,

    /// <summary>Dropped with ICMP host unreachable; EHOSTUNREACH for a sender.</summary>
    Unreachable = 7,

    /// <summary>Dropped with ICMP administratively prohibited; EACCES for a sender.</summary>
    Prohibit = 8,
}
