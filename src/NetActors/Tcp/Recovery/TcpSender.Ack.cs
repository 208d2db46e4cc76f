using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>An acknowledgement comes in (kernel: <c>tcp_ack</c>).</summary>
public sealed partial class TcpSender
{
    private AckFlags _flag; // what the acknowledgement at hand did
    private uint _tsEcho; // its echoed time stamp, our offset taken off; 0 for none (rcv_tsecr)

    /// <summary>
    /// Takes the acknowledgement of an acceptable segment in: window, SACK, round trip, recovery, congestion control, timer. Those older
    /// than SND.UNA only mark the scoreboard; those for data never sent change nothing.
    /// </summary>
    public AckOutcome OnAck(in AckInput ack, KernelTime now)
    {
        Refresh(now);
        var priorUna = SndUna;
        var priorDelivered = _state.Delivered;
        _flag = ack.IsPredicted ? AckFlags.None : AckFlags.SlowPath;
        ReadTimestamp(ack.Options);
        _rate.Reset();
        BeginSack();

        if (TcpSeq.After(ack.Ack, SndNxt)) return new AckOutcome(AckFlags.Unsent, 0, 0);
        if (TcpSeq.Before(ack.Ack, priorUna)) OnOldAck(ack, priorUna, priorDelivered);
        else OnCurrentAck(ack, priorUna, priorDelivered);
        if (_pending == PendingRetransmit.NewDataFirst) _flag |= AckFlags.SendNewFirst;
        else if (_pending != PendingRetransmit.None) _flag |= AckFlags.Retransmit;
        return new AckOutcome(_flag, SndUna - priorUna, (int)(_state.Delivered - priorDelivered));
    }

    private void ReadTimestamp(in TcpOptions options)
    {
        var echo = TimestampsEnabled && options.Has(TcpOptionSet.Timestamps) ? options.TimestampEcho : 0;
        _tsEcho = echo == 0 ? 0 : echo - TimestampOffset;
    }

    private void OnOldAck(in AckInput ack, uint priorUna, uint priorDelivered)
    {
        _flag |= AckFlags.Old;
        if (!HasSack(ack)) return;
        TagSacked(ack, priorUna);
        AlertRecovery(priorUna, duplicates: 0);
        CountDelivered(priorDelivered);
    }

    private void OnCurrentAck(in AckInput ack, uint priorUna, uint priorDelivered)
    {
        var priorPackets = _state.PacketsOut;
        var priorLost = _state.Lost;
        var priorFack = SackEnabled ? HighestSackSeq : SndUna;
        var wasReneging = _isReneging;
        _rate.PriorInFlight = _state.InFlight;
        if (TcpSeq.After(ack.Ack, priorUna))
        {
            _flag |= AckFlags.SndUnaAdvanced;
            Retransmits = 0;
        }

        Scan(ack, priorUna);
        if (priorPackets == 0)
        {
            OnNothingOutstanding(ack, priorUna, priorDelivered);
            return;
        }

        CleanQueue(priorFack, priorUna);
        CheckMtuProbe();
        UpdateReorderWindow();
        if (Accurate is { IsOn: true }) TakeAccurateEcn(ack, priorDelivered);
        _congestion.InAckEvent(_state, _flag);
        if (_tlpHighSeq != 0) ProcessProbeAck(ack.Ack, _flag);
        if (IsDubious()) AlertRecovery(priorUna, Duplicates(ack));
        if ((_flag & AckFlags.SetXmitTimer) != 0) SetXmitTimer();

        var delivered = CountDelivered(priorDelivered);
        _rate.IsAckDelayed = (_flag & AckFlags.AckMaybeDelayed) != 0;
        FinishRateSample(delivered, (int)(_state.Lost - priorLost), wasReneging);
        ControlCongestion(ack.Ack, delivered);
    }

