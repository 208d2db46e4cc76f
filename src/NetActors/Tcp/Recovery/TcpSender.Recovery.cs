using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>The states of recovery (kernel: <c>tcp_fastretrans_alert</c>; RFC 5681, RFC 6582, RFC 6675 as RACK has it).</summary>
public sealed partial class TcpSender
{
    private const int RackRecoveryThreshold = 16; // TCP_RACK_RECOVERY_THRESH

    private uint _highSeq; // SND.NXT when the state was entered
    private bool _isReneging;
    private bool _frto;

    /// <summary>An acknowledgement that is more than in-order progress was taken in.</summary>
    private void AlertRecovery(uint priorUna, int duplicates)
    {
        var ece = (_flag & AckFlags.Ece) != 0;
        if (_state.PacketsOut == 0 && _state.SackedOut != 0) _state.SackedOut = 0;
        if (ece) _priorSsthresh = 0; // congestion is proven: no undo of the reduction
        if (CheckReneging()) return;
        if (EndState()) return;

        switch (CaState)
        {
            case TcpCaState.Recovery:
                if (ContinueRecovery(priorUna, duplicates, ece)) break;
                return;
            case TcpCaState.Loss:
                ContinueLoss(duplicates);
                if (CaState != TcpCaState.Loss) EndRtoTime();
                IdentifyLoss();
                if (CaState != TcpCaState.Open && (_flag & AckFlags.LostRetrans) == 0) return;
                if (LookForLoss(duplicates, ece)) break;
                return;
            default:
                if (LookForLoss(duplicates, ece)) break;
                return;
        }

        RequestRetransmit();
    }

    /// <summary>Ends the state when all that was out at its beginning is acknowledged; true when nothing more is to be done.</summary>
    private bool EndState()
    {
        if (CaState == TcpCaState.Open)
        {
            _retransStampUs = 0;
            return false;
        }

        if (TcpSeq.Before(SndUna, _highSeq)) return false;
        if (CaState == TcpCaState.CWR && SndUna != _highSeq) // one more must come, else what is out may look like duplicates
        {
            EndCwndReduction();
            SetCaState(TcpCaState.Open);
        }
        else if (CaState == TcpCaState.Recovery)
        {
            if (IsReno) _state.SackedOut = 0;
            if (TryUndoRecovery()) return true;
            EndCwndReduction();
        }

        return false;
    }

    private bool ContinueRecovery(uint priorUna, int duplicates, bool ece)
    {
        if ((_flag & AckFlags.SndUnaAdvanced) == 0)
        {
            if (IsReno) AddRenoSacks(duplicates);
        }
        else if (TryUndoPartial(priorUna))
        {
            return false;
        }

        if (TryUndoByDsack()) TryToOpen();
        IdentifyLoss();
        if (CaState == TcpCaState.Recovery) return true;
        if (_state.LostOut == 0) return false;
        EnterRecovery(ece); // undone, yet something is lost: it begins again
        return true;
    }

    private bool LookForLoss(int duplicates, bool ece)
    {
        if (IsReno)
        {
            if ((_flag & AckFlags.SndUnaAdvanced) != 0) _state.SackedOut = 0;
            AddRenoSacks(duplicates);
        }

        if (CaState <= TcpCaState.Disorder) TryUndoByDsack();
        IdentifyLoss();
        if (_state.LostOut == 0) // kernel: tcp_time_to_recover
        {
            TryToOpen();
            return false;
        }

        if (IsMtuProbeLost()) return false;
        EnterRecovery(ece);
        return true;
    }

    /// <summary>
    /// In Loss: was the timeout spurious (F-RTO, RFC 5682), is it over, what comes next (kernel: <c>tcp_process_loss</c>).
    /// </summary>
    private void ContinueLoss(int duplicates)
    {
        var recovered = !TcpSeq.Before(SndUna, _highSeq);
        var advanced = (_flag & AckFlags.SndUnaAdvanced) != 0;
        if (advanced && TryUndoLoss(byFrto: false)) return;
        if (_frto)
        {
            if ((_flag & AckFlags.OrigSackAcked) != 0 && TryUndoLoss(byFrto: true)) return; // step 3.b: what was never sent again arrived
            if (TcpSeq.After(SndNxt, _highSeq))
            {
                if ((_flag & AckFlags.DataSacked) != 0 || duplicates > 0) _frto = false; // step 3.a: the loss is real
            }
            else if (advanced && !recovered)
            {
                _highSeq = SndNxt;
                if (UnsentBytes > 0 && TcpSeq.After(WindowEnd, SndNxt)) // step 2.b: try new data
                {
                    _pending = PendingRetransmit.NewDataFirst;
                    return;
                }

                _frto = false;
            }
        }

        if (recovered)
        {
            TryUndoRecovery(); // step 2.a
            return;
        }

        if (IsReno)
        {
            if (TcpSeq.After(SndNxt, _highSeq) && duplicates > 0) AddRenoSacks(duplicates);
            else if (advanced) _state.SackedOut = 0;
        }

        RequestRetransmit();
    }

