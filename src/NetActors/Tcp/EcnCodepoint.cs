namespace NetActors.Tcp;

/// <summary>The ECN bits of an IP header (RFC 3168 section 5; kernel: <c>INET_ECN_*</c>).</summary>
public enum EcnCodepoint : byte
{
    /// <summary>The sender does not take part.</summary>
    NotEct = 0,

    /// <summary>The sender takes part, as L4S does.</summary>
    Ect1 = 1,

    /// <summary>The sender takes part.</summary>
    Ect0 = 2,

    /// <summary>A router was congested.</summary>
    Ce = 3,
}
