namespace NetActors.Headers;

/// <summary>TCP option kinds (kernel: <c>TCPOPT_*</c>, include/net/tcp.h).</summary>
public static class TcpOptionKinds
{
    /// <summary>End of the list (<c>TCPOPT_EOL</c>).</summary>
    public const byte End = 0;

    /// <summary>Filler (<c>TCPOPT_NOP</c>).</summary>
    public const byte NoOperation = 1;

    /// <summary>Maximum segment size, 4 bytes.</summary>
    public const byte Mss = 2;

    /// <summary>Window scale, 3 bytes.</summary>
    public const byte WindowScale = 3;

    /// <summary>Selective acknowledgements permitted, 2 bytes.</summary>
    public const byte SackPermitted = 4;

    /// <summary>Selective acknowledgements, 2 bytes and 8 for each.</summary>
    public const byte Sack = 5;

    /// <summary>Time stamps, 10 bytes.</summary>
    public const byte Timestamps = 8;

    /// <summary>MD5 signature, 18 bytes.</summary>
    public const byte Md5 = 19;

    /// <summary>Fast Open, 2 bytes and the cookie.</summary>
    public const byte FastOpen = 34;

    /// <summary>Accurate ECN, ECT(0) first (RFC 9768).</summary>
    public const byte AccurateEcn0 = 172;

    /// <summary>Accurate ECN, ECT(1) first (RFC 9768).</summary>
    public const byte AccurateEcn1 = 174;

    /// <summary>Experiments (RFC 6994), told apart by the 16 bits behind the length.</summary>
    public const byte Experimental = 254;

    /// <summary>The experiment that became Fast Open (<c>TCPOPT_FASTOPEN_MAGIC</c>).</summary>
    public const ushort FastOpenExperiment = 0xF989;
}
