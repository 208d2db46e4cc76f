using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>
/// The sender's numbers that congestion control reads and writes (kernel: the part of <c>struct tcp_sock</c> that its modules use). Plain
/// fields, as in C; counts are segments, stamps microseconds, unless their name says otherwise.
/// </summary>
public sealed class TcpCongestionState
{
    /// <summary>No threshold: slow start goes on (kernel: <c>TCP_INFINITE_SSTHRESH</c>).</summary>
    public const int InfiniteSsthresh = 0x7fff_ffff;

    /// <summary>The least round trip while none was measured (kernel: <c>~0U</c>).</summary>
    public const uint NoMinRtt = uint.MaxValue;

    internal TcpCongestionState(MibSet mib) => Mib = mib;

    /// <summary>The counters of the CPU.</summary>
    public MibSet Mib { get; }

    /// <summary>Congestion window (<c>snd_cwnd</c>).</summary>
    public int Cwnd;

    /// <summary>Slow start threshold (<c>snd_ssthresh</c>).</summary>
    public int Ssthresh = InfiniteSsthresh;

    /// <summary>Segments delivered since the window last grew (<c>snd_cwnd_cnt</c>).</summary>
    public int CwndCount;

    /// <summary>The window grows no further (<c>snd_cwnd_clamp</c>).</summary>
    public int CwndClamp = int.MaxValue;

    /// <summary>The window before the reduction that runs or ran last (<c>prior_cwnd</c>).</summary>
    public int PriorCwnd;

    /// <summary>Payload bytes of a full segment (<c>mss_cache</c>).</summary>
    public int Mss = 536;

    /// <summary>Smoothed round trip in eighths of a microsecond (<c>srtt_us</c>); 0 before the first sample.</summary>
    public uint SrttUs8;

    /// <summary>Least round trip of the last minutes in microseconds (<c>tcp_min_rtt</c>).</summary>
    public uint MinRttUs = NoMinRtt;

    /// <summary>First byte not acknowledged (<c>snd_una</c>).</summary>
    public uint SndUna;

    /// <summary>Next byte to be sent for the first time (<c>snd_nxt</c>).</summary>
    public uint SndNxt;

    /// <summary>Segments sent and not acknowledged cumulatively (<c>packets_out</c>).</summary>
    public int PacketsOut;

    /// <summary>Of these, known to have arrived (<c>sacked_out</c>).</summary>
    public int SackedOut;

    /// <summary>Of these, taken for lost (<c>lost_out</c>).</summary>
    public int LostOut;

    /// <summary>Retransmissions in flight (<c>retrans_out</c>).</summary>
    public int RetransOut;

    /// <summary>Segments delivered so far, retransmissions included (<c>delivered</c>); wraps around.</summary>
    public uint Delivered;

    /// <summary>Of these, reported with a mark of congestion (<c>delivered_ce</c>).</summary>
    public uint DeliveredCe;

    /// <summary>Segments taken for lost so far (<c>lost</c>).</summary>
    public uint Lost;

    /// <summary>When <see cref="Delivered"/> last grew (<c>delivered_mstamp</c>).</summary>
    public long DeliveredUs;

    /// <summary>
    /// The count of delivered segments at which the application stops being the limit; 0 when it is none (<c>app_limited</c>).
    /// </summary>
    public uint AppLimited = uint.MaxValue;

    /// <summary>The state of recovery (<c>icsk_ca_state</c>).</summary>
    public TcpCaState CaState;

    /// <summary>The window was filled in the last round (<c>is_cwnd_limited</c>).</summary>
    public bool IsCwndLimited;

    /// <summary>Most segments outstanding in that round when it was not filled (<c>max_packets_out</c>).</summary>
    public int MaxPacketsOut;

    /// <summary>Bytes a second that are let go (<c>sk_pacing_rate</c>); <see cref="long.MaxValue"/> for no limit.</summary>
    public long PacingRate = long.MaxValue;

    /// <summary>The most that <see cref="PacingRate"/> may be (<c>SO_MAX_PACING_RATE</c>).</summary>
    public long MaxPacingRate = long.MaxValue;

    /// <summary>Segments are spaced by <see cref="PacingRate"/> (<c>sk_pacing_status</c> is not <c>SK_PACING_NONE</c>).</summary>
    public bool IsPaced;

    /// <summary>Largest burst that the device cuts into segments, in bytes (<c>sk_gso_max_size</c>).</summary>
    public int GsoMaxSize = 65536;

    /// <summary>When data was last sent, in jiffies (<c>lsndtime</c>).</summary>
    public uint LastSendJiffies;

    /// <summary>The time of the input at hand in microseconds (<c>tcp_mstamp</c>).</summary>
    public long NowUs;

    /// <summary>The same in nanoseconds (<c>tcp_clock_cache</c>).</summary>
    public long NowNs;

    /// <summary>The same in jiffies (<c>tcp_jiffies32</c>).</summary>
    public uint NowJiffies;

    /// <summary>Jiffies a second (<c>HZ</c>); 1000 on a host without a tick.</summary>
    public int Hz = 1000;

    /// <summary>The departure time of the last paced segment and of the pause behind it, in nanoseconds (<c>tcp_wstamp_ns</c>).</summary>
    public long DepartureNs = -1_000_000_000; // long ago

    /// <summary>ECN was negotiated (<c>TCP_ECN_OK</c>).</summary>
    public bool EcnOk;

    /// <summary>Segments believed to be in the network (kernel: <c>tcp_packets_in_flight</c>, RFC 6675's pipe).</summary>
    public int InFlight => PacketsOut - (SackedOut + LostOut) + RetransOut;

    /// <summary>The window doubles each round trip (kernel: <c>tcp_in_slow_start</c>).</summary>
    public bool InSlowStart => Cwnd < Ssthresh;

    /// <summary>A reduction of the window runs (kernel: <c>tcp_in_cwnd_reduction</c>).</summary>
    public bool InCwndReduction => CaState is TcpCaState.CWR or TcpCaState.Recovery;

    /// <summary>The threshold to be remembered (kernel: <c>tcp_current_ssthresh</c>).</summary>
    public int CurrentSsthresh => InCwndReduction ? Ssthresh : Math.Max(Ssthresh, (Cwnd >> 1) + (Cwnd >> 2));

    /// <summary>
    /// The window is what holds the sender back, so that it may grow (kernel: <c>tcp_is_cwnd_limited</c>, RFC 7661): in slow start also
    /// when less than twice of what was out is allowed.
    /// </summary>
    public bool MayGrow => IsCwndLimited || (InSlowStart && Cwnd < 2L * MaxPacketsOut);
}
