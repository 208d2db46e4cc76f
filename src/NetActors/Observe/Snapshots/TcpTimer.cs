namespace NetActors.Observe;

/// <summary>The timer of a TCP socket as /proc/net/tcp numbers it (kernel: <c>get_tcp4_sock</c>).</summary>
public enum TcpTimer
{
    /// <summary>None.</summary>
    Off = 0,

    /// <summary>Retransmission, loss probe or reordering.</summary>
    On = 1,

    /// <summary>Keepalive, or the end of an orphan.</summary>
    Keepalive = 2,

    /// <summary>The end of TIME_WAIT.</summary>
    Timewait = 3,

    /// <summary>Probes of a closed window.</summary>
    Persist = 4,
}
