namespace NetActors.Observe;

/// <summary>A counter and its name (kernel: <c>ETHTOOL_GSTRINGS</c> with <c>ETHTOOL_GSTATS</c>).</summary>
/// <param name="Name">The name the driver gives it, such as <c>rx_queue_0_packets</c>.</param>
/// <param name="Value">The count.</param>
public readonly record struct NamedCount(string Name, long Value);
