namespace NetActors.Scenarios;

/// <summary>Hash functions of a NIC (<c>ethtool -X hfunc</c>).</summary>
public enum RxHashFunction
{
    /// <summary>Toeplitz.</summary>
    Toeplitz,

    /// <summary>XOR of the input's bytes.</summary>
    Xor,

    /// <summary>CRC-32.</summary>
    Crc32,
}

/// <summary>What is done to the input before hashing (<c>ethtool -X xfrm</c>).</summary>
public enum RxHashTransform
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Both directions of a flow hash alike, by XOR.</summary>
    SymmetricXor,

    /// <summary>Both directions of a flow hash alike, by OR and XOR.</summary>
    SymmetricOrXor,
}

/// <summary>Receive hash key and indirection table (<c>ethtool -X</c>). At most one of the three forms of the table is there.</summary>
public sealed record RxfhSettings
{
    /// <summary>The key, 40 or 52 bytes.</summary>
    public required IReadOnlyList<byte> Key { get; init; }

    /// <summary>The function.</summary>
    public required RxHashFunction Function { get; init; }

    /// <summary>The transform before it.</summary>
    public required RxHashTransform Transform { get; init; }

    /// <summary>Entries of the table; a power of two.</summary>
    public required int Size { get; init; }

    /// <summary>First queue of <see cref="Equal"/> and <see cref="Weight"/>.</summary>
    public required int Start { get; init; }

    /// <summary>Spread over so many queues; 0 when not given.</summary>
    public required int Equal { get; init; }

    /// <summary>Weight of each queue; empty when not given.</summary>
    public required IReadOnlyList<int> Weight { get; init; }

    /// <summary>The entries themselves, repeated to fill the table; empty when not given.</summary>
    public required IReadOnlyList<int> Indirection { get; init; }

    /// <summary>Set by the user: <c>ethtool -L</c> must then respect it (specification section 1.5).</summary>
    public bool IsConfigured => Equal > 0 || Weight.Count > 0 || Indirection.Count > 0;
}
