namespace NetActors.Tcp;

/// <summary>Flags of a read, with Linux's numbers (<c>MSG_*</c>).</summary>
[Flags]
public enum TcpReceiveFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The urgent byte (<c>MSG_OOB</c>).</summary>
    Oob = 0x1,

    /// <summary>What is read stays (<c>MSG_PEEK</c>).</summary>
    Peek = 0x2,

    /// <summary>What is read is thrown away (<c>MSG_TRUNC</c>); the span only says how much.</summary>
    Truncate = 0x20,
}
