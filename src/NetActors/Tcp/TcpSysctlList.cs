using System.Globalization;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// The list of TCP's settings: name, where it is kept, range, meaning, default of 3.10 (net/ipv4/sysctl_net_ipv4.c and
/// Documentation/networking/ip-sysctl.txt of 3.10). The defaults of 6.x are those of the records that keep the values.
/// </summary>
internal static class TcpSysctlList
{
    private const long Int = int.MaxValue;

    /// <summary>All of them.</summary>
    public static IEnumerable<TcpSysctl> Build() => [.. OfLossRecovery(), .. OfConnections(), .. OfListeners(), .. OfTheHost()];

    private static IEnumerable<TcpSysctl> OfLossRecovery() =>
    [
        Sender("net.ipv4.tcp_recovery", s => s.Recovery, (s, n) => s with { Recovery = (int)n },
            0, 255, "loss by RACK: 0x2 keeps its reordering window fixed, 0x4 ignores the count of duplicates", null, 0),
        Sender("net.ipv4.tcp_early_retrans", s => s.EarlyRetrans, (s, n) => s with { EarlyRetrans = (int)n }, 0, 4, "3 and 4 send tail loss probes", [3]),
        Sender("net.ipv4.tcp_reordering", s => s.Reordering, (s, n) => s with { Reordering = (int)n }, 1, Int, "segments out of order that are no sign of loss yet", [3]),
        Sender("net.ipv4.tcp_max_reordering", s => s.MaxReordering, (s, n) => s with { MaxReordering = (int)n },
            1, Int, "segments that tcp_reordering may grow to on a path that reorders", null),
        Sender("net.ipv4.tcp_frto", s => s.Frto, (s, n) => s with { Frto = (int)n }, 0, 255, "not 0: look for spurious timeouts (RFC 5682)", [2]),
        Sender("net.ipv4.tcp_min_rtt_wlen", s => (long)s.MinRttWindow.Seconds, (s, n) => s with { MinRttWindow = KernelTime.FromSeconds(n) },
            0, 86_400, "seconds that a least round trip counts", null),
        Sender("net.ipv4.tcp_pacing_ss_ratio", s => s.PacingSlowStartRatio, (s, n) => s with { PacingSlowStartRatio = (int)n },
            0, 1000, "pacing rate in slow start, in percent of window by round trip", null),
        Sender("net.ipv4.tcp_pacing_ca_ratio", s => s.PacingCongestionAvoidanceRatio, (s, n) => s with { PacingCongestionAvoidanceRatio = (int)n },
            0, 1000, "pacing rate in congestion avoidance, in percent", null),
        Sender("net.ipv4.tcp_retrans_collapse", s => s.RetransCollapse ? 1 : 0, (s, n) => s with { RetransCollapse = n != 0 },
            0, 1, "send small segments together when they are sent again", [1]),
        Sender("net.ipv4.tcp_thin_linear_timeouts", s => s.ThinLinearTimeouts ? 1 : 0, (s, n) => s with { ThinLinearTimeouts = n != 0 },
            0, 1, "do not double the first timeouts of a stream with few segments out", [0]),
    ];

