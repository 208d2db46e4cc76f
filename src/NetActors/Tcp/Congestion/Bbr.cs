using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// BBR version 1 (draft-cardwell-iccrg-bbr-congestion-control-00; net/ipv4/tcp_bbr.c): sends at the bandwidth and with the window that
/// a model of the path allows, not by losses. This file answers the sender; the model stands beside it.
/// </summary>
public sealed partial class Bbr(KernelRandom random) : ICongestionControl
{
    /// <summary>1.0 of a gain (kernel: <c>BBR_UNIT</c>).</summary>
    public const int Unit = 1 << GainShift;

    private const int GainShift = 8; // BBR_SCALE
    private const int BwShift = 24; // BW_SCALE: bandwidth in segments a microsecond
    private const ulong BwUnit = 1UL << BwShift;
    private const int CycleLength = 8; // CYCLE_LEN
    private const int CycleRandom = 7; // bbr_cycle_rand
    private const int HighGain = (Unit * 2885 / 1000) + 1; // 2/ln 2: the least that doubles the rate each round trip
    private const int DrainGain = Unit * 1000 / 2885;
    private const int CwndGainSteady = Unit * 2;
    private const uint CwndMinTarget = 4; // bbr_cwnd_min_target
    private const int MarginPercent = 1; // bbr_pacing_margin_percent
    private const long MinTsoRate = 1_200_000; // bits a second below which bursts are one segment (bbr_min_tso_rate)
    private const int GsoMaxSize = 65536 - 1 - 320; // GSO_MAX_SIZE - 1 - MAX_TCP_HEADER

    private BbrMode _mode;
    private TcpCaState _prevCaState;
    private bool _packetConservation;
    private bool _idleRestart;
    private bool _hasSeenRtt;
    private uint _priorCwnd;

    private static ReadOnlySpan<int> CycleGains =>
        [Unit * 5 / 4, Unit * 3 / 4, Unit, Unit, Unit, Unit, Unit, Unit];

    /// <inheritdoc />
    public string Name => "bbr";

    /// <inheritdoc />
    public bool HasCongControl => true;

    /// <inheritdoc />
    public int SndbufExpand => 3; // it may slow start during recovery

    /// <summary>What it is doing.</summary>
    public BbrMode Mode => _mode;

    /// <summary>Gain of the pacing rate, in units of <see cref="Unit"/> (<c>bbr_pacing_gain</c> of <c>tcp_bbr_info</c>).</summary>
    public int PacingGain { get; private set; }

    /// <summary>Gain of the window, in units of <see cref="Unit"/> (<c>bbr_cwnd_gain</c>).</summary>
    public int CwndGain { get; private set; }

    /// <summary>Least round trip of the last ten seconds in microseconds (<c>bbr_min_rtt</c>).</summary>
    public uint MinRttUs { get; private set; }

    /// <summary>Estimated bandwidth of the path in bytes a second (<c>bbr_bw_lo</c>, <c>bbr_bw_hi</c>).</summary>
    public long Bandwidth(TcpCongestionState state) => (long)(((ulong)Bw * (ulong)state.Mss * 1_000_000) >> BwShift);

    /// <inheritdoc />
    public void Init(TcpCongestionState state)
    {
        state.Ssthresh = TcpCongestionState.InfiniteSsthresh;
        (_priorCwnd, _rounds, _nextRttDelivered) = (0, 0, 0);
        _prevCaState = TcpCaState.Open;
        (_packetConservation, _roundStart, _idleRestart) = (false, false, false);
        (_probeRttDoneAt, _probeRttRoundDone) = (0, false);
        MinRttUs = state.MinRttUs;
        _minRttStamp = state.NowJiffies;
        _maxBw.Reset(_rounds, 0);
        _hasSeenRtt = false;
        InitPacingRate(state);
        (_fullBwReached, _fullBw, _fullBwCount) = (false, 0, 0);
        (_cycleStartUs, _cycleIndex) = (0, 0);
        ResetLongTerm(state);
        _mode = BbrMode.Startup;
        (_ackEpochUs, _ackEpochAcked) = (state.NowUs, 0);
        (_extraAckedRounds, _extraAckedIndex, _extraAcked0, _extraAcked1) = (0, 0, 0, 0);
        state.IsPaced = true;
        UpdateGains();
    }

