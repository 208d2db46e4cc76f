using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// The settings of <c>net.ipv4</c> that a connection reads, with the defaults of Linux 6.18 (Documentation/networking/ip-sysctl.rst and
/// <c>tcp_sk_init</c>). Replaced whole by the control plane; every input reads the set of that moment.
/// </summary>
public sealed record TcpSysctls
{
    /// <summary>Linux's defaults.</summary>
    public static TcpSysctls Default { get; } = new();

    /// <summary><c>tcp_timestamps</c> (RFC 7323): 0 off, 1 with an offset by peer, 2 without.</summary>
    public int TcpTimestamps { get; init; } = 1;

    /// <summary><c>tcp_sack</c> (RFC 2018).</summary>
    public bool TcpSack { get; init; } = true;

    /// <summary><c>tcp_dsack</c> (RFC 2883).</summary>
    public bool TcpDsack { get; init; } = true;

    /// <summary><c>tcp_window_scaling</c> (RFC 7323).</summary>
    public bool TcpWindowScaling { get; init; } = true;

    /// <summary><c>tcp_ecn</c> (RFC 3168): 0 never, 1 ask and accept, 2 accept only.</summary>
    public int TcpEcn { get; init; } = 2;

    /// <summary><c>tcp_ecn_option</c>: the option of accurate ECN is never sent (0), when there is need (1), always (2), or always and even when it gets lost (3).</summary>
    public int TcpEcnOption { get; init; } = 2;

    /// <summary><c>tcp_ecn_option_beacon</c>: how often in a round trip the option is sent at least.</summary>
    public int TcpEcnOptionBeacon { get; init; } = 3;

    /// <summary><c>tcp_ecn_fallback</c>: the first SYN retry asks without ECN (RFC 3168 section 6.1.1.1).</summary>
    public bool TcpEcnFallback { get; init; } = true;

    /// <summary><c>tcp_fastopen</c>.</summary>
    public FastOpenModes TcpFastopen { get; init; } = FastOpenModes.ClientEnable;

    /// <summary><c>tcp_fastopen_blackhole_timeout_sec</c>: how long clients do without Fast Open when something swallows it; zero for off.</summary>
    public KernelTime TcpFastopenBlackholeTimeout { get; init; }

    /// <summary><c>tcp_max_syn_backlog</c>: without cookies, its last quarter is for proven peers.</summary>
    public int TcpMaxSynBacklog { get; init; } = 2048;

    /// <summary><c>tcp_synack_retries</c>.</summary>
    public byte TcpSynackRetries { get; init; } = 5;

    /// <summary><c>tcp_syncookies</c>: 0 never, 1 when the SYN queue is full, 2 always.</summary>
    public byte TcpSyncookies { get; init; } = 1;

    /// <summary><c>tcp_abort_on_overflow</c>: RST when the accept queue is full.</summary>
    public bool TcpAbortOnOverflow { get; init; }

    /// <summary><c>tcp_migrate_req</c>: a closing listener leaves its queues to its reuseport group.</summary>
    public bool TcpMigrateReq { get; init; }

    /// <summary><c>tcp_reflect_tos</c>: SYN-ACKs and what a child sends carry the DSCP of the SYN.</summary>
    public bool TcpReflectTos { get; init; }

    /// <summary><c>tcp_fwmark_accept</c>: the child of a listener without a mark has the mark of the SYN.</summary>
    public bool TcpFwmarkAccept { get; init; }

    /// <summary><c>net.core.somaxconn</c>: bound of the backlog.</summary>
    public int SoMaxConn { get; init; } = 4096;

    /// <summary><c>tcp_syn_retries</c>.</summary>
    public int TcpSynRetries { get; init; } = 6;

    /// <summary><c>tcp_syn_linear_timeouts</c>: SYN retries before the timeout begins to double (6.5 and later).</summary>
    public int TcpSynLinearTimeouts { get; init; } = 4;