    private static IEnumerable<TcpSysctl> OfConnections() =>
    [
        Number("net.ipv4.tcp_timestamps", s => s.TcpTimestamps, (s, n) => s with { TcpTimestamps = (int)n },
            0, 2, "time stamps (RFC 7323): 0 off, 1 with an offset by peer, 2 without", [1]),
        Flag("net.ipv4.tcp_sack", s => s.TcpSack, (s, v) => s with { TcpSack = v }, "selective acknowledgements (RFC 2018)", [1]),
        Flag("net.ipv4.tcp_dsack", s => s.TcpDsack, (s, v) => s with { TcpDsack = v }, "report duplicates (RFC 2883)", [1]),
        Flag("net.ipv4.tcp_window_scaling", s => s.TcpWindowScaling, (s, v) => s with { TcpWindowScaling = v }, "scaled windows (RFC 7323)", [1]),
        Number("net.ipv4.tcp_ecn", s => s.TcpEcn, (s, n) => s with { TcpEcn = (int)n }, 0, 5, "ECN: 0 never, 1 ask for it and accept it (RFC 3168), 2 accept; accurate ECN (RFC 9768; Linux takes these from 7.0 on): 3 ask and accept, 4 accept and ask for RFC 3168, 5 accept", [2]),
        Number("net.ipv4.tcp_ecn_option", s => s.TcpEcnOption, (s, n) => s with { TcpEcnOption = (int)n }, 0, 3, "the option of accurate ECN: 0 never, 1 when there is need, 2 always, 3 even when it gets lost", null, 0),
        Number("net.ipv4.tcp_ecn_option_beacon", s => s.TcpEcnOptionBeacon, (s, n) => s with { TcpEcnOptionBeacon = (int)n }, 0, 3, "times in a round trip that it is sent at least", null, 0),
        Flag("net.ipv4.tcp_ecn_fallback", s => s.TcpEcnFallback, (s, v) => s with { TcpEcnFallback = v }, "ask without ECN when the first SYN got no answer", null, 0),
        Number("net.ipv4.tcp_fastopen", s => (long)s.TcpFastopen, (s, n) => s with { TcpFastopen = (FastOpenModes)n },
            0, Int, "bits: 1 client, 2 server, 4 client without a cookie, 0x200 server without a cookie, 0x400 every listener", [0]),
        Number("net.ipv4.tcp_syn_retries", s => s.TcpSynRetries, (s, n) => s with { TcpSynRetries = (int)n }, 1, 127, "SYNs sent again before connect gives up", [6]),
        Number("net.ipv4.tcp_syn_linear_timeouts", s => s.TcpSynLinearTimeouts, (s, n) => s with { TcpSynLinearTimeouts = (int)n },
            0, 127, "SYN retries before the timeout begins to double", null, 0),
        Number("net.ipv4.tcp_retries1", s => s.TcpRetries1, (s, n) => s with { TcpRetries1 = (int)n },
            0, 255, "timeouts after which the route and the MTU are doubted", [3]),
        Number("net.ipv4.tcp_retries2", s => s.TcpRetries2, (s, n) => s with { TcpRetries2 = (int)n },
            0, 255, "timeouts, as time, after which a connection is given up", [15]),
        Number("net.ipv4.tcp_orphan_retries", s => s.TcpOrphanRetries, (s, n) => s with { TcpOrphanRetries = (int)n },
            0, 255, "timeouts after which a connection without a socket is given up; 0 is 8", [0]),
        Number("net.ipv4.tcp_max_orphans", s => s.TcpMaxOrphans, (s, n) => s with { TcpMaxOrphans = (int)n },
            0, Int, "connections without a socket; grows with memory on Linux", []),
        Seconds("net.ipv4.tcp_fin_timeout", s => s.TcpFinTimeout, (s, t) => s with { TcpFinTimeout = t },
            "seconds that a connection without a socket stays in FIN_WAIT2", [60]),
        Seconds("net.ipv4.tcp_keepalive_time", s => s.TcpKeepaliveTime, (s, t) => s with { TcpKeepaliveTime = t },
            "seconds of silence before the first keepalive probe", [7200]),
        Seconds("net.ipv4.tcp_keepalive_intvl", s => s.TcpKeepaliveIntvl, (s, t) => s with { TcpKeepaliveIntvl = t }, "seconds between keepalive probes", [75]),
        Number("net.ipv4.tcp_keepalive_probes", s => s.TcpKeepaliveProbes, (s, n) => s with { TcpKeepaliveProbes = (int)n },
            0, 255, "keepalive probes without an answer that end a connection", [9]),
        Triple("net.ipv4.tcp_mem", s => s.TcpMem, (s, t) => s with { TcpMem = t }, "pages of all TCP sockets: low pressure high", [98_304, 131_072, 196_608]),
        Triple("net.ipv4.tcp_rmem", s => s.TcpRmem, (s, t) => s with { TcpRmem = t }, "bytes of a receive buffer: least default most", [4096, 87_380, 6_291_456]),
        Triple("net.ipv4.tcp_wmem", s => s.TcpWmem, (s, t) => s with { TcpWmem = t }, "bytes of a send buffer: least default most", [4096, 16_384, 4_194_304]),
        Number("net.ipv4.tcp_app_win", s => s.TcpAppWin, (s, n) => s with { TcpAppWin = (int)n },
            0, 31, "share of the window kept for the application, as a shift", [31]),
        Flag("net.ipv4.tcp_moderate_rcvbuf", s => s.TcpModerateRcvbuf, (s, v) => s with { TcpModerateRcvbuf = v }, "tune the receive buffer", [1]),
        Flag("net.ipv4.tcp_shrink_window", s => s.TcpShrinkWindow, (s, v) => s with { TcpShrinkWindow = v }, "let the window shrink when memory is short", null),
        Flag("net.ipv4.tcp_workaround_signed_windows", s => s.TcpWorkaroundSignedWindows, (s, v) => s with { TcpWorkaroundSignedWindows = v },
            "take a peer without window scaling to have signed windows", [0]),
        Flag("net.ipv4.tcp_autocorking", s => s.TcpAutocorking, (s, v) => s with { TcpAutocorking = v },
            "hold small writes back while a packet of the flow waits below", null, 0),
        Number("net.ipv4.tcp_notsent_lowat", s => s.TcpNotsentLowat, (s, n) => s with { TcpNotsentLowat = (uint)n },
            0, uint.MaxValue, "bytes not sent yet below which a socket can be written", null),
        Number("net.ipv4.tcp_limit_output_bytes", s => s.TcpLimitOutputBytes, (s, n) => s with { TcpLimitOutputBytes = (int)n },
            0, Int, "bytes of truesize of a connection below the socket (TSQ)", [131_072]),
        Number("net.ipv4.tcp_min_tso_segs", s => s.TcpMinTsoSegs, (s, n) => s with { TcpMinTsoSegs = (int)n }, 1, 255, "segments of a large packet at least", null),
        Number("net.ipv4.tcp_tso_win_divisor", s => s.TcpTsoWinDivisor, (s, n) => s with { TcpTsoWinDivisor = (int)n },
            0, 255, "share of the window that one large packet may take", [3]),
        Number("net.ipv4.tcp_tso_rtt_log", s => s.TcpTsoRttLog, (s, n) => s with { TcpTsoRttLog = (int)n },
            0, 255, "large packets halve for every 2^n us of least round trip; 0 is off", null),
        Number("net.ipv4.tcp_challenge_ack_limit", s => s.TcpChallengeAckLimit, (s, n) => s with { TcpChallengeAckLimit = (int)n },
            0, Int, "challenge ACKs a second of the whole host (RFC 5961)", [100]),
        Number("net.ipv4.tcp_invalid_ratelimit", s => s.TcpInvalidRatelimit.Microseconds / 1000, (s, n) => s with { TcpInvalidRatelimit = KernelTime.FromMilliseconds(n) },
            0, Int, "ms between two answers to segments out of window", null, 0),
        Flag("net.ipv4.tcp_rfc1337", s => s.TcpRfc1337, (s, v) => s with { TcpRfc1337 = v }, "a RST does not end TIME_WAIT", [0]),
        Flag("net.ipv4.tcp_stdurg", s => s.TcpStdurg, (s, v) => s with { TcpStdurg = v }, "the urgent pointer points at the last urgent byte", [0]),
        Number("net.ipv4.tcp_mtu_probing", s => s.TcpMtuProbing, (s, n) => s with { TcpMtuProbing = (int)n },
            0, 2, "probe the path MTU (RFC 4821): 0 never, 1 after a black hole, 2 always", [0]),
        Number("net.ipv4.tcp_base_mss", s => s.TcpBaseMss, (s, n) => s with { TcpBaseMss = (int)n }, 0, 65_535, "MSS that probing the path MTU begins with", [512]),
        Number("net.ipv4.tcp_mtu_probe_floor", s => s.TcpMtuProbeFloor, (s, n) => s with { TcpMtuProbeFloor = (int)n },
            48, 65_535, "least MSS that a black hole brings a connection to", null),
        Number("net.ipv4.tcp_probe_threshold", s => s.TcpProbeThreshold, (s, n) => s with { TcpProbeThreshold = (int)n },
            0, Int, "bytes below which the search for the path MTU ends", null),
        Number("net.ipv4.tcp_probe_interval", s => (long)s.TcpProbeInterval.Seconds, (s, n) => s with { TcpProbeInterval = KernelTime.FromSeconds(n) },
            0, Int / 1000, "seconds after which the search for the path MTU begins again", null),
        Number("net.ipv4.tcp_min_snd_mss", s => s.TcpMinSndMss, (s, n) => s with { TcpMinSndMss = (int)n }, 48, 65_535, "least MSS taken from a peer", null),
        Flag("net.ipv4.tcp_backlog_ack_defer", s => s.TcpBacklogAckDefer, (s, v) => s with { TcpBacklogAckDefer = v },
            "one ACK for all that came while a task had the socket", null, 0),
        Number("net.ipv4.tcp_comp_sack_delay_ns", s => s.TcpCompSackDelay.Nanoseconds, (s, n) => s with { TcpCompSackDelay = new KernelTime(n) },
            0, long.MaxValue / 2, "ns that a SACK may wait for others", null),
        Number("net.ipv4.tcp_comp_sack_nr", s => s.TcpCompSackNr, (s, n) => s with { TcpCompSackNr = (int)n },
            0, 255, "SACKs that may be sent as one; 0 is off", null, 0),
        Number("net.ipv4.tcp_pingpong_thresh", s => s.TcpPingpongThresh, (s, n) => s with { TcpPingpongThresh = (int)n },
            1, 255, "answers in time after which a connection is interactive", null),
        Number("net.ipv4.tcp_rto_min_us", s => s.TcpRtoMin.Microseconds, (s, n) => s with { TcpRtoMin = KernelTime.FromMicroseconds(n) },
            1, 120_000_000, "least retransmission timeout, in us", null),
        Number("net.ipv4.tcp_rto_max_ms", s => s.TcpRtoMax.Microseconds / 1000, (s, n) => s with { TcpRtoMax = KernelTime.FromMilliseconds(n) },
            1000, 120_000, "greatest retransmission timeout, in ms", null),
        Flag("net.ipv4.tcp_slow_start_after_idle", s => s.TcpSlowStartAfterIdle, (s, v) => s with { TcpSlowStartAfterIdle = v },
            "restart the window after a pause (RFC 2861)", [1]),
        Number("net.ipv4.tcp_tw_reuse", s => s.TcpTwReuse, (s, n) => s with { TcpTwReuse = (int)n },
            0, 2, "reuse TIME_WAIT for new connections: 1 always, 2 over loopback", [0]),
        Number("net.ipv4.tcp_tw_reuse_delay", s => s.TcpTwReuseDelay.Microseconds / 1000, (s, n) => s with { TcpTwReuseDelay = KernelTime.FromMilliseconds(n) },
            1, 60_000, "ms in TIME_WAIT before it may be reused", null),
        Number("net.ipv4.route.min_pmtu", s => s.RouteMinPmtu, (s, n) => s with { RouteMinPmtu = (int)n },
            68, 65_535, "bytes below which ICMP cannot bring a path MTU", [552]),
    ];

