namespace NetActors.Tcp;

/// <summary>Flags of a write, with Linux's numbers (<c>MSG_*</c>).</summary>
[Flags]
public enum TcpSendFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The last byte is urgent (<c>MSG_OOB</c>).</summary>
    Oob = 0x1,

    /// <summary>Nothing is appended to the last byte's sk_buff (<c>MSG_EOR</c>).</summary>
    EndOfRecord = 0x80,

    /// <summary>More follows: holds the last segment back as a cork does (<c>MSG_MORE</c>).</summary>
    More = 0x8000,
}
