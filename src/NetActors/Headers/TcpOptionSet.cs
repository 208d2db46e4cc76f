namespace NetActors.Headers;

/// <summary>Which options a segment carries.</summary>
[Flags]
public enum TcpOptionSet : ushort
{
    /// <summary>None that is known.</summary>
    None = 0,

    /// <summary>Maximum segment size (RFC 9293 section 3.7.1).</summary>
    Mss = 0x01,

    /// <summary>Window scale (RFC 7323 section 2).</summary>
    WindowScale = 0x02,

    /// <summary>Selective acknowledgements permitted (RFC 2018 section 2).</summary>
    SackPermitted = 0x04,

    /// <summary>Selective acknowledgements (RFC 2018 section 3).</summary>
    Sack = 0x08,

    /// <summary>Time stamps (RFC 7323 section 3).</summary>
    Timestamps = 0x10,

    /// <summary>Fast Open cookie or a request for one (RFC 7413 section 4.1).</summary>
    FastOpen = 0x20,

    /// <summary>MD5 signature (RFC 2385).</summary>
    Md5 = 0x40,

    /// <summary>Bytes that are no option: a length below 2 or beyond the header. What came before them counts.</summary>
    Malformed = 0x80,

    /// <summary>Accurate ECN (RFC 9768).</summary>
    AccurateEcn = 0x100,
}
