using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>
/// Takes acknowledged segments out and measures the round trip (kernel: <c>tcp_clean_rtx_queue</c>, <c>tcp_ack_update_rtt</c>).
/// </summary>
public sealed partial class TcpSender
{
    private void CleanQueue(uint priorFack, uint priorUna)
    {
        var priorSacked = _state.SackedOut;
        var acked = new Cleaned { Reord = SndNxt, FullyAcked = true };
        while (_queue.First is { } segment && TakeAcked(segment, ref acked))
        {
        }

        if (_queue.First is { } first && first.Has(SegmentTags.SackedAcked)) _flag |= AckFlags.SackReneging;
        var hadSackRtt = MeasureRtt(ref acked, priorSacked, priorUna, out var sackRttUs);
        if ((_flag & AckFlags.Acked) != 0)
        {
            _flag |= AckFlags.SetXmitTimer;
            if (IsReno) RemoveRenoSacks(acked.Count);
            else if (TcpSeq.Before(acked.Reord, priorFack)) CheckSackReordering(acked.Reord, byTimestamp: false);
            if (IsReno && (_flag & AckFlags.RetransDataAcked) != 0) _flag &= ~AckFlags.OrigSackAcked; // whose ACK it is is unknown
        }
        else if (hadSackRtt && _queue.First is { } head && sackRttUs > _state.NowUs - head.SentUs)
        {
            _flag |= AckFlags.SetXmitTimer; // the head was sent again after what arrived: do not time it out too early
        }

        var inFlight = (long)_state.Mss * (int)(_state.Delivered - _rate.PriorDelivered);
        _congestion.PktsAcked(_state, new AckSample(acked.Count, _rate.RttUs, inFlight));
    }

    /// <summary>Takes the oldest segment out, or the part of it that is acknowledged; false when nothing more is.</summary>
    private bool TakeAcked(TxSegment segment, ref Cleaned acked)
    {
        var start = segment.Seq;
        var count = segment.Count;
        if (!segment.Has(SegmentTags.SackedAcked)) _deliveredBytes += Math.Min((uint)segment.Length, SndUna - start);
        if (TcpSeq.After(segment.EndSeq, SndUna))
        {
            if (segment.Count == 1 || !TcpSeq.After(SndUna, segment.Seq)) return false;
            count = TrimHead(segment, SndUna);
            if (count == 0) return false;
            acked.FullyAcked = false;
        }

        if (segment.Has(SegmentTags.Retrans))
        {
            if (segment.Has(SegmentTags.SackedRetrans)) _state.RetransOut -= count;
            _flag |= AckFlags.RetransDataAcked;
        }
        else if (!segment.Has(SegmentTags.SackedAcked))
        {
            acked.LastUs = segment.SentUs;
            if (acked.FirstUs == 0) acked.FirstUs = segment.SentUs;
            if (TcpSeq.Before(start, acked.Reord)) acked.Reord = start;
            if (!TcpSeq.After(segment.EndSeq, _highSeq)) _flag |= AckFlags.OrigSackAcked;
        }

        CountAcked(segment, count);
        acked.Count += count;
        if (!acked.FullyAcked) return false;
        Drop(segment);
        return true;
    }

    private void CountAcked(TxSegment segment, int count)
    {
        if (segment.Has(SegmentTags.SackedAcked))
        {
            _state.SackedOut -= count;
        }
        else if (SackEnabled)
        {
            AddDelivered(count);
            if (!IsSpuriousRetransmission(segment)) AdvanceRack(segment.Tags, segment.EndSeq, segment.SentUs);
        }

        if (segment.Has(SegmentTags.Lost)) _state.LostOut -= count;
        _state.PacketsOut -= count;
        RateDelivered(segment);
        if ((segment.Flags & TcpFlags.Syn) == 0)
        {
            _flag |= AckFlags.DataAcked;
        }
        else
        {
            _flag |= AckFlags.SynAcked;
            _retransStampUs = 0;
        }
    }

    /// <summary>The oldest segment is gone.</summary>
    private void Drop(TxSegment segment)
    {
        if (segment == _retransmitHint) _retransmitHint = null;
        _order.Remove(segment);
        _queue.RemoveFirst();
        _pool.Return(segment);
    }

    /// <summary>Cuts acknowledged segments off a burst; answers how many (kernel: <c>tcp_tso_acked</c>, <c>tcp_trim_head</c>).</summary>
    private static int TrimHead(TxSegment segment, uint una)
    {
        var before = segment.Count;
        segment.Flags &= ~TcpFlags.Syn; // its number comes first
        segment.Seq = una;
        if (before > 1) segment.SetCount(segment.SegmentSize);
        return before - segment.Count;
    }

    /// <summary>
    /// Round trip of what was sent once (Karn), else of what arrived selectively, else by time stamp (RFC 7323 section 4).
    /// </summary>
    private bool MeasureRtt(ref Cleaned acked, int priorSacked, uint priorUna, out long sackRttUs)
    {
        long seqRttUs = -1, congestionRttUs = -1;
        sackRttUs = -1;
        if (acked.FirstUs != 0 && (_flag & AckFlags.RetransDataAcked) == 0)
        {
            seqRttUs = _state.NowUs - acked.FirstUs;
            congestionRttUs = _state.NowUs - acked.LastUs;
            if (acked.Count == 1 && acked.FullyAcked && priorSacked == 0 && SndUna - priorUna < Mss &&
                _rate.PriorDelivered + 1 == _state.Delivered && (_flag & (AckFlags.CaAlert | AckFlags.SynAcked)) == 0)
                _flag |= AckFlags.AckMaybeDelayed; // one short segment, and nothing else moved: the receiver may have waited
        }

        if (_firstSackUs != 0)
        {
            sackRttUs = _state.NowUs - _firstSackUs;
            congestionRttUs = _state.NowUs - _lastSackUs;
        }

        return UpdateRtt(_flag, seqRttUs, sackRttUs, congestionRttUs) && sackRttUs >= 0;
    }

    private bool UpdateRtt(AckFlags flag, long seqRttUs, long sackRttUs, long congestionRttUs)
    {
        if (seqRttUs < 0) seqRttUs = sackRttUs;
        if (seqRttUs < 0 && _tsEcho != 0 && (flag & AckFlags.Acked) != 0)
        {
            var delta = TimestampOf(_state.NowUs) - _tsEcho;
            if (delta < int.MaxValue / 1000) seqRttUs = congestionRttUs = Math.Max(delta, 1) * 1000L;
        }

        _rate.RttUs = congestionRttUs;
        if (seqRttUs < 0) return false;
        Rtt.SampleMinimum(congestionRttUs, (flag & AckFlags.AckMaybeDelayed) != 0);
        Rtt.Sample(seqRttUs);
        return true;
    }

    /// <summary>
    /// The millisecond that a segment sent at <paramref name="us"/> carries, without the offset (kernel: <c>tcp_skb_timestamp_ts</c>).
    /// </summary>
    private static uint TimestampOf(long us) => (uint)((us - ClockBaseUs) / 1000);

    private struct Cleaned
    {
        public uint Reord;
        public long FirstUs;
        public long LastUs;
        public int Count;
        public bool FullyAcked;
    }
}
