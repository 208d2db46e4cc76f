namespace NetActors.Observe;

/// <summary>How many sockets a host has and what they hold: /proc/net/sockstat (kernel: <c>sockstat_seq_show</c>).</summary>
public sealed record SockstatSnapshot
{
    /// <summary>Sockets of all kinds.</summary>
    public long Used { get; init; }

    /// <summary>TCP sockets in the tables, TIME_WAIT and half-open connections not counted.</summary>
    public long TcpInuse { get; init; }

    /// <summary>TCP connections that no task has open.</summary>
    public long TcpOrphan { get; init; }

    /// <summary>Connections in TIME_WAIT.</summary>
    public long TcpTw { get; init; }

    /// <summary>All TCP sockets.</summary>
    public long TcpAlloc { get; init; }

    /// <summary>Pages that the queues of TCP sockets cover; the kernel also counts what it keeps ahead.</summary>
    public long TcpMem { get; init; }

    /// <summary>UDP sockets in the tables.</summary>
    public long UdpInuse { get; init; }

    /// <summary>Pages of UDP.</summary>
    public long UdpMem { get; init; }

    /// <summary>Datagrams that wait for fragments.</summary>
    public long FragInuse { get; init; }

    /// <summary>Bytes of truesize that these hold.</summary>
    public long FragMemory { get; init; }
}
