using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>The ways out of a connection (RFC 9293 section 3.6; kernel: <c>tcp_shutdown</c>, <c>__tcp_close</c>, <c>tcp_fin</c>).</summary>
public sealed partial class TcpControlBlock
{
    private TcpTimeWait? _timeWait;
    private bool _isCountedOrphan;

    /// <summary>The entry that takes over after <see cref="TcpEffects.TimeWait"/>; null afterwards.</summary>
    public TcpTimeWait? TakeTimeWait()
    {
        var entry = _timeWait;
        _timeWait = null;
        return entry;
    }

    /// <summary>shutdown() (kernel: <c>inet_shutdown</c>). ENOTCONN when there is no connection.</summary>
    public Errno Shutdown(bool receive, bool send, KernelTime now, out TcpEffects effects)
    {
        Begin(now);
        var error = Errno.None;
        if (State == TcpState.Close)
        {
            error = Errno.ENOTCONN;
            _effects |= TcpEffects.Readable | TcpEffects.Writable; // wakes whoever sleeps
        }
        else if (State == TcpState.SynSent)
        {
            Disconnect();
        }
        else
        {
            if (receive) (IsReceiveShutdown, _effects) = (true, _effects | TcpEffects.Readable);
            if (send) ShutdownSend();
            _effects |= TcpEffects.Readable | TcpEffects.Writable;
        }

        effects = End();
        return error;
    }

    /// <summary>
    /// close(): the socket lets go (kernel: <c>__tcp_close</c>). Unread data and a linger time of zero reset; what was written is still
    /// delivered, by an orphan.
    /// </summary>
    public TcpEffects Close(KernelTime now)
    {
        Begin(now);
        IsReceiveShutdown = true;
        var unread = _receiver.Purge();
        if (State != TcpState.Close)
        {
            if (unread)
            {
                Mib.Add(LinuxMib.TCPAbortOnClose); // RFC 2525 section 2.17
                Abort();
            }
            else if (Options.LingerOn && Options.LingerTime == KernelTime.Zero)
            {
                Disconnect();
                Mib.Add(LinuxMib.TCPAbortOnData);
            }
            else
            {
                ShutdownSend(closing: true);
            }
        }

        Orphan();
        return End();
    }

    /// <summary>Ends the connection at once, with a RST where the peer knows of it (kernel: <c>tcp_disconnect</c>, tcp_abort).</summary>
    public TcpEffects Abort(KernelTime now)
    {
        Begin(now);
        if (State != TcpState.Close) Disconnect();
        return End();
    }

    /// <summary>connect() with AF_UNSPEC: the socket may be used anew (kernel: <c>tcp_disconnect</c>).</summary>
    public TcpEffects Disconnect(KernelTime now)
    {
        Begin(now);
        if (State != TcpState.Close) Disconnect();
        _receiver.Purge();
        (IsReceiveShutdown, IsSendShutdown, IsDone) = (false, false, false);
        return End();
    }

    /// <summary>Resets and ends.</summary>
    private void Abort()
    {
        SendActiveReset();
        Done();
    }

    private void Disconnect()
    {
        var needsReset =
            State is TcpState.Established or TcpState.CloseWait or TcpState.FinWait1 or TcpState.FinWait2 or TcpState.SynRecv ||
            (HasUnsent && IsIn(TcpState.Closing, TcpState.LastAck));
        if (needsReset) SendActiveReset();
        if (needsReset || State == TcpState.SynSent) Error = Errno.ECONNRESET;
        _sendBuffer.Purge();
        SetState(TcpState.Close); // not an attempt that failed
        Done();
    }

    /// <summary>No more data from us (kernel: <c>tcp_close_state</c> and <c>tcp_send_fin</c>).</summary>
    private void ShutdownSend(bool closing = false)
    {
        if (IsSendShutdown && State is not (TcpState.SynSent or TcpState.SynRecv)) return;
        IsSendShutdown = true;
        switch (State)
        {
            case TcpState.SynSent:
                SetState(TcpState.Close);
                Done();
                break;
            case TcpState.SynRecv when !closing:
                break; // tcp_shutdown leaves it to the end of the handshake
            case TcpState.SynRecv or TcpState.Established:
                SetState(TcpState.FinWait1);
                SendFin();
                break;
            case TcpState.CloseWait:
                SetState(TcpState.LastAck);
                SendFin();
                break;
        }
    }

    /// <summary>The FIN goes with the last data or alone (kernel: <c>tcp_send_fin</c>).</summary>
    private void SendFin()
    {
        _isFinQueued = true;
        _sender.WriteSeq++;
        PushPending(TcpNagle.Off);
    }