    /// <summary><c>tcp_retries1</c>: timeouts after which the network layer is told and black holes are looked for.</summary>
    public int TcpRetries1 { get; init; } = 3;

    /// <summary><c>tcp_retries2</c>: timeouts, as time, after which a connection is given up.</summary>
    public int TcpRetries2 { get; init; } = 15;

    /// <summary><c>tcp_orphan_retries</c>; 0 means 8 while the timeout has not reached its maximum (<c>tcp_orphan_retries</c>).</summary>
    public int TcpOrphanRetries { get; init; }

    /// <summary><c>tcp_max_orphans</c>: connections without a socket.</summary>
    public int TcpMaxOrphans { get; init; } = 16_384;

    /// <summary><c>tcp_fin_timeout</c>: how long an orphan stays in FIN_WAIT2.</summary>
    public KernelTime TcpFinTimeout { get; init; } = KernelTime.FromSeconds(60);

    /// <summary><c>tcp_keepalive_time</c>.</summary>
    public KernelTime TcpKeepaliveTime { get; init; } = KernelTime.FromSeconds(7200);

    /// <summary><c>tcp_keepalive_intvl</c>.</summary>
    public KernelTime TcpKeepaliveIntvl { get; init; } = KernelTime.FromSeconds(75);

    /// <summary><c>tcp_keepalive_probes</c>.</summary>
    public int TcpKeepaliveProbes { get; init; } = 9;

    /// <summary>
    /// <c>tcp_mem</c>, in pages of all connections: below the first no pressure, above the second pressure, above the third nothing more. As on a
    /// machine with 8 GiB.
    /// </summary>
    public TcpMemoryTriple TcpMem { get; init; } = new(98_304, 131_072, 196_608);

    /// <summary><c>tcp_rmem</c>.</summary>
    public TcpMemoryTriple TcpRmem { get; init; } = new(4096, 131_072, 6_291_456);

    /// <summary><c>tcp_wmem</c>.</summary>
    public TcpMemoryTriple TcpWmem { get; init; } = new(4096, 16_384, 4_194_304);

    /// <summary><c>net.core.rmem_max</c>: bounds SO_RCVBUF and counts for the window scale.</summary>
    public int RmemMax { get; init; } = 4_194_304;

    /// <summary><c>net.core.wmem_max</c>: bounds SO_SNDBUF.</summary>
    public int WmemMax { get; init; } = 4_194_304;

    /// <summary><c>tcp_app_win</c>: the share (as a shift) of the window kept for the application.</summary>
    public int TcpAppWin { get; init; } = 31;

    /// <summary><c>tcp_moderate_rcvbuf</c>: the receive buffer is tuned (DRS).</summary>
    public bool TcpModerateRcvbuf { get; init; } = true;

    /// <summary><c>tcp_shrink_window</c>: the window may shrink under memory pressure.</summary>
    public bool TcpShrinkWindow { get; init; }

    /// <summary><c>tcp_workaround_signed_windows</c>.</summary>
    public bool TcpWorkaroundSignedWindows { get; init; }

    /// <summary><c>tcp_autocorking</c>.</summary>
    public bool TcpAutocorking { get; init; } = true;

    /// <summary><c>tcp_notsent_lowat</c>, in bytes.</summary>
    public uint TcpNotsentLowat { get; init; } = uint.MaxValue;

    /// <summary><c>tcp_limit_output_bytes</c>: truesize below the socket (TCP small queues).</summary>
    public int TcpLimitOutputBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary><c>tcp_min_tso_segs</c>.</summary>
    public int TcpMinTsoSegs { get; init; } = 2;

    /// <summary><c>tcp_tso_win_divisor</c>.</summary>
    public int TcpTsoWinDivisor { get; init; } = 3;

    /// <summary><c>tcp_tso_rtt_log</c>: bursts halve for every 2^n microseconds of least round trip.</summary>
    public int TcpTsoRttLog { get; init; } = 9;

