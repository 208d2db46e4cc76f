using System.Net;

namespace NetActors.Scenarios;

/// <summary>What a route does with a packet (<c>ip route</c>'s types; kernel: <c>RTN_*</c>).</summary>
public enum RouteKind
{
    /// <summary>Forwards or sends it.</summary>
    Unicast,

    /// <summary>Delivers it here.</summary>
    Local,

    /// <summary>Delivers and sends it as a broadcast.</summary>
    Broadcast,

    /// <summary>Answers host unreachable.</summary>
    Unreachable,

    /// <summary>Answers administratively prohibited.</summary>
    Prohibit,

    /// <summary>Drops it silently.</summary>
    Blackhole,

    /// <summary>Goes on in the next table.</summary>
    Throw,
}

/// <summary>A route (<c>ip route add</c>).</summary>
public sealed record RouteSettings
{
    /// <summary>What it does.</summary>
    public required RouteKind Kind { get; init; }

    /// <summary>The packets it is for; no host bits.</summary>
    public required Ipv4Prefix Destination { get; init; }

    /// <summary><c>split</c>: as many routes with prefixes of this length as make the destination up; null for the one.</summary>
    public int? Split { get; init; }

    /// <summary><c>via</c>; null when the destination is on the link.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary><c>dev</c>: name of the device; null only for kinds that send nothing.</summary>
    public string? Device { get; init; }

    /// <summary><c>src</c>: source address of what is sent this way; null for the device's.</summary>
    public IPAddress? Source { get; init; }

    /// <summary><c>mtu</c> in bytes; null for the device's.</summary>
    public int? Mtu { get; init; }

    /// <summary><c>metric</c>: the lowest wins.</summary>
    public uint Metric { get; init; }

    /// <summary><c>onlink</c>: the gateway is on the link although no address says so.</summary>
    public bool OnLink { get; init; }
}
