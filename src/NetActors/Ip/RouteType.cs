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

/// <summary>How far an address or route reaches (kernel: <c>RT_SCOPE_*</c>); larger is nearer.</summary>
public enum RouteScope : byte
{
    /// <summary>Everywhere.</summary>
    Universe = 0,

    /// <summary>On the directly attached link.</summary>
    Link = 253,

    /// <summary>On this host.</summary>
    Host = 254,

    /// <summary>Nowhere.</summary>
    Nowhere = 255,
}

/// <summary>Which table a route stands in (kernel: <c>RT_TABLE_*</c>).</summary>
public enum RouteTable : byte
{
    /// <summary>Routes by configuration.</summary>
    Main = 254,

    /// <summary>Our own addresses and broadcasts, kept by the kernel.</summary>
    Local = 255,
}