    /// <summary>No socket is left (kernel: <c>sock_orphan</c> and what follows in <c>__tcp_close</c>).</summary>
    private void Orphan()
    {
        if (IsOrphan) return;
        IsOrphan = true;
        if (State == TcpState.Close)
        {
            Destroy();
            return;
        }

        _isCountedOrphan = true;
        _context.AddOrphans(1);
        if (State == TcpState.FinWait2) OrphanInFinWait2();
        if (State == TcpState.Close || !_context.TooManyOrphans(0)) return;
        Mib.Add(LinuxMib.TCPAbortOnMemory);
        Abort();
    }

    private void OrphanInFinWait2()
    {
        if (Options.Linger2 < KernelTime.Zero)
        {
            Mib.Add(LinuxMib.TCPAbortOnLinger);
            Abort();
        }
        else if (FinTime > TcpConstants.TimeWaitLength)
        {
            _keepaliveAt = _now + (FinTime - TcpConstants.TimeWaitLength);
        }
        else
        {
            EnterTimeWait(TcpState.FinWait2, FinTime);
        }
    }

    /// <summary>How long an orphan waits for the peer's FIN (kernel: <c>tcp_fin_time</c>).</summary>
    private KernelTime FinTime
    {
        get
        {
            var time = Options.Linger2 > KernelTime.Zero ? Options.Linger2 : Sysctls.TcpFinTimeout;
            var rto = _sender.Rtt.Rto.Nanoseconds;
            return KernelTime.Max(time, new KernelTime((rto << 2) - (rto >> 1)));
        }
    }

    private void OnFinWait2Timer()
    {
        if (Options.Linger2 >= KernelTime.Zero && FinTime > TcpConstants.TimeWaitLength)
        {
            EnterTimeWait(TcpState.FinWait2, FinTime - TcpConstants.TimeWaitLength);
            return;
        }

        Abort();
    }

    /// <summary>Our FIN is acknowledged (RFC 9293: FIN-WAIT-2). False when the segment goes no further.</summary>
    private bool OnFinAcknowledged(in TcpInSegment segment)
    {
        SetState(TcpState.FinWait2);
        IsSendShutdown = true;
        _effects |= TcpEffects.FinAcked | TcpEffects.Confirm;
        if (!IsOrphan) return true;
        if (Options.Linger2 < KernelTime.Zero || IsNewData(segment))
        {
            Done();
            Mib.Add(LinuxMib.TCPAbortOnData);
            SendResetFor(segment);
            return false;
        }

        if (FinTime > TcpConstants.TimeWaitLength)
        {
            _keepaliveAt = _now + (FinTime - TcpConstants.TimeWaitLength);
            return true;
        }

        if (segment.Has(TcpFlags.Fin))
        {
            _keepaliveAt = _now + FinTime; // the FIN is looked at below
            return true;
        }

        EnterTimeWait(TcpState.FinWait2, FinTime);
        return false;
    }

    /// <summary>The peer's FIN is due (RFC 9293 section 3.10.7.4, eighth; kernel: <c>tcp_fin</c>).</summary>
    private void OnFin()
    {
        _acks.Schedule();
        (IsReceiveShutdown, IsDone) = (true, true);
        switch (State)
        {
            case TcpState.SynRecv or TcpState.Established:
                SetState(TcpState.CloseWait);
                _acks.EnterPingpong(Sysctls);
                break;
            case TcpState.FinWait1:
                SendAck(); // both closed at once
                SetState(TcpState.Closing);
                break;
            case TcpState.FinWait2:
                SendAck();
                EnterTimeWait(TcpState.TimeWait, TcpConstants.TimeWaitLength);
                break;
        }

        _receiver.PurgeOutOfOrder();
        if (!IsOrphan) _effects |= TcpEffects.PeerClosed | TcpEffects.Readable;
    }

    /// <summary>A small record takes over (kernel: <c>tcp_time_wait</c>).</summary>
    private void EnterTimeWait(TcpState substate, KernelTime length)
    {
        var rto = _sender.Rtt.Rto.Nanoseconds;
        _timeWait = new TcpTimeWait
        {
            Substate = substate,
            SndNxt = SndNxt,
            RcvNxt = _receiver.RcvNxt,
            RcvWnd = _receiver.ReceiveWindow,
            RcvWscale = _receiver.RcvWscale,
            Timestamps = _timestampsOk,
            TsRecent = _tsRecent,
            TsRecentStamp = _timestampsOk ? _tsRecentStamp : KernelTime.Never,
            TsOffset = _tsOffset,
            Ect = Accurate is { IsOn: true, MarksPackets: true },
            Deadline = _now + (substate == TcpState.TimeWait ? length : KernelTime.Max(length, new KernelTime((rto << 2) - (rto >> 1)))),
        };
        _effects |= TcpEffects.TimeWait;
        Done();
    }
}