    private static IEnumerable<TcpSysctl> OfListeners() =>
    [
        Number("net.ipv4.tcp_max_syn_backlog", s => s.TcpMaxSynBacklog, (s, n) => s with { TcpMaxSynBacklog = (int)n },
            0, Int, "half-open connections of a listener without cookies; grows with memory on Linux", [1024]),
        Number("net.ipv4.tcp_synack_retries", s => s.TcpSynackRetries, (s, n) => s with { TcpSynackRetries = (byte)n },
            0, 255, "SYN-ACKs sent again before a half-open connection goes", [5]),
        Number("net.ipv4.tcp_syncookies", s => s.TcpSyncookies, (s, n) => s with { TcpSyncookies = (byte)n },
            0, 2, "SYN cookies: 0 never, 1 when the SYN queue is full, 2 always", [1]),
        Flag("net.ipv4.tcp_abort_on_overflow", s => s.TcpAbortOnOverflow, (s, v) => s with { TcpAbortOnOverflow = v },
            "send RST when the accept queue is full", [0]),
        Flag("net.ipv4.tcp_migrate_req", s => s.TcpMigrateReq, (s, v) => s with { TcpMigrateReq = v },
            "leave the queues of a closing listener to its reuseport group", null),
        Flag("net.ipv4.tcp_reflect_tos", s => s.TcpReflectTos, (s, v) => s with { TcpReflectTos = v },
            "SYN-ACKs and the connections that a listener takes carry the DSCP of the SYN", null),
        Flag("net.ipv4.tcp_fwmark_accept", s => s.TcpFwmarkAccept, (s, v) => s with { TcpFwmarkAccept = v },
            "connections of a listener without SO_MARK have the mark of the SYN", null),
        Number("net.core.somaxconn", s => s.SoMaxConn, (s, n) => s with { SoMaxConn = (int)n }, 0, Int, "most that listen() may ask for", [128]),
    ];

