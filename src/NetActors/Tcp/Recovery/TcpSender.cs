using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// The sender's half of a connection after a segment has left: what is outstanding, what arrived, what is lost, when to send again and
/// how much may be out (kernel: the sender's part of net/ipv4/tcp_input.c, tcp_output.c, tcp_timer.c, tcp_rate.c, tcp_recovery.c).
/// Knows no bytes: ranges are sequence numbers, the data lies in the connection's send buffer.
/// </summary>
public sealed partial class TcpSender
{
    private const long ClockBaseUs = 1_000_000; // so that no stamp is 0, which means none, as on a kernel that has booted

    private readonly TcpSenderSettings _settings;
    private readonly TcpCongestionState _state;
    private readonly RetransmitQueue _queue;
    private TransmitOrder _order; // not readonly: it changes
    private readonly TxSegmentPool _pool;
    private readonly MibSet _mib;
    private ICongestionControl _congestion;
    private bool _established;

    /// <summary>A sender that has sent nothing.</summary>
    /// <param name="settings">The sysctls.</param>
    /// <param name="congestion">The algorithm, of this connection alone.</param>
    /// <param name="mib">The counters of the CPU.</param>
    /// <param name="pool">Spare descriptors of the CPU; null makes a pool of its own.</param>
    public TcpSender(TcpSenderSettings settings, ICongestionControl congestion, MibSet mib, TxSegmentPool? pool = null)
    {
        (_settings, _congestion, _mib) = (settings, congestion, mib);
        _pool = pool ?? new TxSegmentPool();
        _queue = new RetransmitQueue(_pool);
        _state = new TcpCongestionState(mib)
        {
            Cwnd = settings.InitialCwnd,
            Hz = settings.Jiffies.IsExact ? 1000 : settings.Jiffies.Hz,
        };
        Rtt = new RttEstimator(settings, _state);
        Reordering = settings.Reordering;
    }

    /// <summary>What waits in the host's queues; null when nobody accounts for it.</summary>
    public TcpSmallQueue? HostQueue { get; set; }

    /// <summary>First byte not acknowledged (<c>snd_una</c>).</summary>
    public uint SndUna => _state.SndUna;

    /// <summary>Next byte to be sent for the first time (<c>snd_nxt</c>).</summary>
    public uint SndNxt => _state.SndNxt;

    /// <summary>
    /// Number behind the last byte, and FIN, that waits to be sent (<c>write_seq</c>). The connection keeps it up to date: tail loss
    /// probes, F-RTO and rate samples ask whether there is something to send.
    /// </summary>
    public uint WriteSeq { get; set; }

    /// <summary>Bytes that wait to be sent for the first time.</summary>
    public uint UnsentBytes => TcpSeq.After(WriteSeq, SndNxt) ? WriteSeq - SndNxt : 0;

    /// <summary>The receiver's window in bytes (<c>snd_wnd</c>).</summary>
    public uint SndWnd { get; private set; }

    /// <summary>The greatest window it ever offered (<c>max_window</c>).</summary>
    public uint MaxWindow { get; private set; }

    /// <summary>Sequence number of the segment that last set the window (<c>snd_wl1</c>).</summary>
    public uint SndWl1 { get; private set; }

    /// <summary>Number behind the receiver's window (kernel: <c>tcp_wnd_end</c>).</summary>
    public uint WindowEnd => SndUna + SndWnd;

    /// <summary>Payload bytes of a full segment, options taken off (<c>mss_cache</c>).</summary>
    public int Mss
    {
        get => _state.Mss;
        set => _state.Mss = value;
    }

    /// <summary>Segments sent and not acknowledged cumulatively (<c>tcpi_unacked</c>).</summary>
    public int PacketsOut => _state.PacketsOut;

    /// <summary>Of these, known to have arrived (<c>tcpi_sacked</c>); without SACK the duplicate acknowledgements.</summary>
    public int SackedOut => _state.SackedOut;

    /// <summary>Of these, taken for lost (<c>tcpi_lost</c>).</summary>
    public int LostOut => _state.LostOut;

    /// <summary>Retransmissions in flight (<c>tcpi_retrans</c>).</summary>
    public int RetransOut => _state.RetransOut;

    /// <summary>Segments believed to be in the network (<c>tcp_packets_in_flight</c>).</summary>
    public int InFlight => _state.InFlight;

    /// <summary>Congestion window in segments.</summary>
    public int Cwnd => _state.Cwnd;

    /// <summary>Slow start threshold in segments; <see cref="TcpCongestionState.InfiniteSsthresh"/> for none.</summary>
    public int Ssthresh => _state.Ssthresh;

    /// <summary>The state of recovery.</summary>
    public TcpCaState CaState => _state.CaState;

    /// <summary>Segments that may arrive out of order before loss is assumed (<c>tcpi_reordering</c>).</summary>
    public int Reordering { get; private set; }

    /// <summary>The window was what limited the last round (<c>is_cwnd_limited</c>).</summary>
    public bool IsCwndLimited => _state.IsCwndLimited;

    /// <summary>Bytes a second (<c>tcpi_pacing_rate</c>); <see cref="long.MaxValue"/> before the first round trip.</summary>
    public long PacingRate => _state.PacingRate;

    /// <summary>The most that <see cref="PacingRate"/> may be (<c>SO_MAX_PACING_RATE</c>).</summary>
    public long MaxPacingRate
    {
        get => _state.MaxPacingRate;
        set
        {
            _state.MaxPacingRate = value;
            _state.PacingRate = Math.Min(_state.PacingRate, value);
            if (value != long.MaxValue) _state.IsPaced = true; // sock_setsockopt: SK_PACING_NEEDED
        }
    }

    /// <summary>Round trips and the timeout.</summary>
    public RttEstimator Rtt { get; }

