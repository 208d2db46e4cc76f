namespace NetActors.Tcp;

/// <summary>What was negotiated (kernel: <c>TCPI_OPT_*</c>).</summary>
[Flags]
public enum TcpInfoOptions : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Time stamps.</summary>
    Timestamps = 1,

    /// <summary>Selective acknowledgements.</summary>
    Sack = 2,

    /// <summary>Window scaling.</summary>
    Wscale = 4,

    /// <summary>ECN.</summary>
    Ecn = 8,

    /// <summary>A packet with ECT came.</summary>
    EcnSeen = 16,

    /// <summary>The SYN's data was acknowledged.</summary>
    SynData = 32,

    /// <summary>The connection came of a SYN with Fast Open (<c>TCPI_OPT_TFO_CHILD</c>).</summary>
    FastOpenChild = 128,
}
