namespace NetActors.Tcp;

/// <summary>
/// BBR's model of the path: greatest bandwidth of ten rounds, least round trip of ten seconds (kernel: <c>bbr_update_model</c>).
/// </summary>
public sealed partial class Bbr
{
    private const uint BwRounds = CycleLength + 2; // bbr_bw_rtts
    private const int MinRttSeconds = 10; // bbr_min_rtt_win_sec
    private const int ProbeRttMilliseconds = 200; // bbr_probe_rtt_mode_ms
    private const int FullBwThreshold = Unit * 5 / 4;
    private const int FullBwRounds = 3;
    private const int ExtraAckedWindowRounds = 5; // bbr_extra_acked_win_rtts
    private const uint AckEpochMax = 0xf_ffff;

    private WindowedExtremum _maxBw;
    private uint _rounds; // rtt_cnt
    private uint _nextRttDelivered;
    private bool _roundStart;
    private bool _fullBwReached;
    private uint _fullBw;
    private int _fullBwCount;
    private long _cycleStartUs;
    private int _cycleIndex;
    private uint _minRttStamp;
    private uint _probeRttDoneAt; // jiffies; 0 for none
    private bool _probeRttRoundDone;
    private long _ackEpochUs;
    private uint _ackEpochAcked;
    private int _extraAckedRounds;
    private int _extraAckedIndex;
    private uint _extraAcked0, _extraAcked1;

    private uint Bw => _longTermUsed ? _longTermBw : _maxBw.Value;

    private void UpdateModel(TcpCongestionState state, RateSample sample)
    {
        UpdateBandwidth(state, sample);
        UpdateAckAggregation(state, sample);
        if (_mode == BbrMode.ProbeBw && IsNextPhase(state, sample)) AdvancePhase(state);
        CheckFullPipe(sample);
        CheckDrain(state);
        UpdateMinRtt(state, sample);
        UpdateGains();
    }

    private void UpdateBandwidth(TcpCongestionState state, RateSample sample)
    {
        _roundStart = false;
        if (sample.Delivered < 0 || sample.IntervalUs <= 0) return;
        if (!TcpSeq.Before(sample.PriorDelivered, _nextRttDelivered))
        {
            _nextRttDelivered = state.Delivered;
            _rounds++;
            _roundStart = true;
            _packetConservation = false;
        }

        SampleLongTerm(state, sample.Losses, sample.IsAppLimited);
        var bw = (uint)((ulong)sample.Delivered * BwUnit / (ulong)sample.IntervalUs);
        if (!sample.IsAppLimited || bw >= _maxBw.Value) _maxBw.RunningMax(BwRounds, _rounds, bw);
    }

    /// <summary>
    /// How many segments more than the rate explains come acknowledged at once (kernel: <c>bbr_update_ack_aggregation</c>).
    /// </summary>
    private void UpdateAckAggregation(TcpCongestionState state, RateSample sample)
    {
        if (sample.AckedSacked <= 0 || sample.Delivered < 0 || sample.IntervalUs <= 0) return;
        if (_roundStart) AgeExtraAcked();

        var acked = (uint)sample.AckedSacked;
        var expected = (uint)((ulong)Bw * (ulong)(state.DeliveredUs - _ackEpochUs) / BwUnit);
        if (_ackEpochAcked <= expected || _ackEpochAcked + acked >= AckEpochMax + 1)
        {
            _ackEpochAcked = 0;
            _ackEpochUs = state.DeliveredUs;
            expected = 0;
        }

        _ackEpochAcked = Math.Min(AckEpochMax, _ackEpochAcked + acked);
        var extra = Math.Min(_ackEpochAcked - expected, (uint)state.Cwnd);
        if (_extraAckedIndex == 0) _extraAcked0 = Math.Max(_extraAcked0, extra);
        else _extraAcked1 = Math.Max(_extraAcked1, extra);
    }

    private void AgeExtraAcked()
    {
        _extraAckedRounds = Math.Min(0x1f, _extraAckedRounds + 1);
        if (_extraAckedRounds < ExtraAckedWindowRounds) return;
        _extraAckedRounds = 0;
        _extraAckedIndex ^= 1;
        if (_extraAckedIndex == 0) _extraAcked0 = 0;
        else _extraAcked1 = 0;
    }

