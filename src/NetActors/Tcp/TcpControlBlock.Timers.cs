using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>All timers of a connection behind one deadline (kernel: net/ipv4/tcp_timer.c).</summary>
public sealed partial class TcpControlBlock
{
    private KernelTime _keepaliveAt = KernelTime.Never; // sk_timer: keepalive, or the end of an orphan's FIN_WAIT2

    /// <summary>When <see cref="OnDeadline"/> is due; Never when nothing is pending.</summary>
    public KernelTime Deadline => KernelTime.Min(TickDeadline, ExactDeadline);

    /// <summary>The next of the timers that the kernel runs on its tick (<c>timer_list</c>).</summary>
    public KernelTime TickDeadline => KernelTime.Min(
        KernelTime.Min(_isFastOpenChild ? KernelTime.Never : _sender.TimerDeadline, _acks.Deadline),
        KernelTime.Min(KernelTime.Min(_probeAt, _keepaliveAt), _synAckAt));

    /// <summary>The next of those it runs to the nanosecond (<c>hrtimer</c>: <c>pacing_timer</c>, <c>compressed_ack_timer</c>).</summary>
    public KernelTime ExactDeadline => KernelTime.Min(_sender.PacingDeadline, _compressedAt);

    private KernelTime KeepaliveTime => Options.KeepIdle > KernelTime.Zero ? Options.KeepIdle : Sysctls.TcpKeepaliveTime;

    private KernelTime KeepaliveInterval => Options.KeepIntvl > KernelTime.Zero ? Options.KeepIntvl : Sysctls.TcpKeepaliveIntvl;

    private int KeepaliveProbes => Options.KeepCnt > 0 ? Options.KeepCnt : Sysctls.TcpKeepaliveProbes;

    /// <summary>The deadline has come. Early or stray calls change nothing.</summary>
    public TcpEffects OnDeadline(KernelTime now)
    {
        Begin(now);
        if (now >= _compressedAt) SendCompressed();
        if (now >= _acks.Deadline) OnDelayedAck();
        if (now >= _synAckAt) OnSynAckTimer();
        if (now >= SenderDeadline) OnSenderTimer();
        if (now >= _probeAt) OnProbeTimer();
        if (now >= _keepaliveAt) OnKeepalive();
        return End();
    }

    private void ClearTimers()
    {
        (_probeAt, _keepaliveAt, _compressedAt, _synAckAt) = (KernelTime.Never, KernelTime.Never, KernelTime.Never, KernelTime.Never);
        _acks.Pending = TcpAckPending.None;
        _sender.Stop();
    }

    private void SendCompressed()
    {
        _compressedAt = KernelTime.Never;
        if (_compressedAcks == 0) return;
        _compressedAcks--; // the one that leaves now is not saved
        SendAck();
    }

    private void OnDelayedAck()
    {
        var wasScheduled = _acks.IsScheduled;
        _acks.OnTimer(Sysctls, _sender.Rtt.Rto);
        if (!wasScheduled) return;
        SendAck();
        Mib.Add(LinuxMib.DelayedACKs);
    }

    private void OnSenderTimer()
    {
        var outcome = _sender.OnDeadline(_now);
        if ((outcome & SenderTimerOutcome.TimedOut) != 0 && IsGivenUp()) return;
        if ((outcome & SenderTimerOutcome.ProbeWithNewData) != 0) WriteXmit(TcpNagle.Off, PushMode.Probe);
        if ((outcome & (SenderTimerOutcome.Retransmit | SenderTimerOutcome.Transmit)) != 0) Retransmit();
        if ((outcome & SenderTimerOutcome.Transmit) != 0) CheckSend();
    }

    /// <summary>The retransmission timer ran out: is it the last time (kernel: <c>tcp_write_timeout</c>; RFC 9293 section 3.8.3)?</summary>
    private bool IsGivenUp()
    {
        if (_sender.SndWnd == 0 && !IsOrphan && State is not (TcpState.SynSent or TcpState.SynRecv)) return IsGivenUpAtZeroWindow();
        var retries = _sender.Retransmits - 1; // as counted before this one
        int until;
        bool expired;
        if (State is TcpState.SynSent or TcpState.SynRecv)
        {
            until = Options.SynCnt > 0 ? Options.SynCnt : Sysctls.TcpSynRetries;
            expired = retries >= until + (State == TcpState.SynSent ? Sysctls.TcpSynLinearTimeouts : 0);
        }
        else
        {
            if (IsTimedOut(retries, Sysctls.TcpRetries1, KernelTime.Zero)) ProbeBlackHole();
            until = Sysctls.TcpRetries2;
            expired = false;
            if (IsOrphan)
            {
                var alive = _sender.Rtt.Rto < Sysctls.TcpRtoMax;
                until = OrphanRetries(alive);
                if (IsOutOfResources(alive || !IsTimedOut(retries, until, KernelTime.Zero))) return true;
            }
        }

        if (!expired) expired = IsTimedOut(retries, until, Options.UserTimeout);
        DetectBlackhole(retries, expired);
        if (expired) WriteError();
        else if (HostQueue?.RethinkTxHash() == true) Mib.Add(LinuxMib.TcpTimeoutRehash);
        return expired;
    }

