namespace NetActors.Tcp;

/// <summary>What becomes of a segment for a TIME_WAIT entry (kernel: <c>enum tcp_tw_status</c>).</summary>
public enum TcpTimeWaitVerdict
{
    /// <summary>It is dropped (<c>TCP_TW_SUCCESS</c>).</summary>
    Ignore,

    /// <summary>It is dropped and the entry goes.</summary>
    Kill,

    /// <summary>It is acknowledged (<c>TCP_TW_ACK</c>).</summary>
    Ack,

    /// <summary>It is answered with a RST (<c>TCP_TW_RST</c>), and the entry goes.</summary>
    Reset,

    /// <summary>It begins a new connection: the entry goes and a listener gets it (<c>TCP_TW_SYN</c>).</summary>
    Syn,
}
