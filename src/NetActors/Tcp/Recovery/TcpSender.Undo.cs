using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>
/// Takes a reduction back when nothing was lost: by time stamps (Eifel, RFC 3522, RFC 4015), D-SACK (RFC 3708) or F-RTO (RFC 5682)
/// (kernel: <c>tcp_may_undo</c> and the functions around it).
/// </summary>
public sealed partial class TcpSender
{
    private bool _hasUndoMarker;
    private uint _undoMarker; // SND.UNA when the reduction began
    private int _undoRetrans = -1; // retransmissions that no D-SACK reported yet; -1 before the first
    private int _priorSsthresh; // what ssthresh goes back to; 0 when it may not
    private long _retransStampUs; // when the first retransmission left; 0 for none

    private void InitUndo()
    {
        (_hasUndoMarker, _undoMarker) = (true, SndUna);
        _undoRetrans = _state.RetransOut != 0 ? _state.RetransOut : -1;
    }

    private bool MayUndo() => _hasUndoMarker && (_undoRetrans == 0 || IsPacketDelayed());

    /// <summary>The acknowledgement was caused by what left before the first retransmission (kernel: <c>tcp_packet_delayed</c>).</summary>
    private bool IsPacketDelayed()
    {
        if (_retransStampUs != 0) return IsEchoBefore(_retransStampUs);
        if (IsReno && !TcpSeq.Before(SndUna, _highSeq)) return false; // the stamp was cleared though something was sent again
        return _established; // nothing was sent again yet, and still it arrived
    }

    private bool IsEchoBefore(long us) => _tsEcho != 0 && TcpSeq.Before(_tsEcho, TimestampOf(us));

    private bool IsSpuriousRetransmission(TxSegment segment) => segment.Has(SegmentTags.Retrans) && IsEchoBefore(segment.SentUs);

    private bool AnyRetransDone() => _state.RetransOut != 0 || (_queue.First?.Has(SegmentTags.EverRetrans) ?? false);

    /// <summary>
    /// Without retransmissions in the network the next series has its own begin (kernel: <c>tcp_retrans_stamp_cleanup</c>).
    /// </summary>
    private void CleanRetransStamp()
    {
        if (!AnyRetransDone()) _retransStampUs = 0;
    }

    private void UndoCwndReduction(bool unmarkLoss)
    {
        if (unmarkLoss)
        {
            for (var i = 0; i < _queue.Count; i++) _queue[i].Tags &= ~SegmentTags.Lost;
            _state.LostOut = 0;
            _retransmitHint = null;
        }

        if (_priorSsthresh != 0)
        {
            _state.Cwnd = _congestion.UndoCwnd(_state);
            if (_priorSsthresh > _state.Ssthresh)
            {
                _state.Ssthresh = _priorSsthresh;
                _cwrQueued = false;
            }
        }

        _cwndStamp = _state.NowJiffies;
        _hasUndoMarker = false;
        _rackAdvanced = true; // look for loss again
    }

    /// <summary>
    /// All that was out when recovery began is acknowledged; true when the state must stay (kernel: <c>tcp_try_undo_recovery</c>).
    /// </summary>
    private bool TryUndoRecovery()
    {
        if (MayUndo())
        {
            UndoCwndReduction(unmarkLoss: false);
            Count(CaState == TcpCaState.Loss ? LinuxMib.TCPLossUndo : LinuxMib.TCPFullUndo);
        }
        else if (_reorderPersist > 0)
        {
            _reorderPersist--;
        }

        if (PreventsReopen()) return true;
        SetCaState(TcpCaState.Open);
        _isReneging = false;
        return false;
    }

    /// <summary>
    /// Without SACK the state stays until something above is acknowledged, lest duplicates of the same flight start another recovery
    /// (RFC 6582 section 3.2 step 5; kernel: <c>tcp_is_non_sack_preventing_reopen</c>).
    /// </summary>
    private bool PreventsReopen()
    {
        if (SndUna != _highSeq || !IsReno) return false;
        CleanRetransStamp();
        return true;
    }

    private bool TryUndoByDsack()
    {
        if (!_hasUndoMarker || _undoRetrans != 0) return false;
        _reorderPersist = Math.Min(RackRecoveryThreshold, _reorderPersist + 1);
        UndoCwndReduction(unmarkLoss: false);
        Count(LinuxMib.TCPDSACKUndo);
        return true;
    }

    private bool TryUndoLoss(bool byFrto)
    {
        if (!byFrto && !MayUndo()) return false;
        UndoCwndReduction(unmarkLoss: true);
        Count(LinuxMib.TCPLossUndo);
        if (byFrto) Count(LinuxMib.TCPSpuriousRTOs);
        Retransmits = 0;
        if (PreventsReopen()) return true;
        if (byFrto || SackEnabled)
        {
            SetCaState(TcpCaState.Open);
            _isReneging = false;
        }

        return true;
    }

    /// <summary>
    /// A partial acknowledgement that the original caused: the path reorders and nothing is lost; true while a retransmission is still out
    /// (kernel: <c>tcp_try_undo_partial</c>).
    /// </summary>
    private bool TryUndoPartial(uint priorUna)
    {
        if (!_hasUndoMarker || !IsPacketDelayed()) return false;
        CheckSackReordering(priorUna, byTimestamp: true);
        if (_state.RetransOut != 0) return true;
        CleanRetransStamp();
        UndoCwndReduction(unmarkLoss: true);
        Count(LinuxMib.TCPPartialUndo);
        TryKeepOpen();
        return false;
    }
}
