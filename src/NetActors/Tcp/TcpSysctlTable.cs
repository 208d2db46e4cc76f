using System.Collections.Frozen;
using System.Globalization;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>The <c>net.ipv4.tcp_*</c> settings by name, to be read and set while the host runs (kernel: <c>ipv4_net_table</c>).</summary>
internal static class TcpSysctlTable
{
    private static readonly FrozenDictionary<string, Entry> Entries = Build().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All names.</summary>
    public static IEnumerable<string> Names => Entries.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads a setting as /proc prints it. False when there is none of this name.</summary>
    public static bool TryGet(TcpHost host, string name, out string value)
    {
        value = Entries.TryGetValue(name, out var entry) ? entry.Get(host) : "";
        return entry.Get is not null;
    }

    /// <summary>Sets a setting: ENOENT when there is none of this name, EINVAL for a value it does not take.</summary>
    public static Errno Set(TcpHost host, string name, string value) =>
        Entries.TryGetValue(name, out var entry) ? entry.Set(host, value.Trim()) ? Errno.None : Errno.EINVAL : Errno.ENOENT;

    private static Dictionary<string, Entry> Build()
    {
        var table = new Dictionary<string, Entry>(StringComparer.Ordinal);
        void Number(string name, Func<TcpSysctls, long> get, Func<TcpSysctls, long, TcpSysctls> with, long least, long most) =>
            table.Add("net.ipv4." + name, new Entry(
                host => Text(get(host.Sysctls)),
                (host, text) => TryNumber(text, least, most, out var n) && Apply(() => host.Sysctls = with(host.Sysctls, n))));
        void Flag(string name, Func<TcpSysctls, bool> get, Func<TcpSysctls, bool, TcpSysctls> with) =>
            Number(name, s => get(s) ? 1 : 0, (s, n) => with(s, n != 0), 0, 1);
        void Seconds(string name, Func<TcpSysctls, KernelTime> get, Func<TcpSysctls, KernelTime, TcpSysctls> with) =>
            Number(name, s => (long)get(s).Seconds, (s, n) => with(s, KernelTime.FromSeconds(n)), 0, int.MaxValue / 1000);
        void Listen(string name, Func<TcpListenSysctls, long> get, Func<TcpListenSysctls, long, TcpListenSysctls> with, long least, long most) =>
            table.Add(name, new Entry(
                host => Text(get(host.Listeners.Sysctls)),
                (host, text) => TryNumber(text, least, most, out var n) && Apply(() => host.Listeners.Sysctls = with(host.Listeners.Sysctls, n))));
        void Triple(string name, Func<TcpSysctls, TcpMemoryTriple> get, Func<TcpSysctls, TcpMemoryTriple, TcpSysctls> with) =>
            table.Add("net.ipv4." + name, new Entry(
                host => get(host.Sysctls) is var t ? $"{t.Min}\t{t.Default}\t{t.Max}" : "",
                (host, text) => TryTriple(text, out var t) && Apply(() => host.Sysctls = with(host.Sysctls, t))));

        void Sender(string name, Func<TcpSenderSettings, long> get, Func<TcpSenderSettings, long, TcpSenderSettings> with, long least, long most) =>
            table.Add("net.ipv4." + name, new Entry(
                host => Text(get(host.Sender)),
                (host, text) => TryNumber(text, least, most, out var n) && Apply(() => host.Sender = with(host.Sender, n))));

        Sender("tcp_recovery", s => s.Recovery, (s, n) => s with { Recovery = (int)n }, 0, 255);
        Sender("tcp_early_retrans", s => s.EarlyRetrans, (s, n) => s with { EarlyRetrans = (int)n }, 0, 4);
        Sender("tcp_reordering", s => s.Reordering, (s, n) => s with { Reordering = (int)n }, 1, int.MaxValue);
        Sender("tcp_max_reordering", s => s.MaxReordering, (s, n) => s with { MaxReordering = (int)n }, 1, int.MaxValue);
        Sender("tcp_frto", s => s.Frto, (s, n) => s with { Frto = (int)n }, 0, 255);
        Sender("tcp_min_rtt_wlen", s => (long)s.MinRttWindow.Seconds, (s, n) => s with { MinRttWindow = KernelTime.FromSeconds(n) }, 0, 86_400);
        Sender("tcp_pacing_ss_ratio", s => s.PacingSlowStartRatio, (s, n) => s with { PacingSlowStartRatio = (int)n }, 0, 1000);
        Sender("tcp_pacing_ca_ratio", s => s.PacingCongestionAvoidanceRatio, (s, n) => s with { PacingCongestionAvoidanceRatio = (int)n }, 0, 1000);
        Sender("tcp_retrans_collapse", s => s.RetransCollapse ? 1 : 0, (s, n) => s with { RetransCollapse = n != 0 }, 0, 1);
        Sender("tcp_thin_linear_timeouts", s => s.ThinLinearTimeouts ? 1 : 0, (s, n) => s with { ThinLinearTimeouts = n != 0 }, 0, 1);
        Flag("tcp_timestamps", s => s.TcpTimestamps, (s, v) => s with { TcpTimestamps = v });
        Flag("tcp_sack", s => s.TcpSack, (s, v) => s with { TcpSack = v });
        Flag("tcp_dsack", s => s.TcpDsack, (s, v) => s with { TcpDsack = v });
        Flag("tcp_window_scaling", s => s.TcpWindowScaling, (s, v) => s with { TcpWindowScaling = v });
        Number("tcp_ecn", s => s.TcpEcn, (s, n) => s with { TcpEcn = (int)n }, 0, 2);
        Flag("tcp_ecn_fallback", s => s.TcpEcnFallback, (s, v) => s with { TcpEcnFallback = v });
        Number("tcp_fastopen", s => s.TcpFastopen, (s, n) => s with { TcpFastopen = (int)n }, 0, int.MaxValue);
        Number("tcp_syn_retries", s => s.TcpSynRetries, (s, n) => s with { TcpSynRetries = (int)n }, 1, 127);
        Number("tcp_syn_linear_timeouts", s => s.TcpSynLinearTimeouts, (s, n) => s with { TcpSynLinearTimeouts = (int)n }, 0, 127);
        Number("tcp_retries1", s => s.TcpRetries1, (s, n) => s with { TcpRetries1 = (int)n }, 0, 255);
        Number("tcp_retries2", s => s.TcpRetries2, (s, n) => s with { TcpRetries2 = (int)n }, 0, 255);
        Number("tcp_orphan_retries", s => s.TcpOrphanRetries, (s, n) => s with { TcpOrphanRetries = (int)n }, 0, 255);
        Number("tcp_max_orphans", s => s.TcpMaxOrphans, (s, n) => s with { TcpMaxOrphans = (int)n }, 0, int.MaxValue);
        Seconds("tcp_fin_timeout", s => s.TcpFinTimeout, (s, t) => s with { TcpFinTimeout = t });
        Seconds("tcp_keepalive_time", s => s.TcpKeepaliveTime, (s, t) => s with { TcpKeepaliveTime = t });
        Seconds("tcp_keepalive_intvl", s => s.TcpKeepaliveIntvl, (s, t) => s with { TcpKeepaliveIntvl = t });
        Number("tcp_keepalive_probes", s => s.TcpKeepaliveProbes, (s, n) => s with { TcpKeepaliveProbes = (int)n }, 0, 255);
        Triple("tcp_rmem", s => s.TcpRmem, (s, t) => s with { TcpRmem = t });
        Triple("tcp_wmem", s => s.TcpWmem, (s, t) => s with { TcpWmem = t });
        Number("tcp_app_win", s => s.TcpAppWin, (s, n) => s with { TcpAppWin = (int)n }, 0, 31);
        Flag("tcp_moderate_rcvbuf", s => s.TcpModerateRcvbuf, (s, v) => s with { TcpModerateRcvbuf = v });
        Flag("tcp_shrink_window", s => s.TcpShrinkWindow, (s, v) => s with { TcpShrinkWindow = v });
        Flag("tcp_workaround_signed_windows", s => s.TcpWorkaroundSignedWindows, (s, v) => s with { TcpWorkaroundSignedWindows = v });
        Flag("tcp_autocorking", s => s.TcpAutocorking, (s, v) => s with { TcpAutocorking = v });
        Number("tcp_notsent_lowat", s => s.TcpNotsentLowat, (s, n) => s with { TcpNotsentLowat = (uint)n }, 0, uint.MaxValue);
        Number("tcp_limit_output_bytes", s => s.TcpLimitOutputBytes, (s, n) => s with { TcpLimitOutputBytes = (int)n }, 0, int.MaxValue);
        Number("tcp_min_tso_segs", s => s.TcpMinTsoSegs, (s, n) => s with { TcpMinTsoSegs = (int)n }, 1, 255);
        Number("tcp_tso_win_divisor", s => s.TcpTsoWinDivisor, (s, n) => s with { TcpTsoWinDivisor = (int)n }, 0, 255);
        Number("tcp_tso_rtt_log", s => s.TcpTsoRttLog, (s, n) => s with { TcpTsoRttLog = (int)n }, 0, 255);
        Number("tcp_challenge_ack_limit", s => s.TcpChallengeAckLimit, (s, n) => s with { TcpChallengeAckLimit = (int)n }, 0, int.MaxValue);
        Number("tcp_invalid_ratelimit", s => s.TcpInvalidRatelimit.Microseconds / 1000, (s, n) => s with { TcpInvalidRatelimit = KernelTime.FromMilliseconds(n) }, 0, int.MaxValue);
        Flag("tcp_rfc1337", s => s.TcpRfc1337, (s, v) => s with { TcpRfc1337 = v });
        Flag("tcp_stdurg", s => s.TcpStdurg, (s, v) => s with { TcpStdurg = v });
        Number("tcp_mtu_probing", s => s.TcpMtuProbing, (s, n) => s with { TcpMtuProbing = (int)n }, 0, 2);
        Number("tcp_base_mss", s => s.TcpBaseMss, (s, n) => s with { TcpBaseMss = (int)n }, 0, 65_535);
        Number("tcp_mtu_probe_floor", s => s.TcpMtuProbeFloor, (s, n) => s with { TcpMtuProbeFloor = (int)n }, 48, 65_535);
        Number("tcp_min_snd_mss", s => s.TcpMinSndMss, (s, n) => s with { TcpMinSndMss = (int)n }, 48, 65_535);
        Number("tcp_comp_sack_delay_ns", s => s.TcpCompSackDelay.Nanoseconds, (s, n) => s with { TcpCompSackDelay = new KernelTime(n) }, 0, long.MaxValue / 2);
        Number("tcp_comp_sack_nr", s => s.TcpCompSackNr, (s, n) => s with { TcpCompSackNr = (int)n }, 0, 255);
        Number("tcp_pingpong_thresh", s => s.TcpPingpongThresh, (s, n) => s with { TcpPingpongThresh = (int)n }, 1, 255);
        Number("tcp_rto_min_us", s => s.TcpRtoMin.Microseconds, (s, n) => s with { TcpRtoMin = KernelTime.FromMicroseconds(n) }, 1, 120_000_000);
        Number("tcp_rto_max_ms", s => s.TcpRtoMax.Microseconds / 1000, (s, n) => s with { TcpRtoMax = KernelTime.FromMilliseconds(n) }, 1000, 120_000);
        Flag("tcp_slow_start_after_idle", s => s.TcpSlowStartAfterIdle, (s, v) => s with { TcpSlowStartAfterIdle = v });
        Number("tcp_tw_reuse", s => s.TcpTwReuse, (s, n) => s with { TcpTwReuse = (int)n }, 0, 2);
        Number("route.min_pmtu", s => s.RouteMinPmtu, (s, n) => s with { RouteMinPmtu = (int)n }, 68, 65_535);
        table.Add("net.ipv4.tcp_congestion_control", new Entry(
            host => host.Sysctls.TcpCongestionControl,
            (host, text) => CongestionControls.Available.Contains(text) && Apply(() => host.Sysctls = host.Sysctls with { TcpCongestionControl = text })));
        table.Add("net.ipv4.tcp_available_congestion_control", new Entry(_ => string.Join(' ', CongestionControls.Available), (_, _) => false));
        Listen("net.ipv4.tcp_max_syn_backlog", s => s.MaxSynBacklog, (s, n) => s with { MaxSynBacklog = (int)n }, 0, int.MaxValue);
        Listen("net.ipv4.tcp_synack_retries", s => s.SynAckRetries, (s, n) => s with { SynAckRetries = (byte)n }, 0, 255);
        Listen("net.ipv4.tcp_syncookies", s => s.SynCookies, (s, n) => s with { SynCookies = (byte)n }, 0, 2);
        Listen("net.ipv4.tcp_abort_on_overflow", s => s.AbortOnOverflow ? 1 : 0, (s, n) => s with { AbortOnOverflow = n != 0 }, 0, 1);
        Listen("net.ipv4.tcp_migrate_req", s => s.MigrateRequests ? 1 : 0, (s, n) => s with { MigrateRequests = n != 0 }, 0, 1);
        Listen("net.core.somaxconn", s => s.SoMaxConn, (s, n) => s with { SoMaxConn = (int)n }, 0, int.MaxValue);
        table.Add("net.ipv4.tcp_max_tw_buckets", new Entry(
            host => Text(host.Tables.TimeWaits.MaxBuckets),
            (host, text) => TryNumber(text, 0, int.MaxValue, out var n) && Apply(() => host.Tables.TimeWaits.MaxBuckets = (int)n)));
        table.Add("net.ipv4.tcp_no_metrics_save", new Entry(
            host => host.NoMetricsSave ? "1" : "0",
            (host, text) => TryNumber(text, 0, 1, out var n) && Apply(() => host.NoMetricsSave = n != 0)));
        return table;
    }

    private static bool Apply(Action change)
    {
        change();
        return true;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

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
            if (!TryNumber(parts[i], 1, int.MaxValue, out numbers[i])) return false;
        }

        triple = new TcpMemoryTriple((int)numbers[0], (int)numbers[1], (int)numbers[2]);
        return true;
    }

    private readonly record struct Entry(Func<TcpHost, string> Get, Func<TcpHost, string, bool> Set);
}
