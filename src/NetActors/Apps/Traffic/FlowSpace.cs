namespace NetActors.Apps.Traffic;

/// <summary>
/// Where the flows of a <see cref="FlowTable"/> are drawn from. The defaults are the benchmarking network of RFC 2544 (RFC 6890).
/// </summary>
public sealed record FlowSpace
{
    /// <summary>First address of the senders, in host order.</summary>
    public uint FirstSource { get; init; } = 0xC612_0001; // 198.18.0.1

    /// <summary>How many senders there are.</summary>
    public int Sources { get; init; } = 65_000;

    /// <summary>First address of the receivers, in host order.</summary>
    public uint FirstDestination { get; init; } = 0xC613_0001; // 198.19.0.1

    /// <summary>How many receivers there are.</summary>
    public int Destinations { get; init; } = 1;

    /// <summary>First port of the senders.</summary>
    public ushort FirstSourcePort { get; init; } = 1024;

    /// <summary>How many ports a sender uses.</summary>
    public int SourcePorts { get; init; } = 64_512;

    /// <summary>First port of the receivers.</summary>
    public ushort FirstDestinationPort { get; init; } = 9; // discard

    /// <summary>How many ports a receiver has.</summary>
    public int DestinationPorts { get; init; } = 1;

    /// <summary>Different flows that there can be.</summary>
    public UInt128 Size => (UInt128)Sources * (UInt128)Destinations * (UInt128)SourcePorts * (UInt128)DestinationPorts;
}