    /// <summary>
    /// The phase of the gain cycle is over: in time, or in what it wanted in flight (kernel: <c>bbr_is_next_cycle_phase</c>).
    /// </summary>
    private bool IsNextPhase(TcpCongestionState state, RateSample sample)
    {
        var full = state.DeliveredUs - _cycleStartUs > MinRttUs;
        if (PacingGain == Unit) return full;
        var inFlight = PacketsInNetAtDeparture(state, (uint)sample.PriorInFlight);
        if (PacingGain > Unit) return full && (sample.Losses > 0 || inFlight >= Inflight(state, _maxBw.Value, PacingGain));
        return full || inFlight <= Inflight(state, _maxBw.Value, Unit);
    }

    private void AdvancePhase(TcpCongestionState state)
    {
        _cycleIndex = (_cycleIndex + 1) & (CycleLength - 1);
        _cycleStartUs = state.DeliveredUs;
    }

    private void EnterProbeBw(TcpCongestionState state)
    {
        _mode = BbrMode.ProbeBw;
        _cycleIndex = CycleLength - 1 - (int)random.NextBelow(CycleRandom); // anywhere but in the phase that drains
        AdvancePhase(state);
    }

    private void CheckFullPipe(RateSample sample)
    {
        if (_fullBwReached || !_roundStart || sample.IsAppLimited) return;
        if (_maxBw.Value >= (uint)((ulong)_fullBw * FullBwThreshold >> GainShift))
        {
            (_fullBw, _fullBwCount) = (_maxBw.Value, 0);
            return;
        }

        _fullBwReached = ++_fullBwCount >= FullBwRounds;
    }

    private void CheckDrain(TcpCongestionState state)
    {
        if (_mode == BbrMode.Startup && _fullBwReached)
        {
            _mode = BbrMode.Drain;
            state.Ssthresh = (int)Inflight(state, _maxBw.Value, Unit);
        }

        if (_mode == BbrMode.Drain && PacketsInNetAtDeparture(state, (uint)state.InFlight) <= Inflight(state, _maxBw.Value, Unit))
            EnterProbeBw(state);
    }

    private void UpdateMinRtt(TcpCongestionState state, RateSample sample)
    {
        var expired = TcpSeq.After(state.NowJiffies, _minRttStamp + (uint)(MinRttSeconds * state.Hz));
        if (sample.RttUs >= 0 && (sample.RttUs < MinRttUs || (expired && !sample.IsAckDelayed)))
        {
            MinRttUs = (uint)sample.RttUs;
            _minRttStamp = state.NowJiffies;
        }

        if (expired && !_idleRestart && _mode != BbrMode.ProbeRtt)
        {
            _mode = BbrMode.ProbeRtt;
            SaveCwnd(state);
            _probeRttDoneAt = 0;
        }

        if (_mode == BbrMode.ProbeRtt) ProbeRtt(state);
        if (sample.Delivered > 0) _idleRestart = false;
    }

    /// <summary>At most four segments for 200 ms and a round.</summary>
    private void ProbeRtt(TcpCongestionState state)
    {
        state.AppLimited = Math.Max(state.Delivered + (uint)state.InFlight, 1); // the low rate says nothing of the path
        if (_probeRttDoneAt == 0 && state.InFlight <= CwndMinTarget)
        {
            _probeRttDoneAt = Math.Max(state.NowJiffies + (uint)(ProbeRttMilliseconds * state.Hz / 1000), 1);
            _probeRttRoundDone = false;
            _nextRttDelivered = state.Delivered;
        }
        else if (_probeRttDoneAt != 0)
        {
            if (_roundStart) _probeRttRoundDone = true;
            if (_probeRttRoundDone) CheckProbeRttDone(state);
        }
    }

    private void CheckProbeRttDone(TcpCongestionState state)
    {
        if (_probeRttDoneAt == 0 || !TcpSeq.After(state.NowJiffies, _probeRttDoneAt)) return;
        _minRttStamp = state.NowJiffies;
        state.Cwnd = (int)Math.Max((uint)state.Cwnd, _priorCwnd);
        if (_fullBwReached) EnterProbeBw(state);
        else _mode = BbrMode.Startup;
    }

    private void UpdateGains() => (PacingGain, CwndGain) = _mode switch
    {
        BbrMode.Startup => (HighGain, HighGain),
        BbrMode.Drain => (DrainGain, HighGain),
        BbrMode.ProbeBw => (_longTermUsed ? Unit : CycleGains[_cycleIndex], CwndGainSteady),
        _ => (Unit, Unit),
    };
}
