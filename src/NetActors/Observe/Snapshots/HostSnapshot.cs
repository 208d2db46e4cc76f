namespace NetActors.Observe;

/// <summary>The counters of one emulated machine: what its /proc would show.</summary>
public sealed record HostSnapshot
{
    /// <summary>Name of the host.</summary>
    public required string Name { get; init; }

    /// <summary><c>net.ipv4.ip_forward</c>: printed as <c>Ip: Forwarding</c> 1 when on, 2 when off.</summary>
    public bool IpForward { get; init; }

    /// <summary><c>net.ipv4.ip_default_ttl</c>, in hops.</summary>
    public int IpDefaultTtl { get; init; } = 64;

    /// <summary>The online CPUs, by number.</summary>
    public IReadOnlyList<CpuSnapshot> Cpus { get; init; } = [];

    /// <summary>The interrupts of its devices, by number.</summary>
    public IReadOnlyList<InterruptSnapshot> Interrupts { get; init; } = [];

    /// <summary>The network devices, by interface index.</summary>
    public IReadOnlyList<DeviceSnapshot> Devices { get; init; } = [];

    /// <summary>The UDP and ping sockets, in the order of their creation.</summary>
    public IReadOnlyList<SocketSnapshot> Sockets { get; init; } = [];

    /// <summary>TCP's sockets, half-open connections and TIME_WAIT, in the order of /proc/net/tcp.</summary>
    public IReadOnlyList<TcpSocketSnapshot> TcpSockets { get; init; } = [];

    /// <summary>How many sockets there are and what they hold.</summary>
    public SockstatSnapshot Sockstat { get; init; } = new();

    /// <summary>The programs over TCP, in the order of the scenario.</summary>
    public IReadOnlyList<TcpTaskSnapshot> TcpTasks { get; init; } = [];

    /// <summary>The AF_XDP sockets, by device and queue.</summary>
    public IReadOnlyList<XdpSocketSnapshot> XdpSockets { get; init; } = [];

    /// <summary>The CPUs to which XDP programs redirect, by device.</summary>
    public IReadOnlyList<CpuMapSnapshot> CpuMaps { get; init; } = [];

    /// <summary>The programs that get frames past the stack, in the order of the scenario.</summary>
    public IReadOnlyList<BypassTaskSnapshot> BypassTasks { get; init; } = [];

    /// <summary>The protocol counters, summed over the CPUs; a copy that the stack no longer writes to.</summary>
    public MibSet Mib { get; init; } = new();

    /// <summary>Settings written while it ran, in the order of time.</summary>
    public IReadOnlyList<KnobWriteSnapshot> Writes { get; init; } = [];

    /// <summary>Packets that ended without being delivered, by station and reason.</summary>
    public IReadOnlyList<DropSnapshot> Drops { get; init; } = [];
}
