namespace NetActors.Ip;

/// <summary>What one message wants that its socket does not (kernel: <c>struct ipcm_cookie</c>).</summary>
internal record struct IpCookie
{
    /// <summary>Device to leave by; 0 for the socket's.</summary>
    public int IfIndex;

    /// <summary>Source address; 0 for the socket's.</summary>
    public uint Source;

    /// <summary>Time to live; 0 for the socket's.</summary>
    public byte Ttl;

    /// <summary>Type of service, if <see cref="HasTos"/>.</summary>
    public byte Tos;

    /// <summary>A type of service was given.</summary>
    public bool HasTos;

    /// <summary>Mark; 0 for the socket's.</summary>
    public uint Mark;

    /// <summary>Priority; null for what the socket or the type of service says.</summary>
    public uint? Priority;

    /// <summary>UDP_SEGMENT: payload of each datagram; 0 for one.</summary>
    public ushort GsoSize;
}