    private static IEnumerable<TcpSysctl> OfTheHost() =>
    [
        new("net.ipv4.tcp_congestion_control", host => host.Sysctls.TcpCongestionControl, (host, text) =>
            CongestionControls.Available.Contains(text) && Apply(() => host.SetCongestion(text)))
        {
            Words = CongestionControls.Available, Doc = "congestion control of new sockets", Default310 = TcpSysctl.SameAs6,
        },
        new("net.ipv4.tcp_fastopen_key", host => host.Listeners.FastOpenKeys.ToString(), (host, text) =>
            TcpFastOpenKeys.TryParse(text, out var keys) && Apply(() => host.Listeners.FastOpenKeys = keys)) { IsText = true },
        Number("net.ipv4.tcp_fastopen_blackhole_timeout_sec", host => (long)host.Sysctls.TcpFastopenBlackholeTimeout.Seconds, (host, n) =>
            {
                host.Sysctls = host.Sysctls with { TcpFastopenBlackholeTimeout = KernelTime.FromSeconds(n) };
                host.Context.FastOpenBlackhole.Reset(); // proc_tfo_blackhole_detect_timeout
            },
            0, Int / 1000, "seconds that clients do without Fast Open when something swallows it; doubles; 0 is off", null),
        new("net.ipv4.tcp_allowed_congestion_control", host => string.Join(' ', host.AllowedCongestion), (host, text) => host.TryAllowCongestion(text)) { IsText = true },
        new("net.ipv4.tcp_available_ulp", _ => "", (_, _) => false) { IsReadOnly = true }, // no TLS, no MPTCP
        new("net.ipv4.tcp_ehash_entries", _ => "262144", (_, _) => false) { IsReadOnly = true }, // what tcp_max_syn_backlog comes from (ehash / 128)
        new("net.ipv4.tcp_available_congestion_control", _ => string.Join(' ', CongestionControls.Available), (_, _) => false) { IsReadOnly = true },
        new("net.ipv4.tcp_fack", host => host.Fack.ToString(CultureInfo.InvariantCulture), (host, text) =>
            TryNumber(text, int.MinValue, Int, out var n) && Apply(() => host.Fack = (int)n)) { IsText = true },
        Number("net.ipv4.tcp_max_tw_buckets", host => host.Tables.TimeWaits.MaxBuckets, (host, n) => host.Tables.TimeWaits.MaxBuckets = (int)n,
            0, Int, "connections in TIME_WAIT; grows with memory on Linux", TcpSysctl.SameAs6),
        Number("net.ipv4.tcp_no_ssthresh_metrics_save", host => host.Metrics.Settings.NoSsthreshMetricsSave ? 1 : 0,
            (host, n) => host.Metrics.Settings = host.Metrics.Settings with { NoSsthreshMetricsSave = n != 0 },
            0, 1, "forget the slow start threshold of a path", null, 0),
        Number("net.ipv4.tcp_no_metrics_save", host => host.Metrics.Settings.NoMetricsSave ? 1 : 0,
            (host, n) => host.Metrics.Settings = host.Metrics.Settings with { NoMetricsSave = n != 0 },
            0, 1, "forget what a connection learned of its path", [0]),
    ];

