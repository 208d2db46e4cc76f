namespace NetActors.Script.Shell;

/// <summary>A metric of a route (include/uapi/linux/rtnetlink.h: <c>RTAX_*</c>).</summary>
public enum RouteMetric
{
    /// <summary><c>mtu</c>, in bytes.</summary>
    Mtu,

    /// <summary><c>advmss</c>, in bytes.</summary>
    AdvMss,

    /// <summary><c>window</c>, in bytes.</summary>
    Window,

    /// <summary><c>rtt</c>, in milliseconds.</summary>
    Rtt,

    /// <summary><c>rttvar</c>, in milliseconds.</summary>
    RttVar,

    /// <summary><c>rto_min</c>, in milliseconds.</summary>
    RtoMin,

    /// <summary><c>ssthresh</c>, in segments.</summary>
    Ssthresh,

    /// <summary><c>cwnd</c>, in segments.</summary>
    Cwnd,

    /// <summary><c>initcwnd</c>, in segments.</summary>
    InitCwnd,

    /// <summary><c>initrwnd</c>, in segments.</summary>
    InitRwnd,

    /// <summary><c>reordering</c>, in segments.</summary>
    Reordering,

    /// <summary><c>hoplimit</c>.</summary>
    HopLimit,

    /// <summary><c>quickack</c>, 0 or 1.</summary>
    QuickAck,

    /// <summary><c>fastopen_no_cookie</c>, 0 or 1.</summary>
    FastOpenNoCookie,

    /// <summary><c>features ecn</c>: 1.</summary>
    Features,
}

/// <summary>The value of a metric.</summary>
/// <param name="Value">The number.</param>
/// <param name="IsLocked">True for <c>lock</c>: path MTU discovery and the like leave it alone.</param>
public readonly record struct RouteMetricValue(long Value, bool IsLocked);

/// <summary><c>ip route VERB ...</c>.</summary>
/// <param name="Verb"><c>add</c>, <c>append</c>, <c>change</c>, <c>replace</c>, <c>del</c> or <c>flush</c>.</param>
/// <param name="IsIpv6">True for <c>ip -6</c> and IPv6 addresses.</param>
/// <param name="Destination">A prefix or <c>default</c>.</param>
/// <param name="Via">The next hop; null when not said.</param>
/// <param name="Device">The device; null when not said.</param>
/// <param name="Source">The preferred source address (<c>src</c>); null when not said.</param>
/// <param name="Attributes">Other words with their values: <c>type</c>, <c>table</c>, <c>metric</c>, <c>scope</c>, <c>proto</c>.</param>
/// <param name="Metrics">The metrics.</param>
/// <param name="CongestionControl"><c>congctl</c>; null when not said.</param>
public sealed record RouteCommand(
    string Verb,
    bool IsIpv6,
    string Destination,
    string? Via,
    string? Device,
    string? Source,
    IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyDictionary<RouteMetric, RouteMetricValue> Metrics,
    string? CongestionControl);

/// <summary><c>ip addr VERB PREFIX dev DEVICE</c>.</summary>
/// <param name="Verb"><c>add</c>, <c>change</c>, <c>replace</c>, <c>del</c> or <c>flush</c>.</param>
/// <param name="Prefix">Address with prefix length; null for <c>flush</c>.</param>
/// <param name="Device">The device.</param>
public sealed record AddressCommand(string Verb, string? Prefix, string Device);

/// <summary><c>ip link set DEVICE ...</c>.</summary>
/// <param name="Device">The device.</param>
/// <param name="IsUp">Up or down; null when not said.</param>
/// <param name="Attributes">Words with their values: <c>mtu</c>, <c>txqueuelen</c>, <c>gso_max_size</c>, <c>gso_max_segs</c>, ...</param>
public sealed record LinkCommand(string Device, bool? IsUp, IReadOnlyDictionary<string, long> Attributes);

/// <summary><c>tc qdisc VERB dev DEVICE root KIND ...</c>.</summary>
/// <param name="Verb"><c>add</c>, <c>change</c>, <c>replace</c> or <c>del</c>.</param>
/// <param name="Device">The device.</param>
/// <param name="Kind">The discipline, such as <c>fq</c>; null for <c>del</c>.</param>
/// <param name="Options">What follows the kind, word by word.</param>
public sealed record QdiscCommand(string Verb, string Device, string? Kind, IReadOnlyList<string> Options);
