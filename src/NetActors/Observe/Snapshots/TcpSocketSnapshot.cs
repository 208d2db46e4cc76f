using System.Text.Json.Serialization;

namespace NetActors.Observe;

/// <summary>
/// One entry of TCP's tables (a listener, a connection, a half-open one, or one in TIME_WAIT): what <c>ss -tinmo</c> and
/// <c>/proc/net/tcp</c> would show.
/// </summary>
public sealed record TcpSocketSnapshot
{
    /// <summary>State in ss's words, such as <c>ESTAB</c>.</summary>
    public required string State { get; init; }

    /// <summary>Local address and port.</summary>
    public required string Local { get; init; }

    /// <summary>The peer's address and port; <c>0.0.0.0:0</c> for a listener.</summary>
    public string Remote { get; init; } = "0.0.0.0:0";

    /// <summary>Inode number; 0 when no task has it open (kernel: <c>sock_i_ino</c>).</summary>
    public long Inode { get; init; }

    /// <summary>Bytes that wait to be read; of a listener, connections that wait for accept.</summary>
    public long RecvQ { get; init; }

    /// <summary>Bytes that are not acknowledged; of a listener, connections that may wait.</summary>
    public long SendQ { get; init; }

    /// <summary>The timer that runs.</summary>
    public TcpTimer Timer { get; init; }

    /// <summary>Nanoseconds until it is due; 0 when none runs.</summary>
    public long TimerNs { get; init; }

    /// <summary>Timeouts in a row (kernel: <c>icsk_retransmits</c>).</summary>
    public int Retransmits { get; init; }

    /// <summary>Probes of a window or of a silent peer in a row (kernel: <c>icsk_probes_out</c>).</summary>
    public int Probes { get; init; }

    /// <summary>Quick acknowledgements left (kernel: <c>icsk_ack.quick</c>).</summary>
    public int Quick { get; init; }

    /// <summary>Answers follow the peer's data (kernel: <c>inet_csk_in_pingpong_mode</c>).</summary>
    public bool Pingpong { get; init; }

    /// <summary>Connections that wait in a listener's Fast Open queue at most.</summary>
    public int FastOpenQueue { get; init; }

    /// <summary>Memory; null for a half-open connection and TIME_WAIT.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TcpMemorySnapshot? Memory { get; init; }

    /// <summary>Numbers of the connection; null for a half-open one and TIME_WAIT.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TcpInfoSnapshot? Info { get; init; }
}
