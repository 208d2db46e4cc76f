using NetActors.Headers;

namespace NetActors.Ip;

/// <summary>One route (kernel: <c>struct fib_alias</c> with its <c>fib_info</c> and single <c>fib_nh</c>).</summary>
public sealed record FibRoute
{
    /// <summary>Destinations that the route is for, without host bits.</summary>
    public required Ipv4Prefix Prefix { get; init; }

    /// <summary>What it does.</summary>
    public RouteType Type { get; init; } = RouteType.Unicast;

    /// <summary>Where it stands.</summary>
    public RouteTable Table { get; init; } = RouteTable.Main;

    /// <summary>Output device; 0 for types without one.</summary>
    public int IfIndex { get; init; }

    /// <summary>Next hop in host order; 0 when destinations are on the link.</summary>
    public uint Gateway { get; init; }

    /// <summary>Preferred source address (<c>src</c>); 0 when the device decides.</summary>
    public uint PrefSrc { get; init; }

    /// <summary>Lower wins among equal prefixes (<c>metric</c>, <c>fib_priority</c>).</summary>
    public uint Metric { get; init; }

    /// <summary>How far destinations are.</summary>
    public RouteScope Scope { get; init; } = RouteScope.Universe;

    /// <summary>How far the next hop is: a link away for a gateway, else nowhere beyond (kernel: <c>nhc_scope</c>).</summary>
    public RouteScope NextHopScope => Gateway != 0 ? RouteScope.Link : Scope == RouteScope.Host ? RouteScope.Nowhere : RouteScope.Host;

    /// <summary>Route MTU in bytes; 0 for the device's.</summary>
    public int Mtu { get; init; }

    /// <summary>What else it says of the way; null for nothing.</summary>
    public RouteMetrics? Metrics { get; init; }
}