    /// <summary>The peer took its window back over what is out: given up only after long silence.</summary>
    private bool IsGivenUpAtZeroWindow()
    {
        var since = _now - _rcvTstamp;
        var limit = Options.UserTimeout > KernelTime.Zero ? Options.UserTimeout : Sysctls.TcpRtoMax * 2;
        if (since <= limit) return false;
        WriteError();
        return true;
    }

    /// <summary>
    /// The series of retransmissions lasts longer than <paramref name="boundary"/> doublings would, or than
    /// <paramref name="timeout"/> when given (kernel: <c>retransmits_timed_out</c>; RFC 1122 section 4.2.3.5).
    /// </summary>
    private bool IsTimedOut(int retries, int boundary, KernelTime timeout)
    {
        var since = State == TcpState.SynSent ? _synSentAt : _sender.RetransStamp;
        if (retries <= 0 || since.IsNever) return false;
        if (timeout == KernelTime.Zero)
        {
            var first = State is TcpState.SynSent or TcpState.SynRecv ? TcpConstants.TimeoutInit : Sysctls.TcpRtoMin;
            timeout = ModelTimeout(boundary, first);
        }

        return _now - since >= timeout;
    }

    /// <summary>How long that many doublings last, up to the maximum (kernel: <c>tcp_model_timeout</c>).</summary>
    private KernelTime ModelTimeout(int boundary, KernelTime first)
    {
        var linear = System.Numerics.BitOperations.Log2((ulong)Math.Max(Sysctls.TcpRtoMax.Nanoseconds / first.Nanoseconds, 1));
        return boundary <= linear
            ? first * ((2L << boundary) - 1)
            : (first * ((2L << linear) - 1)) + (Sysctls.TcpRtoMax * (boundary - linear));
    }

    private int OrphanRetries(bool alive)
    {
        var retries = SoftError != Errno.None && !alive ? 0 : Sysctls.TcpOrphanRetries;
        return retries == 0 && alive ? 8 : retries;
    }

    /// <summary>Too many orphans: this one goes (kernel: <c>tcp_out_of_resources</c>).</summary>
    private bool IsOutOfResources(bool doReset)
    {
        var shift = _now - _lastDataSent > Sysctls.TcpRtoMax * 2 || !doReset ? 1 : 0;
        if (SoftError != Errno.None) shift++;
        var isOutOfMemory = _sendBuffer.WmemQueued > TcpConstants.MinSndBuf && _context.Memory.AllocatedPages > Sysctls.TcpMem.Max; // tcp_out_of_memory
        if (!_context.TooManyOrphans(shift) && !isOutOfMemory) return false;
        if (_now - _lastDataSent <= TcpConstants.TimeWaitLength || (_sender.SndWnd == 0 && _sender.PacketsOut == 0)) doReset = true;
        if (doReset) SendActiveReset();
        Done();
        Mib.Add(LinuxMib.TCPAbortOnMemory);
        return true;
    }

    /// <summary>Nobody answers (kernel: <c>tcp_write_err</c>).</summary>
    private void WriteError()
    {
        DoneWithError(SoftError != Errno.None ? SoftError : Errno.ETIMEDOUT);
        Mib.Add(LinuxMib.TCPAbortOnTimeout);
    }

    /// <summary>Keepalive (RFC 9293 section 3.8.4), or the end of an orphan's FIN_WAIT2 (kernel: <c>tcp_keepalive_timer</c>).</summary>
    private void OnKeepalive()
    {
        _keepaliveAt = KernelTime.Never;
        if (State == TcpState.FinWait2 && IsOrphan)
        {
            OnFinWait2Timer();
            return;
        }

        if (!Options.KeepAlive || State is TcpState.Close or TcpState.SynSent) return;
        var wait = KeepaliveTime;
        if (_sender.PacketsOut == 0 && !HasUnsent)
        {
            var silent = KernelTime.Min(_now - _acks.LastReceived, _now - _rcvTstamp);
            if (silent < wait) wait -= silent;
            else if (IsPeerGone(silent)) return;
            else wait = SendKeepalive();
        }

        _keepaliveAt = _now + wait;
    }

    private bool IsPeerGone(KernelTime silent)
    {
        var gone = Options.UserTimeout > KernelTime.Zero
            ? silent >= Options.UserTimeout && _probesOut > 0
            : _probesOut >= KeepaliveProbes;
        if (!gone) return false;
        SendActiveReset();
        WriteError();
        return true;
    }

    private KernelTime SendKeepalive()
    {
        WriteWakeup(LinuxMib.TCPKeepAlive);
        _probesOut++;
        return KeepaliveInterval;
    }
}