    /// <summary>What congestion control works on.</summary>
    public TcpCongestionState Congestion => _state;

    /// <summary>The algorithm.</summary>
    public ICongestionControl CongestionControl => _congestion;

    /// <summary>The peer sends SACK (<c>tcp_is_sack</c>).</summary>
    public bool SackEnabled { get; set; }

    /// <summary>Time stamps were negotiated (<c>tstamp_ok</c>).</summary>
    public bool TimestampsEnabled { get; set; }

    /// <summary>What our time stamps are ahead of the clock in milliseconds (<c>tsoffset</c>).</summary>
    public uint TimestampOffset { get; set; }

    /// <summary>Accurate ECN; null when it was not asked for.</summary>
    internal TcpAccurateEcn? Accurate { get; set; }

    /// <summary>Packets that arrived with CE, as the peer says (<c>delivered_ce</c>).</summary>
    internal ref uint DeliveredCe => ref _state.DeliveredCe;

    /// <summary>ECN of RFC 3168 was negotiated.</summary>
    public bool EcnEnabled
    {
        get => _state.EcnOk;
        set => _state.EcnOk = value;
    }

    /// <summary>Timeouts in a row without an acknowledgement (<c>icsk_retransmits</c>).</summary>
    public int Retransmits { get; private set; }

    /// <summary>Segments sent again so far (<c>total_retrans</c>).</summary>
    public uint TotalRetrans { get; private set; }

    /// <summary>When the first retransmission of the present series went out; Never if none did (<c>retrans_stamp</c>).</summary>
    public KernelTime RetransStamp =>
        _retransStampUs == 0 ? KernelTime.Never : KernelTime.FromMicroseconds(_retransStampUs - ClockBaseUs);

    /// <summary>
    /// Sets where sequence numbers begin. An active opener passes its ISN and then <see cref="OnSent"/> for the SYN; a connection that a
    /// listener accepted passes ISN + 1.
    /// </summary>
    public void Start(uint first, KernelTime now)
    {
        Refresh(now);
        (_state.SndUna, _state.SndNxt, WriteSeq) = (first, first, first);
        (_highSeq, _highestSack, _cwndUsageSeq) = (first, first, first);
    }

    /// <summary>
    /// The peer's window in the handshake, in bytes, from a segment with number <paramref name="seq"/> (<c>tcp_init_wl</c>).
    /// </summary>
    public void SetWindow(uint bytes, uint seq)
    {
        SndWnd = bytes;
        MaxWindow = Math.Max(MaxWindow, bytes);
        SndWl1 = seq;
    }

    /// <summary>
    /// The handshake of an accepted connection is done: counts the SYN-ACK as delivered and takes its round trip in, unless it was sent
    /// more than once (kernel: <c>tcp_rcv_state_process</c>, <c>tcp_synack_rtt_meas</c>). Comes before <see cref="OnEstablished"/>.
    /// </summary>
    public void OnAccepted(KernelTime? handshakeRtt, KernelTime now)
    {
        Refresh(now);
        _state.Delivered++;
        if (Rtt.HasSample) return;
        _rate.Reset();
        var rttUs = handshakeRtt is { } rtt ? rtt.Microseconds : -1;
        UpdateRtt(AckFlags.SynAcked, rttUs, -1, rttUs);
    }

    /// <summary>
    /// The connection is established: initial window, what is known of the path, congestion control (<c>tcp_init_transfer</c>).
    /// </summary>
    public void OnEstablished(KernelTime now, in TcpPathMetrics metrics = default)
    {
        Refresh(now);
        if (metrics.LockedCwnd > 0) _state.CwndClamp = metrics.LockedCwnd;
        if (metrics.Ssthresh > 0) _state.Ssthresh = Math.Min(metrics.Ssthresh, _state.CwndClamp);
        if (metrics.Reordering > 0) Reordering = metrics.Reordering;
        if (metrics.Rtt > Rtt.Srtt) Rtt.Seed(metrics.Rtt);
        else if (!Rtt.HasSample) Rtt.FallBack();

        // A handshake that had to be sent more than twice speaks for a bad path (RFC 6298 section 5.7, tcp_init_transfer).
        _state.Cwnd = TotalRetrans > 1 && _hasUndoMarker ? 1 : InitialCwnd;
        _cwndStamp = _state.LastSendJiffies = _state.NowJiffies; // no restart of the window at the first data
        _established = true;
        InitCongestionControl();
        if (!_congestion.HasCongControl && Rtt.HasSample) UpdatePacingRate(); // tcp_rcv_state_process, TCP_SYN_RECV
    }

    /// <summary>Changes the algorithm of a running connection (kernel: <c>tcp_reinit_congestion_control</c>).</summary>
    public void SetCongestionControl(ICongestionControl congestion, KernelTime now)
    {
        Refresh(now);
        _congestion = congestion;
        if (_established) InitCongestionControl();
    }

    private void InitCongestionControl()
    {
        _priorSsthresh = 0; // what another algorithm reduced is not undone
        _congestion.Init(_state);
    }

    private int InitialCwnd => Math.Min(_settings.InitialCwnd, _state.CwndClamp);

    private bool IsReno => !SackEnabled;

    private void Refresh(KernelTime now)
    {
        _state.NowNs = now.Nanoseconds;
        _state.NowUs = now.Microseconds + ClockBaseUs;
        _state.NowJiffies = (uint)(_settings.Jiffies.IsExact ? now.Nanoseconds / 1_000_000 : _settings.Jiffies.At(now));
    }

    private void SetCaState(TcpCaState next)
    {
        _congestion.SetState(_state, next);
        _state.CaState = next;
    }

    private void Count(LinuxMib counter, long value = 1) => _mib.Add(counter, value);
}
