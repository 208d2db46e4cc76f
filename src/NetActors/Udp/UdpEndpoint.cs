using NetActors.Sockets;

namespace NetActors.Udp;

/// <summary>
/// What the UDP demultiplexer knows of a socket (kernel: the fields of <c>struct sock</c>, <c>inet_sock</c> and <c>udp_sock</c> that
/// lookups read). The socket owns it; the <see cref="UdpHashTable"/> it is bound in changes its addresses.
/// </summary>
public sealed class UdpEndpoint(object owner) : IReuseportMember
{
    /// <summary>The socket.</summary>
    public object Owner { get; } = owner;

    /// <summary>Bound address in host order; 0 for any (kernel: <c>sk_rcv_saddr</c>).</summary>
    public uint LocalAddress { get; internal set; }

    /// <summary>Bound port; 0 while not bound (kernel: <c>udp_port_hash</c>).</summary>
    public ushort LocalPort { get; internal set; }

    /// <summary>Peer's address in host order; 0 while not connected (kernel: <c>inet_daddr</c>).</summary>
    public uint RemoteAddress { get; internal set; }

    /// <summary>Peer's port; 0 while not connected (kernel: <c>inet_dport</c>).</summary>
    public ushort RemotePort { get; internal set; }

    /// <summary>Connected (kernel: <c>TCP_ESTABLISHED</c>).</summary>
    public bool IsConnected { get; internal set; }

    /// <summary>In a table.</summary>
    public bool IsBound { get; internal set; }

    /// <summary>Device it is bound to; 0 for any (SO_BINDTODEVICE). Set before binding.</summary>
    public int BoundDevice { get; set; }

    /// <summary>SO_REUSEADDR. Set before binding.</summary>
    public bool ReuseAddress { get; set; }

    /// <summary>SO_REUSEPORT. Set before binding.</summary>
    public bool ReusePort { get; set; }

    /// <summary>Who owns the socket: only one user's sockets share a port by SO_REUSEPORT.</summary>
    public int Uid { get; init; }

    /// <summary>SO_INCOMING_CPU: the CPU wanted, or of the last datagram on a connected socket; -1 for none.</summary>
    public int IncomingCpu
    {
        get => _incomingCpu;
        set
        {
            // kernel: reuseport_update_incoming_cpu counts the members that want a CPU
            if (Group is not null) Group.IncomingCpuMembers += (value >= 0 ? 1 : 0) - (_incomingCpu >= 0 ? 1 : 0);
            _incomingCpu = value;
        }
    }

    /// <inheritdoc />
    public IReuseportProgram? Program { get; set; }

    /// <summary>Its reuseport group; null outside one.</summary>
    public ReuseportGroup? Group { get; internal set; }

    /// <inheritdoc />
    ReuseportGroup? IReuseportMember.Group
    {
        get => Group;
        set => Group = value;
    }

    internal UdpEndpoint? PortNext { get; set; }

    internal UdpEndpoint? AddressNext { get; set; }

    /// <summary>The source is the peer, or there is none (kernel: <c>udp_is_mcast_sock</c>'s part).</summary>
    internal bool AcceptsFrom(uint address, ushort port) =>
        (RemoteAddress == 0 || RemoteAddress == address) && (RemotePort == 0 || RemotePort == port);

    private int _incomingCpu = -1;
}