    /// <summary>
    /// The receiver gave up data it had acknowledged selectively, or an acknowledgement overtook: waits a moment before all is taken for
    /// lost (kernel: <c>tcp_check_sack_reneging</c>; RFC 2018 section 8).
    /// </summary>
    private bool CheckReneging()
    {
        const AckFlags both = AckFlags.SackReneging | AckFlags.SndUnaAdvanced;
        if ((_flag & both) != both) return false;
        var delay = KernelTime.Max(KernelTime.FromMicroseconds(_state.SrttUs8 >> 4), KernelTime.FromMilliseconds(10));
        ArmTimer(DeadlineKind.Rto, delay, pace: false);
        _flag &= ~AckFlags.SetXmitTimer;
        return true;
    }

    /// <summary>Marks what is lost (kernel: <c>tcp_identify_packet_loss</c>).</summary>
    private void IdentifyLoss()
    {
        if (_queue.Count == 0) return;
        if (IsReno)
        {
            MarkRenoLost((_flag & AckFlags.SndUnaAdvanced) != 0);
            return;
        }

        var priorRetrans = _state.RetransOut;
        if (MarkRackLost()) _flag &= ~AckFlags.SetXmitTimer;
        if (priorRetrans > _state.RetransOut) _flag |= AckFlags.LostRetrans;
    }

    /// <summary>Loss is certain (kernel: <c>tcp_enter_recovery</c>). Tahoe takes it for a timeout.</summary>
    private void EnterRecovery(bool ece)
    {
        if (_congestion.RestartsOnFastRetransmit)
        {
            Restart();
            return;
        }

        CleanRetransStamp();
        Count(IsReno ? LinuxMib.TCPRenoRecovery : LinuxMib.TCPSackRecovery);
        _priorSsthresh = 0;
        InitUndo();
        if (!_state.InCwndReduction)
        {
            if (!ece) _priorSsthresh = _state.CurrentSsthresh;
            InitCwndReduction();
        }

        SetCaState(TcpCaState.Recovery);
    }

    /// <summary>Tahoe: all that is not known to have arrived goes out again, from a window of one.</summary>
    private void Restart()
    {
        if (CaState == TcpCaState.Loss) return;
        Count(IsReno ? LinuxMib.TCPRenoRecovery : LinuxMib.TCPSackRecovery);
        _state.PriorCwnd = _state.Cwnd;
        _priorSsthresh = _state.CurrentSsthresh;
        _state.Ssthresh = _congestion.Ssthresh(_state);
        InitUndo();
        if (IsReno) _state.SackedOut = 0;
        for (var i = 0; i < _queue.Count; i++) MarkLost(_queue[i]);
        (_state.Cwnd, _state.CwndCount, _frto) = (1, 0, false);
        SetCaState(TcpCaState.Loss);
        _highSeq = SndNxt;
        _tlpHighSeq = 0;
        QueueCwr();
    }

    /// <summary>Nothing is lost: Open, or Disorder while something is out of order (kernel: <c>tcp_try_keep_open</c>).</summary>
    private void TryKeepOpen()
    {
        var next = _state.SackedOut + _state.LostOut > 0 || AnyRetransDone() ? TcpCaState.Disorder : TcpCaState.Open;
        if (CaState == next) return;
        SetCaState(next);
        _highSeq = SndNxt;
    }

    private void TryToOpen()
    {
        CleanRetransStamp();
        if ((_flag & AckFlags.Ece) != 0) EnterCwr();
        if (CaState != TcpCaState.CWR) TryKeepOpen();
    }

    private void RequestRetransmit()
    {
        if (_pending is PendingRetransmit.None or PendingRetransmit.NewDataFirst) _pending = PendingRetransmit.Queue;
    }
}
