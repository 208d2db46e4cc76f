using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Smooths round trips into a retransmission timeout (RFC 6298) as the kernel does: the deviation rises at once, falls once a round trip
/// and never lies below the least timeout (kernel: <c>tcp_rtt_estimator</c>, <c>tcp_set_rto</c>).
/// </summary>
public sealed class RttEstimator
{
    private const int ThinLinearTimeouts = 6; // TCP_THIN_LINEAR_RETRIES

    private readonly TcpSenderSettings _settings;
    private readonly TcpCongestionState _state;
    private WindowedExtremum _minRtt;
    private uint _mdevUs; // mean deviation, in quarters of a microsecond
    private uint _mdevMaxUs; // its greatest value of this round trip
    private uint _rttvarUs;
    private uint _roundEnd; // rtt_seq: a round trip ends when this number is acknowledged

    internal RttEstimator(TcpSenderSettings settings, TcpCongestionState state)
    {
        (_settings, _state) = (settings, state);
        Rto = settings.InitialRto;
        _mdevUs = (uint)settings.InitialRto.Microseconds;
        _minRtt.Reset(0, TcpCongestionState.NoMinRtt);
    }

    /// <summary>Smoothed round trip; zero before the first sample (<c>tcpi_rtt</c>).</summary>
    public KernelTime Srtt => KernelTime.FromMicroseconds(_state.SrttUs8 >> 3);

    /// <summary>Mean deviation (<c>tcpi_rttvar</c>).</summary>
    public KernelTime Rttvar => KernelTime.FromMicroseconds(_mdevUs >> 2);

    /// <summary>Least round trip of the window of <c>tcp_min_rtt_wlen</c>; Never before the first (<c>tcpi_min_rtt</c>).</summary>
    public KernelTime MinRtt =>
        _state.MinRttUs == TcpCongestionState.NoMinRtt ? KernelTime.Never : KernelTime.FromMicroseconds(_state.MinRttUs);

    /// <summary>Retransmission timeout, its doublings included (<c>icsk_rto</c>).</summary>
    public KernelTime Rto { get; private set; }

    /// <summary>How often the timeout was doubled since the last sample (<c>icsk_backoff</c>).</summary>
    public int Backoff { get; private set; }

    /// <summary>True once a round trip was measured.</summary>
    public bool HasSample => _state.SrttUs8 != 0;

    /// <summary>Takes a round trip in and sets the timeout anew.</summary>
    internal void Sample(long rttUs)
    {
        Smooth(rttUs);
        Rto = Bound(FromEstimate());
        Backoff = 0;
    }

    /// <summary>Takes a round trip in for the least (kernel: <c>tcp_update_rtt_min</c>).</summary>
    internal void SampleMinimum(long rttUs, bool maybeDelayed)
    {
        if (maybeDelayed && rttUs > _state.MinRttUs) return; // the receiver's delay is no property of the path
        var window = (uint)_settings.Jiffies.Covering(_settings.MinRttWindow);
        if (_settings.Jiffies.IsExact) window = (uint)(_settings.MinRttWindow.Nanoseconds / 1_000_000);
        var value = rttUs > 0 ? rttUs : 1_000_000 / _state.Hz;
        _state.MinRttUs = _minRtt.RunningMin(window, _state.NowJiffies, (uint)Math.Clamp(value, 0, uint.MaxValue - 1));
    }

    /// <summary>The handshake measured nothing, so data waits longer (kernel: <c>tcp_init_metrics</c>; RFC 6298 section 5.7).</summary>
    internal void FallBack()
    {
        _rttvarUs = _mdevUs = _mdevMaxUs = (uint)_settings.FallbackRto.Microseconds;
        Rto = _settings.FallbackRto;
    }

    /// <summary>The timeout follows from a round trip that an earlier connection to the same host measured.</summary>
    internal void Seed(KernelTime cachedRtt) =>
        Rto = Bound(cachedRtt + KernelTime.Max(cachedRtt * 2, _settings.RtoMin));

    /// <summary>Doubles the timeout (RFC 6298 section 5.5).</summary>
    internal void Double()
    {
        Backoff++;
        Rto = KernelTime.Min(Rto * 2, _settings.RtoMax);
    }

    /// <summary>The first timeouts of a thin stream do not double (kernel: <c>tcp_retransmit_timer</c>).</summary>
    internal bool TryLinear(int packetsOut, bool inSlowStartForever, int retransmits)
    {
        const int thin = 4; // tcp_stream_is_thin
        if (!_settings.ThinLinearTimeouts || packetsOut >= thin || inSlowStartForever || retransmits > ThinLinearTimeouts) return false;
        Backoff = 0;
        Rto = KernelTime.Max(Bound(FromEstimate()), _settings.RtoMin);
        return true;
    }

    private KernelTime FromEstimate() =>
        _settings.Jiffies.RoundUp(KernelTime.FromMicroseconds((_state.SrttUs8 >> 3) + _rttvarUs));

    private KernelTime Bound(KernelTime rto) => KernelTime.Min(rto, _settings.RtoMax);

    private void Smooth(long rttUs)
    {
        var rtoMinUs = (uint)_settings.RtoMin.Microseconds;
        long srtt = _state.SrttUs8;
        if (srtt == 0)
        {
            srtt = rttUs << 3;
            _mdevUs = (uint)(rttUs << 1);
            _mdevMaxUs = _rttvarUs = Math.Max(_mdevUs, rtoMinUs);
            _roundEnd = _state.SndNxt;
        }
        else
        {
            var error = rttUs - (srtt >> 3);
            srtt += error;
            Deviate(error);
            if (TcpSeq.After(_state.SndUna, _roundEnd)) EndRound(rtoMinUs);
        }

        _state.SrttUs8 = (uint)Math.Clamp(srtt, 1, uint.MaxValue);
    }

    private void Deviate(long error)
    {
        var change = Math.Abs(error) - (_mdevUs >> 2);
        if (error < 0 && change > 0) change >>= 3; // a round trip that falls must not raise the timeout much (Eifel)
        _mdevUs = (uint)(_mdevUs + change);
        if (_mdevUs <= _mdevMaxUs) return;
        _mdevMaxUs = _mdevUs;
        _rttvarUs = Math.Max(_rttvarUs, _mdevMaxUs);
    }

    private void EndRound(uint rtoMinUs)
    {
        if (_mdevMaxUs < _rttvarUs) _rttvarUs -= (_rttvarUs - _mdevMaxUs) >> 2;
        _roundEnd = _state.SndNxt;
        _mdevMaxUs = rtoMinUs;
    }
}
