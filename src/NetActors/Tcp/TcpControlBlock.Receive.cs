using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>The application reads (kernel: <c>tcp_recvmsg_locked</c>, <c>tcp_cleanup_rbuf</c>).</summary>
public sealed partial class TcpControlBlock
{
    /// <summary>Bytes that can be read (kernel: SIOCINQ, <c>tcp_inq</c>).</summary>
    public int Readable
    {
        get
        {
            if (State is TcpState.SynSent or TcpState.SynRecv && !_isFastOpenChild) return 0;
            var bytes = (int)(DataEnd - _receiver.CopiedSeq);
            var toMark = (int)(_urgSeq - _receiver.CopiedSeq);
            return _urgent == UrgentState.None || Options.OobInline || toMark < 0 || toMark >= bytes ? Math.Max(bytes, 0) : toMark;
        }
    }

    /// <summary>What TCP_INQ tells: what is queued, the FIN counted, and 1 behind it so that the program reads on (kernel: <c>tcp_inq_hint</c>).</summary>
    public int InqHint => (int)_receiver.Unread is var left and not 0 ? left : IsDone ? 1 : 0;

    /// <summary>Limit of the receive buffer in truesize bytes (<c>sk_rcvbuf</c>).</summary>
    public int RcvBuf => _receiver.RcvBuf;

    /// <summary>Truesize of the receive queue (<c>sk_rmem_alloc</c>).</summary>
    public int RmemAlloc => _receiver.RmemAlloc;

    private uint DataEnd => _receiver.RcvNxt - (IsDone ? 1u : 0);

    /// <summary>
    /// Reads what is there, up to the urgent mark.
    /// </summary>
    /// <param name="destination">Where the bytes go.</param>
    /// <param name="flags">MSG_* flags.</param>
    /// <param name="now">The time.</param>
    /// <param name="copied">Bytes read; 0 with None means that the peer sends no more.</param>
    /// <param name="effects">What is left to do: a window update may go out.</param>
    /// <returns>None; EAGAIN when there is nothing yet; the pending error; ENOTCONN without a connection.</returns>
    public Errno Receive(Span<byte> destination, TcpReceiveFlags flags, KernelTime now, out int copied, out TcpEffects effects)
    {
        Begin(now);
        copied = 0;
        if ((flags & TcpReceiveFlags.Oob) != 0)
        {
            var answer = ReceiveUrgent(destination, flags, out copied);
            effects = End();
            return answer;
        }

        var seq = Copy(destination, flags, ref copied);
        var error = copied > 0 || destination.Length == 0 ? Errno.None : CheckEmpty();
        if ((flags & TcpReceiveFlags.Peek) == 0 && seq != _receiver.CopiedSeq) Consume(seq, copied);
        effects = End();
        return error;
    }

    private uint Copy(Span<byte> destination, TcpReceiveFlags flags, ref int copied)
    {
        var seq = _receiver.CopiedSeq;
        if (State is TcpState.SynSent or TcpState.SynRecv && !_isFastOpenChild) return seq;
        while (copied < destination.Length && TcpSeq.Before(seq, DataEnd))
        {
            var used = Math.Min(destination.Length - copied, (int)(DataEnd - seq));
            if (_urgent != UrgentState.None && _urgSeq - seq < (uint)used)
            {
                var toMark = (int)(_urgSeq - seq);
                if (toMark == 0 && copied > 0) break; // a read never crosses the mark
                if (toMark > 0) used = toMark;
                else if (!Options.OobInline)
                {
                    seq++; // the urgent byte is read with MSG_OOB only
                    continue;
                }
            }

            if ((flags & TcpReceiveFlags.Truncate) == 0) _receiver.Peek(seq, destination.Slice(copied, used));
            seq += (uint)used;
            copied += used;
        }

        return seq;
    }

    /// <summary>Takes what was read out of the queue.</summary>
    private void Consume(uint seq, int copied)
    {
        if (IsDone && seq == DataEnd) seq = _receiver.RcvNxt; // the FIN goes with the last byte
        _receiver.Consume(seq);
        _receiver.AdjustSpace(_now);
        if (_urgent != UrgentState.None && TcpSeq.After(seq, _urgSeq))
        {
            _urgent = UrgentState.None;
            CheckFastPath();
        }

        CleanupReceiveBuffer(copied);
    }

    private Errno CheckEmpty()
    {
        if (IsDone) return Errno.None;
        if (Error != Errno.None) return TakeError();
        if (IsReceiveShutdown) return Errno.None;
        return State == TcpState.Close ? Errno.ENOTCONN : Errno.EAGAIN;
    }

    private Errno ReceiveUrgent(Span<byte> destination, TcpReceiveFlags flags, out int copied)
    {
        copied = 0;
        if (Options.OobInline || _urgent is UrgentState.None or UrgentState.Read) return Errno.EINVAL;
        if (State == TcpState.Close && !IsDone) return Errno.ENOTCONN;
        if (_urgent == UrgentState.NotYet) return State == TcpState.Close || IsReceiveShutdown ? Errno.None : Errno.EAGAIN;
        if ((flags & TcpReceiveFlags.Peek) == 0) _urgent = UrgentState.Read;
        if (destination.Length == 0) return Errno.None;
        destination[0] = _urgentByte;
        copied = 1;
        return Errno.None;
    }

    /// <summary>
    /// After a read: an ACK that waited for it, or news of a window that opened to twice its size (kernel: <c>tcp_cleanup_rbuf</c>; RFC
    /// 9293 section 3.8.6.2.2).
    /// </summary>
    private void CleanupReceiveBuffer(int copied)
    {
        if (State is TcpState.Close or TcpState.SynSent or TcpState.SynRecv) return;
        var ackNow = false;
        if (_acks.IsScheduled)
        {
            var pushed = (_acks.Pending & TcpAckPending.Pushed2) != 0 ||
                ((_acks.Pending & TcpAckPending.Pushed) != 0 && !_acks.IsPingpong(Sysctls));
            ackNow = _receiver.RcvNxt - _receiver.RcvWup > (uint)_acks.RcvMss || (copied > 0 && pushed && _receiver.RmemAlloc == 0);
        }

        if (copied > 0 && !ackNow && !IsReceiveShutdown)
        {
            var window = _receiver.ReceiveWindow;
            if (2L * window <= _receiver.WindowClamp)
            {
                var next = _receiver.ChooseWindow();
                ackNow = next != 0 && next >= 2 * window;
            }
        }

        if (ackNow) SendAck();
    }
}
