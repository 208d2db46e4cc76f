using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>Tail loss probes (RFC 8985 section 7; kernel: <c>tcp_schedule_loss_probe</c>, <c>tcp_send_loss_probe</c>).</summary>
public sealed partial class TcpSender
{
    private const long TimeoutMinUs = 2000; // TCP_TIMEOUT_MIN_US

    private uint _tlpHighSeq; // SND.NXT when the probe left; 0 when no episode runs
    private bool _tlpRetrans; // the probe was a retransmission

    /// <summary>The probe asked for by <see cref="SenderTimerOutcome.ProbeWithNewData"/> left as new data.</summary>
    public void OnProbeSent(KernelTime now)
    {
        Refresh(now);
        TakeSentInRound();
        ValidateCwnd(limited: false);
        BeginProbeEpisode(retransmission: false);
    }

    /// <summary>Plans a probe after two round trips in place of the timeout; false when none is to be sent.</summary>
    private bool ScheduleLossProbe(bool advancingRto)
    {
        if (_settings.EarlyRetrans is not (3 or 4) || _state.PacketsOut == 0 || IsReno) return false;
        if (CaState is not (TcpCaState.Open or TcpCaState.CWR)) return false;

        var timeout = _settings.InitialRto;
        if (Rtt.HasSample)
        {
            var twoRtt = KernelTime.FromMicroseconds(_state.SrttUs8 >> 2);
            var slack = _state.PacketsOut == 1 ? _settings.RtoMin : KernelTime.FromMicroseconds(TimeoutMinUs); // one may be delayed
            timeout = twoRtt + slack;
        }

        var left = advancingRto ? Rtt.Rto : RtoLeft();
        if (left.Nanoseconds > 0) timeout = KernelTime.Min(timeout, left);
        ArmTimer(DeadlineKind.LossProbe, timeout, pace: true);
        return true;
    }

    private SenderTimerOutcome OnProbeTimeout()
    {
        RearmRto(); // from when the oldest left; a probe that leaves sets it from then
        if (_state.PacketsOut == 0 || _tlpHighSeq != 0) return SenderTimerOutcome.None; // one probe an episode
        var newEnd = SndNxt + Math.Min(UnsentBytes, (uint)Mss);
        if (UnsentBytes > 0 && !TcpSeq.After(newEnd, WindowEnd)) return SenderTimerOutcome.ProbeWithNewData;
        _pending = PendingRetransmit.Probe;
        return SenderTimerOutcome.Retransmit;
    }

    /// <summary>The last full segment goes out again, as a probe that counts as no retransmission in flight.</summary>
    private bool TryRetransmitProbe(out RetransmitSegment sent)
    {
        sent = default;
        var index = _queue.Count - 1;
        if (index < 0) return false;
        var segment = _queue[index];
        if (segment.Count > 1 && segment.Length > (segment.Count - 1) * Mss)
            segment = Split(index++, (segment.Count - 1) * Mss, Mss);
        if (!PrepareRetransmit(index, 1, out segment)) return false;
        sent = Resend(segment);
        BeginProbeEpisode(retransmission: true);
        return true;
    }

    private void BeginProbeEpisode(bool retransmission)
    {
        _tlpRetrans = retransmission;
        _tlpHighSeq = SndNxt;
        Count(LinuxMib.TCPLossProbes);
        ClearTimer();
        RearmRto();
    }

    /// <summary>Sees from the acknowledgement of a probe whether it repaired a loss (kernel: <c>tcp_process_tlp_ack</c>).</summary>
    private void ProcessProbeAck(uint ack, AckFlags flag)
    {
        if (TcpSeq.Before(ack, _tlpHighSeq)) return;
        if (!_tlpRetrans || (flag & AckFlags.DsackTlp) != 0)
        {
            _tlpHighSeq = 0; // new data, or the original had arrived: nothing was lost
        }
        else if (TcpSeq.After(ack, _tlpHighSeq))
        {
            InitCwndReduction(); // the probe filled a hole: that loss is answered like any
            SetCaState(TcpCaState.CWR);
            EndCwndReduction();
            TryKeepOpen();
            Count(LinuxMib.TCPLossProbeRecovery);
        }
        else if ((flag & (AckFlags.SndUnaAdvanced | AckFlags.NotDup | AckFlags.DataSacked)) == 0)
        {
            _tlpHighSeq = 0; // a pure duplicate: both copies arrived
        }
    }
}
