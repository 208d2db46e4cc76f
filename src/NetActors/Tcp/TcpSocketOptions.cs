using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// The options of one socket that the protocol reads (tcp(7), socket(7)). An accepted connection gets a copy of its listener's. Those
/// that act at once are set through the control block.
/// </summary>
public sealed record TcpSocketOptions
{
    /// <summary>TCP_NODELAY: no Nagle.</summary>
    public bool NoDelay { get; set; }

    /// <summary>TCP_CORK: only full segments, for 200 ms at most.</summary>
    public bool Cork { get; set; }

    /// <summary>TCP_USER_TIMEOUT; zero for none.</summary>
    public KernelTime UserTimeout { get; set; }

    /// <summary>SO_KEEPALIVE.</summary>
    public bool KeepAlive { get; set; }

    /// <summary>TCP_KEEPIDLE; zero for the sysctl.</summary>
    public KernelTime KeepIdle { get; set; }

    /// <summary>TCP_KEEPINTVL; zero for the sysctl.</summary>
    public KernelTime KeepIntvl { get; set; }

    /// <summary>TCP_KEEPCNT; 0 for the sysctl.</summary>
    public int KeepCnt { get; set; }

    /// <summary>TCP_SYNCNT; 0 for the sysctl.</summary>
    public int SynCnt { get; set; }

    /// <summary>TCP_LINGER2: how long an orphan stays in FIN_WAIT2; zero for the sysctl, negative for not at all.</summary>
    public KernelTime Linger2 { get; set; }

    /// <summary>TCP_DEFER_ACCEPT; zero for off. A connecting socket saves the ACK of the handshake.</summary>
    public KernelTime DeferAccept { get; set; }

    /// <summary>TCP_FASTOPEN_CONNECT: connect() waits for the first data to send it with the SYN.</summary>
    public bool FastOpenConnect { get; set; }

    /// <summary>TCP_FASTOPEN_NO_COOKIE: Fast Open asks for no cookie and gives none.</summary>
    public bool FastOpenNoCookie { get; set; }

    /// <summary>TCP_MAXSEG set by the user; 0 for none.</summary>
    public int MaxSeg { get; set; }

    /// <summary>TCP_WINDOW_CLAMP in bytes; 0 for none.</summary>
    public int WindowClamp { get; set; }

    /// <summary>TCP_NOTSENT_LOWAT in bytes; 0 for the sysctl.</summary>
    public uint NotsentLowat { get; set; }

    /// <summary>SO_LINGER: on or off.</summary>
    public bool LingerOn { get; set; }

    /// <summary>SO_LINGER's time; zero resets at close.</summary>
    public KernelTime LingerTime { get; set; }

    /// <summary>SO_OOBINLINE: urgent data stays in the stream.</summary>
    public bool OobInline { get; set; }

    /// <summary>SO_RCVLOWAT in bytes.</summary>
    public int RcvLowat { get; set; } = 1;

    /// <summary>SO_RCVBUF, doubled, in bytes; 0 when not set (kernel: <c>SOCK_RCVBUF_LOCK</c>).</summary>
    public int RcvBuf { get; set; }

    /// <summary>SO_SNDBUF, doubled, in bytes; 0 when not set (kernel: <c>SOCK_SNDBUF_LOCK</c>).</summary>
    public int SndBuf { get; set; }

    /// <summary>TCP_INQ: recvmsg() tells what is left to be read.</summary>
    public bool Inq { get; set; }

    /// <summary>IP_RECVERR: ICMP errors are reported at once (kernel: <c>inet->recverr</c>).</summary>
    public bool RecvErr { get; set; }

    /// <summary>IP_MTU_DISCOVER is IP_PMTUDISC_DONT: ICMP does not change the MSS.</summary>
    public bool NoPathMtuDiscovery { get; set; }

    /// <summary>SO_ZEROCOPY: MSG_ZEROCOPY is heeded.</summary>
    public bool ZeroCopy { get; set; }

    /// <summary>IP_TOS without its ECN bits, which are the connection's.</summary>
    public byte Tos { get; set; }

    /// <summary>IP_TTL; -1 for the namespace's.</summary>
    public int Ttl { get; set; } = -1;

    /// <summary>IP_MTU_DISCOVER as given.</summary>
    public byte MtuDiscover { get; set; } = 1;

    /// <summary>SO_PRIORITY.</summary>
    public uint Priority { get; set; }

    /// <summary>SO_MARK.</summary>
    public uint Mark { get; set; }

    /// <summary>SO_ATTACH_FILTER: which segments it takes, and how much of them; null for all.</summary>
    public Filters.SocketFilter? Filter { get; set; }

    /// <summary>SO_LOCK_FILTER: the filter stays.</summary>
    public bool IsFilterLocked { get; set; }

    /// <summary>TCP_CONGESTION; null for the sysctl.</summary>
    public string? Congestion { get; set; }

    /// <summary>SO_MAX_PACING_RATE in bytes a second.</summary>
    public long MaxPacingRate { get; set; } = long.MaxValue;
}
