namespace NetActors.Tcp;

/// <summary>From which ports the host chooses (kernel: net.ipv4.ip_local_*; Documentation/networking/ip-sysctl.rst).</summary>
public sealed record InetPortSettings
{
    /// <summary>First port of <c>ip_local_port_range</c>.</summary>
    public ushort Low { get; init; } = 32768;

    /// <summary>Last port of <c>ip_local_port_range</c>.</summary>
    public ushort High { get; init; } = 60999;

    /// <summary><c>ip_local_reserved_ports</c>: never chosen, but free to be bound by number.</summary>
    public PortSet Reserved { get; init; } = PortSet.Empty;

    /// <summary>
    /// <c>ip_autobind_reuse</c>: when <c>bind</c> with port 0 finds none, share one with sockets that also set SO_REUSEADDR. Off on Linux.
    /// </summary>
    public bool AutobindReuse { get; init; }
}
