namespace NetActors.Buffers;

/// <summary>What is known of a packet's transport checksum (kernel: <c>skb-&gt;ip_summed</c>, include/linux/skbuff.h).</summary>
public enum ChecksumState : byte
{
    /// <summary>Nothing: software has to verify it (<c>CHECKSUM_NONE</c>).</summary>
    None,

    /// <summary>The device verified it (<c>CHECKSUM_UNNECESSARY</c>).</summary>
    Unnecessary,

    /// <summary>The device summed the whole packet into <see cref="SkBuff.Csum"/> (<c>CHECKSUM_COMPLETE</c>).</summary>
    Complete,

    /// <summary>Still to be filled in, by the device or just before it (<c>CHECKSUM_PARTIAL</c>).</summary>
    Partial,
}
