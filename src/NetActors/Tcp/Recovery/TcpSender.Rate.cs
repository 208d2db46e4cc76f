namespace NetActors.Tcp;

/// <summary>Measures the delivery rate (kernel: net/ipv4/tcp_rate.c) and paces by the window (<c>tcp_update_pacing_rate</c>).</summary>
public sealed partial class TcpSender
{
    private readonly RateSample _rate = new();
    private long _firstSentUs; // first_tx_mstamp
    private uint _rateEndSeq; // last_end_seq: of two segments with one stamp the later number is the newer
    private uint _rateDelivered;
    private long _rateIntervalUs;
    private bool _rateAppLimited = true;

    /// <summary>
    /// Highest delivery rate shown lately in bytes a second; 0 before the first (kernel: <c>tcp_compute_delivery_rate</c>).
    /// </summary>
    public long DeliveryRate => _rateIntervalUs == 0 ? 0 : (long)_rateDelivered * _state.Mss * 1_000_000 / _rateIntervalUs;

    /// <summary>That rate was the application's, not the path's (<c>tcpi_delivery_rate_app_limited</c>).</summary>
    public bool IsDeliveryRateAppLimited => _rateAppLimited;

    private void SnapshotRate(TxSegment segment)
    {
        if (_state.PacketsOut == 0) _firstSentUs = _state.DeliveredUs = segment.SentUs;
        segment.FirstSentUs = _firstSentUs;
        segment.DeliveredUs = _state.DeliveredUs;
        segment.Delivered = _state.Delivered;
        segment.IsAppLimited = _state.AppLimited != 0;
    }

    /// <summary>The newest segment delivered gives the sample (kernel: <c>tcp_rate_skb_delivered</c>).</summary>
    private void RateDelivered(TxSegment segment)
    {
        if (segment.DeliveredUs == 0) return;
        if (_rate.PriorDelivered == 0 || IsSentAfter(segment.SentUs, _firstSentUs, segment.EndSeq, _rateEndSeq))
        {
            _rate.PriorDelivered = segment.Delivered;
            _rate.PriorUs = segment.DeliveredUs;
            _rate.IsAppLimited = segment.IsAppLimited;
            _rate.IsRetrans = segment.Has(SegmentTags.Retrans);
            _rateEndSeq = segment.EndSeq;
            _firstSentUs = segment.SentUs;
            _rate.IntervalUs = _firstSentUs - segment.FirstSentUs;
        }

        if (segment.Has(SegmentTags.SackedAcked)) segment.DeliveredUs = 0; // not again when acknowledged cumulatively
    }

    /// <summary>Finishes the sample (kernel: <c>tcp_rate_gen</c>).</summary>
    private void FinishRateSample(int delivered, int lost, bool isReneging)
    {
        if (_state.AppLimited != 0 && TcpSeq.After(_state.Delivered, _state.AppLimited)) _state.AppLimited = 0;
        if (delivered != 0) _state.DeliveredUs = _state.NowUs;
        (_rate.AckedSacked, _rate.Losses) = (delivered, lost);
        if (_rate.PriorUs == 0 || isReneging)
        {
            (_rate.Delivered, _rate.IntervalUs) = (-1, -1);
            return;
        }

        _rate.Delivered = (int)(_state.Delivered - _rate.PriorDelivered);
        _rate.IntervalUs = Math.Max(_rate.IntervalUs, _state.NowUs - _rate.PriorUs); // the longer phase, against compressed ACKs
        if (_rate.IntervalUs < _state.MinRttUs)
        {
            _rate.IntervalUs = -1; // faster than the path can be: a spurious retransmission
            return;
        }

        if (_rate.IsAppLimited && _rate.Delivered * _rateIntervalUs < _rateDelivered * _rate.IntervalUs) return;
        (_rateDelivered, _rateIntervalUs, _rateAppLimited) = ((uint)_rate.Delivered, _rate.IntervalUs, _rate.IsAppLimited);
    }

    /// <summary>Twice a window a round trip in slow start, 1.2 times afterwards (kernel: <c>tcp_update_pacing_rate</c>).</summary>
    private void UpdatePacingRate()
    {
        var rate = (ulong)_state.Mss * (1_000_000 / 100 << 3);
        rate *= (ulong)(_state.Cwnd < _state.Ssthresh / 2 ? _settings.PacingSlowStartRatio : _settings.PacingCongestionAvoidanceRatio);
        rate *= (ulong)Math.Max(_state.Cwnd, _state.PacketsOut);
        if (_state.SrttUs8 != 0) rate /= _state.SrttUs8;
        _state.PacingRate = (long)Math.Min(rate, (ulong)_state.MaxPacingRate);
    }
}