    /// <summary><c>tcp_challenge_ack_limit</c> a second and host (RFC 5961 section 7); the largest number is no limit.</summary>
    public int TcpChallengeAckLimit { get; init; } = int.MaxValue;

    /// <summary><c>tcp_invalid_ratelimit</c>: least time between answers to segments out of window.</summary>
    public KernelTime TcpInvalidRatelimit { get; init; } = KernelTime.FromMilliseconds(500);

    /// <summary><c>tcp_rfc1337</c>: a RST does not end TIME_WAIT.</summary>
    public bool TcpRfc1337 { get; init; }

    /// <summary><c>tcp_stdurg</c>: the urgent pointer points at the last urgent byte (RFC 6093).</summary>
    public bool TcpStdurg { get; init; }

    /// <summary><c>tcp_mtu_probing</c> (RFC 4821): 0 never, 1 after a black hole, 2 always.</summary>
    public int TcpMtuProbing { get; init; }

    /// <summary><c>tcp_base_mss</c>: the MSS that black-hole probing falls back to.</summary>
    public int TcpBaseMss { get; init; } = 1024;

    /// <summary><c>tcp_mtu_probe_floor</c>: the least MSS that black-hole probing falls back to.</summary>
    public int TcpMtuProbeFloor { get; init; } = 48;

    /// <summary><c>tcp_probe_threshold</c>: the search for the path MTU ends when what is left of it is smaller, in bytes.</summary>
    public int TcpProbeThreshold { get; init; } = 8;

    /// <summary><c>tcp_probe_interval</c>: after which the search begins again.</summary>
    public KernelTime TcpProbeInterval { get; init; } = KernelTime.FromSeconds(600);

    /// <summary><c>tcp_min_snd_mss</c>.</summary>
    public int TcpMinSndMss { get; init; } = 48;

    /// <summary><c>ip_forward_use_pmtu</c>'s sibling <c>route/min_pmtu</c>: ICMP cannot bring the path MTU below it.</summary>
    public int RouteMinPmtu { get; init; } = 552;

    /// <summary><c>tcp_backlog_ack_defer</c>: a task that goes through its socket's backlog sends one ACK at the end.</summary>
    public bool TcpBacklogAckDefer { get; init; } = true;

    /// <summary><c>tcp_comp_sack_delay_ns</c>: longest wait of a compressed SACK.</summary>
    public KernelTime TcpCompSackDelay { get; init; } = KernelTime.FromMilliseconds(1);

    /// <summary><c>tcp_comp_sack_nr</c>: SACKs that may be compressed into one; 0 turns compression off.</summary>
    public int TcpCompSackNr { get; init; } = 44;

    /// <summary><c>tcp_pingpong_thresh</c>: answers in time after which a connection counts as interactive.</summary>
    public int TcpPingpongThresh { get; init; } = 1;

    /// <summary><c>tcp_rto_min_us</c>: the least retransmission timeout.</summary>
    public KernelTime TcpRtoMin { get; init; } = KernelTime.FromMilliseconds(200);

    /// <summary><c>tcp_rto_max_ms</c>: the most that a timeout backs off to.</summary>
    public KernelTime TcpRtoMax { get; init; } = KernelTime.FromSeconds(120);

    /// <summary><c>tcp_slow_start_after_idle</c> (RFC 2861).</summary>
    public bool TcpSlowStartAfterIdle { get; init; } = true;

    /// <summary><c>tcp_tw_reuse</c>: 0 never, 1 always, 2 over loopback only.</summary>
    public int TcpTwReuse { get; init; } = 2;

    /// <summary><c>tcp_tw_reuse_delay</c>: how long the peer's last time stamp has to be past (6.14 and later).</summary>
    public KernelTime TcpTwReuseDelay { get; init; } = KernelTime.FromSeconds(1);

    /// <summary><c>tcp_congestion_control</c>.</summary>
    public string TcpCongestionControl { get; init; } = "cubic";

    /// <summary>Time stamps are on, with or without an offset.</summary>
    internal bool IsTimestamping => TcpTimestamps != 0;
}
