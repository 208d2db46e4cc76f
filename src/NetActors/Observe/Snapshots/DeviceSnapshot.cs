namespace NetActors.Observe;

/// <summary>One network device: its standard counters, its driver's own and its queues.</summary>
public sealed record DeviceSnapshot
{
    /// <summary>Name, such as <c>eth0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Interface index.</summary>
    public required int IfIndex { get; init; }

    /// <summary>The standard counters.</summary>
    public RtnlLinkStats Stats { get; init; } = new();

    /// <summary>The driver's own counters in the driver's order, as <c>ethtool -S</c> prints them.</summary>
    public IReadOnlyList<NamedCount> Ethtool { get; init; } = [];

    /// <summary>The receive queues by number, then the transmit queues by number.</summary>
    public IReadOnlyList<QueueSnapshot> Queues { get; init; } = [];

    /// <summary>The qdiscs, the root first, in the order in which tc prints them.</summary>
    public IReadOnlyList<QdiscSnapshot> Qdiscs { get; init; } = [];

    /// <summary>What <c>tc -s qdisc</c> and <c>tc -s class</c> print, by line.</summary>
    public IReadOnlyList<string> Tc { get; init; } = [];
}
