using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// What the sender reads of <c>net.ipv4.tcp_*</c>, with Linux's defaults (Documentation/networking/ip-sysctl.rst, net/ipv4/tcp_ipv4.c).
/// </summary>
public sealed record TcpSenderSettings
{
    /// <summary>The defaults.</summary>
    public static readonly TcpSenderSettings Default = new();

    /// <summary>The tick that timeouts are rounded up to (kernel: <c>CONFIG_HZ</c>).</summary>
    public Jiffies Jiffies { get; init; } = Jiffies.Hz1000;

    /// <summary>Least retransmission timeout (<c>tcp_rto_min_us</c>, 200 ms).</summary>
    public KernelTime RtoMin { get; init; } = KernelTime.FromMilliseconds(200);

    /// <summary>Greatest retransmission timeout (<c>tcp_rto_max_ms</c>, 120 s).</summary>
    public KernelTime RtoMax { get; init; } = KernelTime.FromSeconds(120);

    /// <summary>Timeout while no round trip was measured (<c>TCP_TIMEOUT_INIT</c>, RFC 6298 section 2.1).</summary>
    public KernelTime InitialRto { get; init; } = KernelTime.FromSeconds(1);

    /// <summary>Timeout for data when the handshake measured nothing (<c>TCP_TIMEOUT_FALLBACK</c>, RFC 6298 section 5.7).</summary>
    public KernelTime FallbackRto { get; init; } = KernelTime.FromSeconds(3);

    /// <summary>Segments out of order that are no sign of loss yet (<c>tcp_reordering</c>).</summary>
    public int Reordering { get; init; } = 3;

    /// <summary>What <see cref="Reordering"/> may grow to on a path that reorders (<c>tcp_max_reordering</c>).</summary>
    public int MaxReordering { get; init; } = 300;

    /// <summary>3 and 4 send tail loss probes (<c>tcp_early_retrans</c>).</summary>
    public int EarlyRetrans { get; init; } = 3;

    /// <summary>RACK: 0x2 keeps its reordering window fixed, 0x4 ignores the count of duplicates (<c>tcp_recovery</c>).</summary>
    public int Recovery { get; init; } = 0x1;

    /// <summary>Not 0: spurious timeouts are looked for (<c>tcp_frto</c>, RFC 5682).</summary>
    public int Frto { get; init; } = 2;

    /// <summary>How long a least round trip counts (<c>tcp_min_rtt_wlen</c>).</summary>
    public KernelTime MinRttWindow { get; init; } = KernelTime.FromSeconds(300);

    /// <summary>Pacing rate in slow start, in percent of window by round trip (<c>tcp_pacing_ss_ratio</c>).</summary>
    public int PacingSlowStartRatio { get; init; } = 200;

    /// <summary>Pacing rate in congestion avoidance, in percent (<c>tcp_pacing_ca_ratio</c>).</summary>
    public int PacingCongestionAvoidanceRatio { get; init; } = 120;

    /// <summary>The window shrinks while nothing is sent (<c>tcp_slow_start_after_idle</c>, RFC 2861).</summary>
    public bool SlowStartAfterIdle { get; init; } = true;

    /// <summary>Initial window in segments (<c>TCP_INIT_CWND</c>, RFC 6928; <c>initcwnd</c> of the route).</summary>
    public int InitialCwnd { get; init; } = 10;

    /// <summary>Small segments go out together when sent again (<c>tcp_retrans_collapse</c>).</summary>
    public bool RetransCollapse { get; init; } = true;

    /// <summary>Timeouts of a SYN before they double (<c>tcp_syn_linear_timeouts</c>).</summary>
    public int SynLinearTimeouts { get; init; } = 4;

    /// <summary>Timeouts of a stream with few segments out do not double at first (<c>tcp_thin_linear_timeouts</c>).</summary>
    public bool ThinLinearTimeouts { get; init; }
}
