namespace NetActors.Observe;

/// <summary>One socket: what <c>ss -u -m</c> and <c>SO_MEMINFO</c> would show, and who worked for it.</summary>
public sealed record SocketSnapshot
{
    /// <summary>Protocol: <c>udp</c>, or <c>icmp</c> for a ping socket.</summary>
    public required string Protocol { get; init; }

    /// <summary>Inode number: the socket's identity on its host.</summary>
    public required long Inode { get; init; }

    /// <summary>Local address and port, such as <c>10.0.0.1:53</c>.</summary>
    public required string Local { get; init; }

    /// <summary>The peer, or <c>0.0.0.0:0</c> when not connected.</summary>
    public string Remote { get; init; } = "0.0.0.0:0";

    /// <summary>State in ss's words: <c>UNCONN</c>, <c>ESTAB</c>, <c>LISTEN</c>; <c>CLOSE</c> when no task has it open any more.</summary>
    public string State { get; init; } = "UNCONN";

    /// <summary>Name of the task that owns it; empty without one.</summary>
    public string Task { get; init; } = "";

    /// <summary>Packets put into the receive queue.</summary>
    public long RxPackets { get; init; }

    /// <summary>Payload bytes put into the receive queue.</summary>
    public long RxBytes { get; init; }

    /// <summary>Packets the application took.</summary>
    public long Delivered { get; init; }

    /// <summary>Packets the application sent.</summary>
    public long TxPackets { get; init; }

    /// <summary>Payload bytes the application sent.</summary>
    public long TxBytes { get; init; }

    /// <summary>Packets dropped at the socket (kernel: <c>sk_drops</c>).</summary>
    public long Drops { get; init; }

    /// <summary>Truesize waiting in the receive queue now, in bytes (kernel: <c>sk_rmem_alloc</c>).</summary>
    public long RmemAlloc { get; init; }

    /// <summary>Bound of the receive queue in bytes of truesize (kernel: <c>sk_rcvbuf</c>).</summary>
    public long RcvBuf { get; init; }

    /// <summary>Wake-ups of a waiting task.</summary>
    public long Wakeups { get; init; }

    /// <summary>Packets that waited in the socket backlog, since another CPU held the socket.</summary>
    public long BacklogPackets { get; init; }

    /// <summary>Packets whose protocol processing ran on another CPU than the last one of the socket.</summary>
    public long CpuMigrations { get; init; }
}