    private static TcpSysctl Sender(
        string name, Func<TcpSenderSettings, long> get, Func<TcpSenderSettings, long, TcpSenderSettings> with, long least, long most, string doc,
        IReadOnlyList<long>? default310 = null, long? as310 = null) =>
        Number(name, host => get(host.Sender), (host, n) => host.Sender = with(host.Sender, n), least, most, doc, default310, as310);

    private static TcpSysctl Number(
        string name, Func<TcpSysctls, long> get, Func<TcpSysctls, long, TcpSysctls> with, long least, long most, string doc,
        IReadOnlyList<long>? default310 = null, long? as310 = null) =>
        Number(name, host => get(host.Sysctls), (host, n) => host.Sysctls = with(host.Sysctls, n), least, most, doc, default310, as310);

    private static TcpSysctl Flag(
        string name, Func<TcpSysctls, bool> get, Func<TcpSysctls, bool, TcpSysctls> with, string doc, IReadOnlyList<long>? default310 = null,
        long? as310 = null) =>
        Number(name, s => get(s) ? 1 : 0, (s, n) => with(s, n != 0), 0, 1, doc, default310, as310);

    private static TcpSysctl Seconds(
        string name, Func<TcpSysctls, KernelTime> get, Func<TcpSysctls, KernelTime, TcpSysctls> with, string doc, IReadOnlyList<long>? default310) =>
        Number(name, s => (long)get(s).Seconds, (s, n) => with(s, KernelTime.FromSeconds(n)), 0, Int / 1000, doc, default310);