    /// <inheritdoc />
    public int Ssthresh(TcpCongestionState state)
    {
        SaveCwnd(state);
        return state.Ssthresh;
    }

    /// <inheritdoc />
    public void CongAvoid(TcpCongestionState state, uint ack, int acked) { }

    /// <inheritdoc />
    public int UndoCwnd(TcpCongestionState state)
    {
        (_fullBw, _fullBwCount) = (0, 0); // the slow-down was for nothing: look for a full pipe again
        ResetLongTerm(state);
        return state.Cwnd;
    }

    /// <inheritdoc />
    public void SetState(TcpCongestionState state, TcpCaState newState)
    {
        if (newState != TcpCaState.Loss) return;
        _prevCaState = TcpCaState.Loss;
        _fullBw = 0;
        _roundStart = true; // a timeout ends a round
        SampleLongTerm(state, losses: 1, appLimited: false);
    }

    /// <inheritdoc />
    public void CwndEvent(TcpCongestionState state, CongestionEvent what)
    {
        if (what != CongestionEvent.TxStart || state.AppLimited == 0) return;
        _idleRestart = true;
        (_ackEpochUs, _ackEpochAcked) = (state.NowUs, 0);
        if (_mode == BbrMode.ProbeBw) SetPacingRate(state, Bw, Unit); // no burst after silence
        else if (_mode == BbrMode.ProbeRtt) CheckProbeRttDone(state);
    }

    /// <inheritdoc />
    public void CongControl(TcpCongestionState state, RateSample sample)
    {
        UpdateModel(state, sample);
        SetPacingRate(state, Bw, PacingGain);
        SetCwnd(state, sample);
    }

    /// <inheritdoc />
    public int MinTsoSegs(TcpCongestionState state) => state.PacingRate < MinTsoRate >> 3 ? 1 : 2;

    private uint TsoSegsGoal(TcpCongestionState state)
    {
        var bytes = Math.Min(state.PacingRate >> 10, GsoMaxSize);
        return (uint)Math.Min(Math.Max(bytes / state.Mss, MinTsoSegs(state)), 0x7f);
    }

    private static ulong BytesPerSecond(TcpCongestionState state, ulong bw, int gain)
    {
        var rate = bw * (ulong)state.Mss * (ulong)gain >> GainShift;
        return rate * (1_000_000 / 100 * (100 - MarginPercent)) >> BwShift;
    }

    private void InitPacingRate(TcpCongestionState state)
    {
        var rttUs = 1000u; // USEC_PER_MSEC, while none was measured
        if (state.SrttUs8 != 0)
        {
            rttUs = Math.Max(state.SrttUs8 >> 3, 1);
            _hasSeenRtt = true;
        }

        state.PacingRate = Limit(state, BytesPerSecond(state, (ulong)state.Cwnd * BwUnit / rttUs, HighGain));
    }

    private void SetPacingRate(TcpCongestionState state, uint bw, int gain)
    {
        var rate = Limit(state, BytesPerSecond(state, bw, gain));
        if (!_hasSeenRtt && state.SrttUs8 != 0) InitPacingRate(state);
        if (_fullBwReached || rate > state.PacingRate) state.PacingRate = rate;
    }

    private static long Limit(TcpCongestionState state, ulong rate) => (long)Math.Min(rate, (ulong)state.MaxPacingRate);

    private void SaveCwnd(TcpCongestionState state) =>
        _priorCwnd = _prevCaState < TcpCaState.Recovery && _mode != BbrMode.ProbeRtt
            ? (uint)state.Cwnd
            : Math.Max(_priorCwnd, (uint)state.Cwnd);
}
