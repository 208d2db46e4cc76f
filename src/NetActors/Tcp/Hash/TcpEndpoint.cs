using NetActors.Sockets;

namespace NetActors.Tcp;

/// <summary>
/// What the tables know of a TCP socket (kernel: the fields of <c>struct sock</c> and <c>inet_sock</c> that lookups read). The socket owns
/// it; the <see cref="InetHashTables"/> change its addresses and places.
/// </summary>
/// <param name="owner">The socket.</param>
public sealed class TcpEndpoint(object owner) : BoundSock, IReuseportMember
{
    private int _incomingCpu = -1;

    /// <summary>The socket.</summary>
    public object Owner { get; } = owner;

    /// <summary>In the table of listeners (kernel: <c>TCP_LISTEN</c>).</summary>
    public bool IsListening { get; internal set; }

    /// <summary>The address was given to <c>bind</c> and stays after a connection (kernel: <c>SOCK_BINDADDR_LOCK</c>).</summary>
    public bool IsAddressLocked { get; set; }

    /// <summary>The port was given to <c>bind</c> and stays after a connection (kernel: <c>SOCK_BINDPORT_LOCK</c>).</summary>
    public bool IsPortLocked { get; set; }

    /// <summary>First and last port that may be chosen for it; 0 and 0 for the host's range (IP_LOCAL_PORT_RANGE).</summary>
    public (ushort Low, ushort High) PortRange { get; set; }

    /// <summary>SO_INCOMING_CPU: the CPU wanted by a listener, or of the last segment of a connection; -1 for none.</summary>
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

    /// <summary>Its reuseport group, from <c>listen</c> on; null outside one.</summary>
    public ReuseportGroup? Group { get; internal set; }

    /// <summary>A listener has no peer; connections are in no group.</summary>
    bool IReuseportMember.IsConnected => false;

    /// <inheritdoc />
    ReuseportGroup? IReuseportMember.Group
    {
        get => Group;
        set => Group = value;
    }

    /// <summary>What listens at it; null for others.</summary>
    internal TcpListenerCore? Listener { get; set; }

    internal TcpEndpoint? ListenNext { get; set; }
}
