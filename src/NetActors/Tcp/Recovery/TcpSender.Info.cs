using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>The sender's share of <c>struct tcp_info</c> (kernel: <c>tcp_get_info</c>), and the end of the connection.</summary>
public sealed partial class TcpSender
{
    private ulong _bytesAcked;
    private ulong _bytesSent;
    private int _totalRtoRecoveries;
    private long _totalRtoTimeMs;
    private long _rtoStampUs; // when the present series of timeouts began; 0 for none

    /// <summary>Writes the sender's fields of <paramref name="info"/> and leaves the others.</summary>
    public void FillInfo(ref TcpInfo info, KernelTime now)
    {
        Refresh(now);
        FillRecovery(ref info);
        info.Rto = (uint)Rtt.Rto.Microseconds;
        info.Rtt = _state.SrttUs8 >> 3;
        info.Rttvar = (uint)Rtt.Rttvar.Microseconds;
        info.MinRtt = _state.MinRttUs;
        info.SndMss = (uint)Mss;
        info.SndCwnd = (uint)Cwnd;
        info.SndSsthresh = (uint)Ssthresh;
        info.SndWnd = SndWnd;
        info.NotsentBytes = UnsentBytes;
        info.LastDataSent = (_state.NowJiffies - _state.LastSendJiffies) * 1000 / (uint)_state.Hz;
        info.PacingRate = PacingRate == long.MaxValue ? ulong.MaxValue : (ulong)PacingRate;
        info.MaxPacingRate = MaxPacingRate == long.MaxValue ? ulong.MaxValue : (ulong)MaxPacingRate;
        info.DeliveryRate = (ulong)DeliveryRate;
        info.DeliveryRateAppLimited = IsDeliveryRateAppLimited;
        (info.BytesAcked, info.BytesSent, info.BytesRetrans) = (_bytesAcked, _bytesSent, _bytesRetrans);
        info.DataSegsOut = _dataSegmentsOut;
        (info.Delivered, info.DeliveredCe) = (_state.Delivered, _state.DeliveredCe);
    }

    /// <summary>The connection is over: gives the descriptors back and stops the timer (kernel: <c>tcp_write_queue_purge</c>).</summary>
    public void Stop()
    {
        while (_queue.First is { } segment) Drop(segment);
        (_state.PacketsOut, _state.SackedOut, _state.LostOut, _state.RetransOut) = (0, 0, 0, 0);
        (_pending, _pacingWaits) = (PendingRetransmit.None, false);
        ClearTimer();
    }

    private void FillRecovery(ref TcpInfo info)
    {
        info.CaState = (byte)CaState;
        info.Retransmits = (byte)Retransmits;
        info.Backoff = (byte)Rtt.Backoff;
        info.Unacked = (uint)PacketsOut;
        info.Sacked = (uint)SackedOut;
        info.Lost = (uint)LostOut;
        info.Retrans = (uint)RetransOut;
        info.TotalRetrans = TotalRetrans;
        info.Reordering = (uint)Reordering;
        (info.DsackDups, info.ReordSeen) = (_dsackDups, ReordSeen);
        (info.TotalRto, info.TotalRtoRecoveries) = ((ushort)_totalRto, (ushort)_totalRtoRecoveries);
        info.TotalRtoTime = (uint)_totalRtoTimeMs;
    }

    /// <summary>Throws when the counters do not agree with the queue; for the tests.</summary>
    internal void VerifyCounts()
    {
        int outstanding = 0, sacked = 0, lost = 0, retrans = 0;
        var next = _queue.First?.Seq ?? SndNxt;
        for (var i = 0; i < _queue.Count; i++)
        {
            var segment = _queue[i];
            if (segment.Seq != next) throw new InvalidOperationException("the queue has a gap");
            next = segment.EndSeq;
            outstanding += segment.Count;
            if (segment.Has(SegmentTags.SackedAcked)) sacked += segment.Count;
            if (segment.Has(SegmentTags.Lost)) lost += segment.Count;
            if (segment.Has(SegmentTags.SackedRetrans)) retrans += segment.Count;
        }

        if (IsReno) sacked = SackedOut;
        if (next != SndNxt || outstanding != PacketsOut || sacked != SackedOut || lost != LostOut || retrans != RetransOut)
        {
            throw new InvalidOperationException(
                $"queue {outstanding}/{sacked}/{lost}/{retrans}, counters {PacketsOut}/{SackedOut}/{LostOut}/{RetransOut}");
        }
    }

    /// <summary>Whether the segment with number <paramref name="seq"/> is known to have arrived; for the tests.</summary>
    internal bool IsSacked(uint seq) => _queue.IndexOf(seq) is >= 0 and var index && _queue[index].Has(SegmentTags.SackedAcked);

    private void CountTimeout()
    {
        if (Retransmits == 0)
        {
            _totalRtoRecoveries++;
            _rtoStampUs = _state.NowUs;
        }

        Retransmits++;
        _totalRto++;
    }

    private void EndRtoTime()
    {
        if (_rtoStampUs == 0) return;
        _totalRtoTimeMs += (_state.NowUs - _rtoStampUs) / 1000;
        _rtoStampUs = 0;
    }
}
