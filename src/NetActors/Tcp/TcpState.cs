namespace NetActors.Tcp;

/// <summary>Where a connection stands (RFC 9293 section 3.3.2), with the kernel's numbers (include/net/tcp_states.h).</summary>
public enum TcpState
{
    /// <summary>Data flows both ways.</summary>
    Established = 1,

    /// <summary>Our SYN is out.</summary>
    SynSent = 2,

    /// <summary>SYNs have crossed, or a Fast Open child waits for the last ACK.</summary>
    SynRecv = 3,

    /// <summary>Our FIN is out.</summary>
    FinWait1 = 4,

    /// <summary>Our FIN is acknowledged.</summary>
    FinWait2 = 5,

    /// <summary>Both are done; old segments die out.</summary>
    TimeWait = 6,

    /// <summary>No connection.</summary>
    Close = 7,

    /// <summary>The peer's FIN has come.</summary>
    CloseWait = 8,

    /// <summary>Both FINs are out, ours is not acknowledged, the peer's came first.</summary>
    LastAck = 9,

    /// <summary>Takes connections.</summary>
    Listen = 10,

    /// <summary>Both FINs are out at once.</summary>
    Closing = 11,

    /// <summary>A half-open connection, which is a request sock and no socket yet.</summary>
    NewSynRecv = 12,
}
