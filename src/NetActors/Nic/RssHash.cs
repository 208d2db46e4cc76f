namespace NetActors.Nic;

/// <summary>What a receive hash covers (kernel: <c>enum pkt_hash_types</c>).</summary>
public enum RssHashType : byte
{
    /// <summary>There is none (<c>PKT_HASH_TYPE_NONE</c>).</summary>
    None,

    /// <summary>Addresses only: the stack recomputes it in software (<c>PKT_HASH_TYPE_L3</c>).</summary>
    L3,

    /// <summary>Ports too: the stack uses it as it is (<c>PKT_HASH_TYPE_L4</c>).</summary>
    L4,
}

/// <summary>A receive hash and what it covers; 0 without a hash, so that such frames go to entry 0 of the table.</summary>
/// <param name="Value">The hash.</param>
/// <param name="Type">What it covers.</param>
public readonly record struct RssHash(uint Value, RssHashType Type);

/// <summary>Hash functions of <c>ethtool -X hfunc</c> (kernel: <c>ETH_RSS_HASH_*</c>).</summary>
public enum RssHashFunction : byte
{
    /// <summary>Toeplitz, what RSS was specified with.</summary>
    Toeplitz,

    /// <summary>XOR of the input's 32-bit words. Devices differ; the kernel only names it.</summary>
    Xor,

    /// <summary>CRC-32C of the input. Devices differ; the kernel only names it.</summary>
    Crc32,
}

/// <summary>Transforms before the hash that make both directions of a flow hash alike (<c>ethtool -X xfrm</c>; kernel:
/// <c>RXH_XFRM_*</c>).</summary>
public enum RssTransform : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>Addresses and ports become their XOR, twice (<c>RXH_XFRM_SYM_XOR</c>).</summary>
    SymmetricXor,

    /// <summary>Addresses and ports become their OR, then their XOR (<c>RXH_XFRM_SYM_OR_XOR</c>).</summary>
    SymmetricOrXor,
}
