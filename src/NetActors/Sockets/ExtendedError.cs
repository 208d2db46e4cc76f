namespace NetActors.Sockets;

/// <summary>What went wrong with something that was sent (kernel: <c>struct sock_extended_err</c>, include/uapi/linux/errqueue.h).</summary>
/// <param name="Errno">The error.</param>
/// <param name="Origin">Who says so.</param>
/// <param name="Type">ICMP type.</param>
/// <param name="Code">ICMP code; for zero copy whether it was copied after all.</param>
/// <param name="Info">A next hop's MTU, a pointer into the header; for zero copy the first number of the range.</param>
/// <param name="Data">For zero copy the last number of the range.</param>
internal readonly record struct ExtendedError(Errno Errno, ErrorOrigin Origin, byte Type = 0, byte Code = 0, uint Info = 0, uint Data = 0)
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 16;

    /// <summary>The sent bytes were copied (<c>SO_EE_CODE_ZEROCOPY_COPIED</c>).</summary>
    public const byte ZeroCopyCopied = 1;

    /// <summary>It came by ICMP (kernel: <c>is_icmp_err_skb</c>).</summary>
    public bool IsIcmp => Origin == ErrorOrigin.Icmp;
}

/// <summary>Who reports an <see cref="ExtendedError"/> (kernel: <c>SO_EE_ORIGIN_*</c>).</summary>
internal enum ErrorOrigin : byte
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>This host.</summary>
    Local = 1,

    /// <summary>An ICMP message.</summary>
    Icmp = 2,

    /// <summary>The time of something sent (SO_TIMESTAMPING).</summary>
    Timestamping = 4,

    /// <summary>Data sent with MSG_ZEROCOPY is no longer needed.</summary>
    ZeroCopy = 5,
}