    private static TcpSysctl Triple(
        string name, Func<TcpSysctls, TcpMemoryTriple> get, Func<TcpSysctls, TcpMemoryTriple, TcpSysctls> with, string doc,
        IReadOnlyList<long>? default310) =>
        new(
            name,
            host => get(host.Sysctls) is var t ? $"{t.Min}\t{t.Default}\t{t.Max}" : "",
            (host, text) => TryTriple(text, out var t) && Apply(() => host.Sysctls = with(host.Sysctls, t)))
        {
            Least = 1,
            Doc = doc,
            Default310 = default310,
        };

    private static TcpSysctl Number(
        string name, Func<TcpHost, long> get, Action<TcpHost, long> set, long least, long most, string doc,
        IReadOnlyList<long>? default310 = null, long? as310 = null) =>
        new(
            name,
            host => get(host).ToString(CultureInfo.InvariantCulture),
            (host, text) => TryNumber(text, least, most, out var n) && Apply(() => set(host, n)))
        {
            Least = least,
            Most = most,
            Doc = doc,
            Default310 = default310,
            As310 = as310,
        };

    private static bool Apply(Action change)
    {
        change();
        return true;
    }

    /// <summary>Decimal, or hexadecimal behind 0x (kernel: <c>proc_get_long</c>).</summary>
    private static bool TryNumber(string text, long least, long most, out long number)
    {
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return long.TryParse(isHex ? text.AsSpan(2) : text.AsSpan(), isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
    }

    private static bool TryTriple(string text, out TcpMemoryTriple triple)
    {
        triple = default;
        var parts = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != 3) return false;
        Span<long> numbers = stackalloc long[3];
        for (var i = 0; i < 3; i++)
        {
            if (!TryNumber(parts[i], 1, Int, out numbers[i])) return false;
        }

        triple = new TcpMemoryTriple((int)numbers[0], (int)numbers[1], (int)numbers[2]);
        return true;
    }
}
