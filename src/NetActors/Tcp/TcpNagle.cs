namespace NetActors.Tcp;

/// <summary>What holds small segments back (kernel: <c>TCP_NAGLE_*</c>).</summary>
[Flags]
internal enum TcpNagle : byte
{
    /// <summary>Nagle's algorithm (RFC 9293 section 3.7.4) in Minshall's form.</summary>
    On = 0,

    /// <summary>Nothing does: TCP_NODELAY.</summary>
    Off = 1,

    /// <summary>Only full segments go: TCP_CORK.</summary>
    Cork = 2,

    /// <summary>Nothing does, this time.</summary>
    Push = 4,
}
