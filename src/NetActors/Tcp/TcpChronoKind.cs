namespace NetActors.Tcp;

/// <summary>What a connection with data to send waits for (kernel: <c>enum tcp_chrono</c>); the later of two counts.</summary>
internal enum TcpChronoKind : byte
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>The path.</summary>
    Busy,

    /// <summary>The receiver's window.</summary>
    RwndLimited,

    /// <summary>Its send buffer.</summary>
    SndbufLimited,
}
