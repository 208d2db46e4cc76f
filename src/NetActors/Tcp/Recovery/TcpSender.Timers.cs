using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>The one timer, and what its end means (kernel: net/ipv4/tcp_timer.c, <c>tcp_rearm_rto</c>).</summary>
public sealed partial class TcpSender
{
    private DeadlineKind _timer;
    private KernelTime _expires = KernelTime.Never;
    private int _totalRto;

    /// <summary>How long data may stay unacknowledged (<c>TCP_USER_TIMEOUT</c>); zero for no limit. It shortens the last timeout.</summary>
    public KernelTime UserTimeout { get; set; }

    /// <summary>When <see cref="OnDeadline"/> is due; Never when nothing is pending.</summary>
    public KernelTime Deadline => KernelTime.Min(_expires, PacingDeadline);

    /// <summary>When the pause between paced segments ends; Never while none waits for that (kernel: <c>pacing_timer</c>).</summary>
    internal KernelTime PacingDeadline => _pacingWaits ? KernelTime.FromNanoseconds(_state.DepartureNs) : KernelTime.Never;

    /// <summary>The same without pacing (kernel: <c>icsk_timeout</c>).</summary>
    internal KernelTime TimerDeadline => _expires;

    /// <summary>What <see cref="Deadline"/> is for.</summary>
    public DeadlineKind DeadlineKind => _pacingWaits && _state.DepartureNs < _expires.Nanoseconds ? DeadlineKind.Pacing : _timer;

    /// <summary>The deadline has come. Early or stray calls change nothing.</summary>
    public SenderTimerOutcome OnDeadline(KernelTime now)
    {
        Refresh(now);
        var outcome = SenderTimerOutcome.None;
        if (_pacingWaits && _state.DepartureNs <= _state.NowNs)
        {
            _pacingWaits = false;
            outcome = SenderTimerOutcome.Transmit;
        }

        if (now < _expires) return outcome;
        return outcome | _timer switch
        {
            DeadlineKind.Rto => OnRetransmissionTimeout(),
            DeadlineKind.LossProbe => OnProbeTimeout(),
            DeadlineKind.Reorder => OnReorderTimeout(),
            _ => SenderTimerOutcome.None,
        };
    }

    /// <summary>
    /// The first SYN is to be sent again soon (kernel: <c>tcp_rcv_synsent_state_process</c> sets the timer to <c>TCP_TIMEOUT_MIN</c>).
    /// </summary>
    public void HurrySyn(KernelTime now)
    {
        if (Retransmits != 0) return;
        Refresh(now);
        ArmTimer(DeadlineKind.Rto, KernelTime.FromMicroseconds(TimeoutMinUs), pace: false);
    }

    /// <summary>What is out may be sent again from now on (kernel: <c>tcp_rearm_rto</c> at the end of a Fast Open handshake).</summary>
    public void RestartTimer(KernelTime now)
    {
        Refresh(now);
        RearmRto();
    }

    /// <summary>The retransmission timer ran out (kernel: <c>tcp_retransmit_timer</c>; RFC 6298 section 5.4 to 5.7).</summary>
    private SenderTimerOutcome OnRetransmissionTimeout()
    {
        if (_state.PacketsOut == 0 || _queue.First is not { } head)
        {
            ClearTimer();
            return SenderTimerOutcome.None;
        }

        if (SndWnd == 0 && _established)
        {
            EnterLoss(); // the window closed over what is out: what is sent again probes it and counts as no failure
        }
        else
        {
            Count(LinuxMib.TCPTimeouts);
            if (Retransmits == 0) CountFailure();
            EnterLoss();
            CountTimeout();
        }

        _pending = PendingRetransmit.TimedOutHead;
        BackOff(head);
        ArmTimer(DeadlineKind.Rto, ClampToUserTimeout(Rtt.Rto), pace: false);
        return SenderTimerOutcome.Retransmit | SenderTimerOutcome.TimedOut;
    }

    private void CountFailure()
    {
        if (CaState == TcpCaState.Recovery)
            Count(IsReno ? LinuxMib.TCPRenoRecoveryFail : LinuxMib.TCPSackRecoveryFail);
        else if (CaState == TcpCaState.Loss)
            Count(LinuxMib.TCPLossFailures);
        else if (CaState == TcpCaState.Disorder || _state.SackedOut != 0)
            Count(IsReno ? LinuxMib.TCPRenoFailures : LinuxMib.TCPSackFailures);
    }

    private void BackOff(TxSegment head)
    {
        if (_established && Rtt.TryLinear(_state.PacketsOut, _state.Ssthresh >= TcpCongestionState.InfiniteSsthresh, Retransmits)) return;
        var isSyn = (head.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn;
        if (!isSyn || _totalRto > _settings.SynLinearTimeouts) Rtt.Double();
    }

    /// <summary>The last timeout ends where the user's does (kernel: <c>tcp_clamp_rto_to_user_timeout</c>).</summary>
    private KernelTime ClampToUserTimeout(KernelTime rto)
    {
        if (UserTimeout.Nanoseconds == 0 || _retransStampUs == 0) return rto;
        var left = UserTimeout - KernelTime.FromMicroseconds(_state.NowUs - _retransStampUs);
        return left.Nanoseconds <= 0 ? _settings.Jiffies.Tick : KernelTime.Min(rto, left);
    }

    /// <summary>Sets the retransmission timer from now, or from when the oldest segment left (kernel: <c>tcp_rearm_rto</c>).</summary>
    private void RearmRto()
    {
        if (_state.PacketsOut == 0)
        {
            ClearTimer();
            return;
        }

        var rto = Rtt.Rto;
        if (_timer is DeadlineKind.Reorder or DeadlineKind.LossProbe)
            rto = KernelTime.Max(RtoLeft(), KernelTime.FromMicroseconds(1)); // they took the place of a timer that was running
        ArmTimer(DeadlineKind.Rto, rto, pace: true);
    }

    /// <summary>Time until the oldest segment is overdue (kernel: <c>tcp_rto_delta_us</c>).</summary>
    private KernelTime RtoLeft() => Rtt.Rto - KernelTime.FromMicroseconds(_state.NowUs - _queue[0].SentUs);

    private void SetXmitTimer()
    {
        if (!ScheduleLossProbe(advancingRto: true)) RearmRto();
    }

    /// <summary>Sets the timer (kernel: <c>tcp_reset_xmit_timer</c>): in whole ticks, from the end of the pacing pause.</summary>
    private void ArmTimer(DeadlineKind kind, KernelTime span, bool pace)
    {
        if (pace && _state.IsPaced) span += KernelTime.FromNanoseconds(Math.Max(_state.DepartureNs - _state.NowNs, 0));
        span = KernelTime.Min(span, _settings.RtoMax);
        var now = KernelTime.FromNanoseconds(_state.NowNs);
        var jiffies = _settings.Jiffies;
        _timer = kind;
        _expires = jiffies.IsExact ? now + span : jiffies.ToTime(jiffies.At(now) + jiffies.Covering(span));
    }

    private void ClearTimer() => (_timer, _expires) = (DeadlineKind.None, KernelTime.Never);
}
