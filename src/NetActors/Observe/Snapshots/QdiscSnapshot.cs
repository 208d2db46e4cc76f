namespace NetActors.Observe;

/// <summary>A qdisc and its figures (<c>tc -s qdisc</c>).</summary>
public sealed record QdiscSnapshot
{
    /// <summary>Its name, such as <c>fq_codel</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Its handle, such as <c>8001:</c>; <c>0:</c> for one that no command made.</summary>
    public required string Handle { get; init; }

    /// <summary>The class that it hangs below, or <c>root</c>.</summary>
    public required string Parent { get; init; }

    /// <summary>Packets handed on; a large packet counts its segments.</summary>
    public long Packets { get; init; }

    /// <summary>Bytes handed on.</summary>
    public long Bytes { get; init; }

    /// <summary>Packets dropped.</summary>
    public long Drops { get; init; }

    /// <summary>Times that a packet had to wait for a rate, or was to be marked.</summary>
    public long Overlimits { get; init; }

    /// <summary>Packets that the device did not take and that came back.</summary>
    public long Requeues { get; init; }

    /// <summary>Packets waiting.</summary>
    public long BacklogPackets { get; init; }

    /// <summary>Bytes waiting.</summary>
    public long BacklogBytes { get; init; }
}
