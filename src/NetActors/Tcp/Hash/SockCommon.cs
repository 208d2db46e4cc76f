namespace NetActors.Tcp;

/// <summary>
/// What the tables know of anything that segments may be for: a socket, a half-open connection or one in TIME_WAIT (kernel:
/// <c>struct sock_common</c>). Addresses and ports in host order; the tables change them.
/// </summary>
public abstract class SockCommon
{
    /// <summary>Our address; 0 for any (kernel: <c>skc_rcv_saddr</c>).</summary>
    public uint LocalAddress { get; internal set; }

    /// <summary>The peer's address; 0 while there is none (kernel: <c>skc_daddr</c>).</summary>
    public uint RemoteAddress { get; internal set; }

    /// <summary>Our port; 0 while not bound (kernel: <c>skc_num</c>).</summary>
    public ushort LocalPort { get; internal set; }

    /// <summary>The peer's port; 0 while there is none (kernel: <c>skc_dport</c>).</summary>
    public ushort RemotePort { get; internal set; }

    /// <summary>Device it is bound to; 0 for any (SO_BINDTODEVICE). Set before binding.</summary>
    public int BoundDevice { get; set; }

    /// <summary>In the table of established connections (kernel: <c>sk_hashed</c>).</summary>
    public bool IsEstablishedHashed { get; internal set; }

    internal uint Hash { get; set; }

    internal SockCommon? EstablishedNext { get; set; }

    /// <summary>Kernel: <c>inet_match</c>.</summary>
    internal bool Matches(uint hash, in TcpLookup key) =>
        Hash == hash && RemoteAddress == key.Source && LocalAddress == key.Destination && RemotePort == key.SourcePort
        && LocalPort == key.DestinationPort && IsOnDevice(key.IfIndex);

    /// <summary>Kernel: <c>inet_sk_bound_dev_eq</c>.</summary>
    internal bool IsOnDevice(int ifIndex) => BoundDevice == 0 || BoundDevice == ifIndex;
}
