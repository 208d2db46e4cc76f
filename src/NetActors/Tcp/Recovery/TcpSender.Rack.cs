using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// RACK: a segment is lost when one that left later arrived and the path had time to deliver it (RFC 8985; kernel:
/// net/ipv4/tcp_recovery.c). Since 6.17 the kernel knows no other way with SACK.
/// </summary>
public sealed partial class TcpSender
{
    private const int StaticReorderWindow = 0x2; // TCP_RACK_STATIC_REO_WND
    private const int NoDupThreshold = 0x4; // TCP_RACK_NO_DUPTHRESH

    private long _rackSentUs; // rack.mstamp: of what arrived, the last to leave
    private uint _rackEndSeq;
    private long _rackRttUs;
    private bool _rackAdvanced;
    private bool _rackDsackSeen;
    private uint _rackLastDelivered;
    private int _reorderSteps = 1; // reo_wnd_steps: the window in quarters of the least round trip
    private int _reorderPersist; // recoveries for which that stays (reo_wnd_persist)

    private static bool IsSentAfter(long left, long right, uint leftEnd, uint rightEnd) =>
        left > right || (left == right && TcpSeq.After(leftEnd, rightEnd));

    /// <summary>A segment arrived (kernel: <c>tcp_rack_advance</c>).</summary>
    private void AdvanceRack(SegmentTags tags, uint endSeq, long sentUs)
    {
        var rttUs = _state.NowUs - sentUs;
        if (rttUs < _state.MinRttUs && (tags & SegmentTags.Retrans) != 0) return; // it answers an earlier copy
        _rackAdvanced = true;
        _rackRttUs = rttUs;
        if (!IsSentAfter(sentUs, _rackSentUs, endSeq, _rackEndSeq)) return;
        (_rackSentUs, _rackEndSeq) = (sentUs, endSeq);
    }

    /// <summary>How much later than the rest a segment may come (kernel: <c>tcp_rack_reo_wnd</c>).</summary>
    private long ReorderWindowUs()
    {
        if (ReordSeen == 0)
        {
            if (CaState >= TcpCaState.Recovery) return 0;
            if (_state.SackedOut >= Reordering && (_settings.Recovery & NoDupThreshold) == 0) return 0;
        }

        return Math.Min((_state.MinRttUs >> 2) * (long)_reorderSteps, _state.SrttUs8 >> 3);
    }

    private long RackLeftUs(TxSegment segment, long windowUs) => _rackRttUs + windowUs - (_state.NowUs - segment.SentUs);

    /// <summary>
    /// Marks what is overdue; answers in how many microseconds the rest will be, 0 for never (<c>tcp_rack_detect_loss</c>).
    /// </summary>
    private long DetectRackLoss()
    {
        var windowUs = ReorderWindowUs();
        var waitUs = 0L;
        for (var segment = _order.First; segment is not null;)
        {
            var next = segment.Later;
            if (!segment.Has(SegmentTags.Lost) || segment.Has(SegmentTags.SackedRetrans))
            {
                if (!IsSentAfter(_rackSentUs, segment.SentUs, _rackEndSeq, segment.EndSeq)) break;
                var leftUs = RackLeftUs(segment, windowUs);
                if (leftUs <= 0)
                {
                    MarkLost(segment);
                    _order.Remove(segment);
                }
                else
                {
                    waitUs = Math.Max(waitUs, leftUs);
                }
            }

            segment = next;
        }

        return waitUs;
    }

    /// <summary>Looks for loss after an arrival; true when the timer waits for the rest (kernel: <c>tcp_rack_mark_lost</c>).</summary>
    private bool MarkRackLost()
    {
        if (!_rackAdvanced) return false;
        _rackAdvanced = false;
        var waitUs = DetectRackLoss();
        if (waitUs == 0) return false;
        ArmTimer(DeadlineKind.Reorder, KernelTime.Min(KernelTime.FromMicroseconds(waitUs + TimeoutMinUs), Rtt.Rto), pace: false);
        return true;
    }

    /// <summary>Waited long enough (kernel: <c>tcp_rack_reo_timeout</c>).</summary>
    private SenderTimerOutcome OnReorderTimeout()
    {
        var outcome = SenderTimerOutcome.None;
        var (priorInFlight, priorLost) = (_state.InFlight, _state.Lost);
        DetectRackLoss();
        if (priorInFlight != _state.InFlight)
        {
            if (CaState != TcpCaState.Recovery)
            {
                EnterRecovery(ece: false);
                if (!_congestion.HasCongControl) ReduceCwnd(1, (int)(_state.Lost - priorLost), AckFlags.None);
            }

            RequestRetransmit();
            outcome = SenderTimerOutcome.Retransmit;
        }

        RearmRto();
        return outcome;
    }

    /// <summary>
    /// A D-SACK widens the window for reordering, sixteen recoveries without one make it small again (RFC 8985 section 6.2).
    /// </summary>
    private void UpdateReorderWindow()
    {
        if ((_settings.Recovery & StaticReorderWindow) != 0 || _rate.PriorDelivered == 0) return;
        if (TcpSeq.Before(_rate.PriorDelivered, _rackLastDelivered)) _rackDsackSeen = false; // once in a round trip
        if (_rackDsackSeen)
        {
            _reorderSteps = Math.Min(0xff, _reorderSteps + 1);
            _rackDsackSeen = false;
            _rackLastDelivered = _state.Delivered;
            _reorderPersist = RackRecoveryThreshold;
        }
        else if (_reorderPersist == 0)
        {
            _reorderSteps = 1;
        }
    }

    /// <summary>Takes a segment, or the copy of it that is out, for lost (kernel: <c>tcp_mark_skb_lost</c>).</summary>
    private void MarkLost(TxSegment segment)
    {
        if (segment.Has(SegmentTags.SackedAcked)) return;
        VerifyRetransmitHint(segment);
        if (segment.Has(SegmentTags.Lost))
        {
            if (!segment.Has(SegmentTags.SackedRetrans)) return;
            segment.Tags &= ~SegmentTags.SackedRetrans;
            _state.RetransOut -= segment.Count;
            Count(LinuxMib.TCPLostRetransmit, segment.Count);
        }
        else
        {
            _state.LostOut += segment.Count;
            segment.Tags |= SegmentTags.Lost;
        }

        _state.Lost += (uint)segment.Count;
    }
}
