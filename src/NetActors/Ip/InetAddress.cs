using NetActors.Headers;

namespace NetActors.Ip;

/// <summary>An address of a device (kernel: <c>struct in_ifaddr</c>).</summary>
public sealed record InetAddress
{
    /// <summary>Address with the length of its network's prefix (<c>ifa_local</c>, <c>ifa_prefixlen</c>).</summary>
    public required Ipv4Prefix Local { get; init; }

    /// <summary>Broadcast address given by hand (<c>brd</c>); 0 when none was.</summary>
    public uint Broadcast { get; init; }

    /// <summary>How far the address is valid.</summary>
    public RouteScope Scope { get; init; } = RouteScope.Universe;

    /// <summary>Not the first of its network: adds no connected route (<c>IFA_F_SECONDARY</c>).</summary>
    public bool Secondary { get; init; }

    /// <summary>Metric of the connected route.</summary>
    public uint Metric { get; init; }
}