    /// <summary>Window, SACK and ECN of the segment (kernel: the first half of <c>tcp_ack</c>).</summary>
    private void Scan(in AckInput ack, uint priorUna)
    {
        if (ack.IsPredicted && (_flag & AckFlags.SndUnaAdvanced) != 0)
        {
            SndWl1 = ack.Seq;
            AdvanceUna(ack.Ack);
            _flag |= AckFlags.WinUpdate;
            Count(LinuxMib.TCPHPAcks);
            return;
        }

        if (ack.PayloadLength > 0 || (ack.Flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0) _flag |= AckFlags.Data;
        else Count(LinuxMib.TCPPureAcks);
        UpdateWindow(ack);
        if (HasSack(ack)) TagSacked(ack, priorUna);
        if (EcnEnabled && (ack.Flags & (TcpFlags.Ece | TcpFlags.Syn)) == TcpFlags.Ece) _flag |= AckFlags.Ece;
        if (_sackDelivered != 0) AddDelivered(_sackDelivered);
    }

    private bool HasSack(in AckInput ack) => SackEnabled && ack.Options.Has(TcpOptionSet.Sack) && ack.Options.SackCount > 0;

    /// <summary>
    /// Takes the window in unless the segment is older than the one that set it (RFC 9293; <c>tcp_ack_update_window</c>).
    /// </summary>
    private void UpdateWindow(in AckInput ack)
    {
        var window = ack.WindowBytes;
        if (TcpSeq.After(ack.Ack, SndUna) || TcpSeq.After(ack.Seq, SndWl1) || (ack.Seq == SndWl1 && (window > SndWnd || window == 0)))
        {
            _flag |= AckFlags.WinUpdate;
            SndWl1 = ack.Seq;
            SndWnd = window;
            MaxWindow = Math.Max(MaxWindow, window);
        }

        AdvanceUna(ack.Ack);
    }

    private void AdvanceUna(uint ack)
    {
        _bytesAcked += ack - SndUna;
        _state.SndUna = ack;
    }

    /// <summary>Nothing was out: only a D-SACK or the end of a probe can matter (kernel: <c>no_queue</c>).</summary>
    private void OnNothingOutstanding(in AckInput ack, uint priorUna, uint priorDelivered)
    {
        if (Accurate is { IsOn: true }) TakeAccurateEcn(ack, priorDelivered);
        _congestion.InAckEvent(_state, _flag);
        if ((_flag & AckFlags.DsackingAck) != 0)
        {
            AlertRecovery(priorUna, duplicates: 0);
            CountDelivered(priorDelivered);
        }

        if (_tlpHighSeq != 0) ProcessProbeAck(ack.Ack, _flag);
    }

    /// <summary>More packets arrived with CE: as an ECE of RFC 3168 (kernel: <c>tcp_accecn_process</c>).</summary>
    private void TakeAccurateEcn(in AckInput ack, uint priorDelivered)
    {
        var steady = SackEnabled || CaState is TcpCaState.Open or TcpCaState.CWR;
        var marked = Accurate!.OnAck(
            ack, _flag, _state.Delivered - priorDelivered, _deliveredBytes, _state.DeliveredCe, Mss, (long)_bytesSent, steady);
        if (marked == 0) return;
        _state.DeliveredCe += marked;
        _flag |= AckFlags.Ece;
    }

    private bool IsDubious() =>
        (_flag & AckFlags.NotDup) == 0 || (_flag & AckFlags.CaAlert) != 0 || CaState != TcpCaState.Open;

    private int Duplicates(in AckInput ack)
    {
        if ((_flag & (AckFlags.SndUnaAdvanced | AckFlags.NotDup | AckFlags.DsackingAck)) != 0) return 0;
        return Math.Max(1, ack.MergedAcks);
    }

    private void AddDelivered(int segments)
    {
        _state.Delivered += (uint)segments;
        if (EcnEnabled && (_flag & AckFlags.Ece) != 0) _state.DeliveredCe += (uint)segments;
    }

    private int CountDelivered(uint prior)
    {
        var delivered = (int)(_state.Delivered - prior);
        Count(LinuxMib.TCPDelivered, delivered);
        if ((_flag & AckFlags.Ece) != 0) Count(LinuxMib.TCPDeliveredCE, delivered);
        return delivered;
    }

    /// <summary>Lets the window follow (kernel: <c>tcp_cong_control</c>).</summary>
    private void ControlCongestion(uint ack, int delivered)
    {
        if (_congestion.HasCongControl)
        {
            _congestion.CongControl(_state, _rate);
            return;
        }

        if (_state.InCwndReduction)
        {
            ReduceCwnd(delivered, _rate.Losses, _flag);
        }
        else if (MayRaiseCwnd())
        {
            _congestion.CongAvoid(_state, ack, delivered);
            _cwndStamp = _state.NowJiffies;
        }

        UpdatePacingRate();
    }

    /// <summary>On a path that reorders, every delivery counts; else only in-order ones (kernel: <c>tcp_may_raise_cwnd</c>).</summary>
    private bool MayRaiseCwnd() =>
        (_flag & (Reordering > _settings.Reordering ? AckFlags.ForwardProgress : AckFlags.DataAcked)) != 0;
}
