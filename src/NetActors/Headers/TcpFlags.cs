namespace NetActors.Headers;

/// <summary>The control bits of a TCP header (RFC 9293 section 3.1; kernel: <c>TCPHDR_*</c>).</summary>
[Flags]
public enum TcpFlags : ushort
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>The sender has no more data.</summary>
    Fin = 0x001,

    /// <summary>Synchronise sequence numbers.</summary>
    Syn = 0x002,

    /// <summary>Reset the connection.</summary>
    Rst = 0x004,

    /// <summary>Push.</summary>
    Psh = 0x008,

    /// <summary>The acknowledgement number counts.</summary>
    Ack = 0x010,

    /// <summary>The urgent pointer counts.</summary>
    Urg = 0x020,

    /// <summary>ECN echo (RFC 3168).</summary>
    Ece = 0x040,

    /// <summary>Congestion window reduced (RFC 3168).</summary>
    Cwr = 0x080,

    /// <summary>Accurate ECN (RFC 9768), once the nonce sum.</summary>
    Ae = 0x100,
}
