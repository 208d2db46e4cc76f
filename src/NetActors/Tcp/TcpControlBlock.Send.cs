using System.Numerics;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>The application writes (kernel: <c>tcp_sendmsg_locked</c>).</summary>
public sealed partial class TcpControlBlock
{
    /// <summary>Limit of the send buffer in truesize bytes (<c>sk_sndbuf</c>).</summary>
    public int SndBuf => _sendBuffer.SndBuf;

    /// <summary>Truesize of the send buffer (<c>sk_wmem_queued</c>).</summary>
    public int WmemQueued => _sendBuffer.WmemQueued;

    /// <summary>Bytes, and FIN, that the peer has not acknowledged (kernel: SIOCOUTQ).</summary>
    public uint Unacknowledged => WriteSeq - SndUna;

    /// <summary>Bytes that were not sent yet (kernel: SIOCOUTQNSD).</summary>
    public uint Unsent => _sender.UnsentBytes;

    /// <summary>A third of the send buffer is free, and little waits unsent (kernel: <c>sk_stream_is_writeable</c>).</summary>
    public bool IsWritable => _sendBuffer.SndBuf - _sendBuffer.WmemQueued >= _sendBuffer.WmemQueued >> 1 && IsNotsentLow;

    private bool IsNotsentLow =>
        _sender.UnsentBytes < (Options.NotsentLowat != 0 ? Options.NotsentLowat : Sysctls.TcpNotsentLowat);

    private bool MayGrowSendBuffer => _sendBuffer.WmemQueued < _sendBuffer.SndBuf && IsNotsentLow; // sk_stream_memory_free

    /// <summary>
    /// Asks for room, as poll() does: when there is none, <see cref="TcpEffects.Writable"/> will tell (kernel: <c>tcp_poll</c>).
    /// </summary>
    public bool PollWritable()
    {
        if (IsWritable) return true;
        _isNoSpace = true;
        Interlocked.MemoryBarrier(); // another CPU may make room at this moment (kernel: smp_mb__after_atomic in tcp_poll)
        return IsWritable;
    }

    /// <summary>
    /// Writes as much of <paramref name="data"/> as the buffer takes and sends what may be sent.
    /// </summary>
    /// <param name="data">The bytes.</param>
    /// <param name="flags">MSG_* flags.</param>
    /// <param name="now">The time.</param>
    /// <param name="written">Bytes taken; fewer than all means that the buffer is full and Writable will tell.</param>
    /// <param name="effects">What is left to do.</param>
    /// <returns>None when a byte was taken; EAGAIN when the buffer is full or the handshake not done; EPIPE or the pending error.</returns>
    public Errno Send(ReadOnlySpan<byte> data, TcpSendFlags flags, KernelTime now, out int written, out TcpEffects effects)
    {
        Begin(now);
        written = 0;
        var error = CheckSendable();
        if (error == Errno.None)
        {
            _sender.CheckAppLimited(HostQueue is not { BytesWithPromised: >= TcpConstants.SkbTrueSizeOfOne });
            written = Write(data, flags);
            if (written == 0 && data.Length > 0) error = Errno.EAGAIN;
        }

        effects = End();
        return error;
    }

    /// <summary>First byte of the last sk_buff of the send buffer.</summary>
    internal uint SendTail => _sendBuffer.TailSeq;

    /// <summary>Raises the send buffer to two windows of segments (kernel: <c>tcp_sndbuf_expand</c>).</summary>
    private void ExpandSendBuffer()
    {
        if (_sendBuffer.IsLocked) return;
        var perSegment = Math.Max(_mssClamp, _sender.Mss) + TcpConstants.MaxHeader + TcpConstants.SkbSharedInfo;
        perSegment = (int)BitOperations.RoundUpToPowerOf2((uint)perSegment) + TcpConstants.SkbStruct;
        var segments = Math.Max(Math.Max(TcpConstants.InitCwnd, _sender.Cwnd), _sender.Reordering + 1);
        var wanted = (long)_sender.CongestionControl.SndbufExpand * segments * perSegment;
        if (_sendBuffer.SndBuf < wanted) _sendBuffer.SndBuf = (int)Math.Min(wanted, Sysctls.TcpWmem.Max);
    }

    private Errno CheckSendable()
    {
        if (State is TcpState.SynSent or TcpState.SynRecv && !IsSendShutdown && Error == Errno.None)
            return _isFastOpenChild ? Errno.None : Errno.EAGAIN;
        if (Error != Errno.None) return TakeError();
        return IsSendShutdown || State is not (TcpState.Established or TcpState.CloseWait) ? Errno.EPIPE : Errno.None;
    }

    private int Write(ReadOnlySpan<byte> data, TcpSendFlags flags)
    {
        var mss = CurrentMss();
        var goal = (flags & TcpSendFlags.Oob) != 0 ? mss : SizeGoal(mss);
        var written = 0;
        _sender.OnIdle(_now);
        while (written < data.Length)
        {
            var taken = _sendBuffer.Append(data[written..], goal, SndNxt, MayGrowSendBuffer);
            if (taken == 0)
            {
                (_isNoSpace, _sender.IsSendBufferFull) = (true, true);
                if (written > 0) Push(flags & ~TcpSendFlags.More, TcpNagle.Push, goal);
                return written;
            }

            written += taken;
            _chrono.Start(TcpChronoKind.Busy, _now);
            _sender.WriteSeq = _sendBuffer.End;
            if (written < data.Length && (flags & TcpSendFlags.Oob) == 0) PushFull(goal);
        }

        if ((flags & TcpSendFlags.EndOfRecord) != 0) _sendBuffer.EndRecord();
        if (written > 0) Push(flags, Nagle, goal);
        return written;
    }

    /// <summary>An sk_buff is full: sends it, or all when half a window waits.</summary>
    private void PushFull(int goal)
    {
        if (_sendBuffer.TailRoom(goal, SndNxt) > 0) return;
        if (IsPushForced)
        {
            _sendBuffer.MarkPush();
            PushPending(TcpNagle.Push);
        }
        else if (_sendBuffer.TryHead(SndNxt, out _, out _, out var last) && last)
        {
            WriteXmit(TcpNagle.Push, PushMode.One); // tcp_push_one
        }
    }

    /// <summary>The write is over (kernel: <c>tcp_push</c>).</summary>
    private void Push(TcpSendFlags flags, TcpNagle nagle, int goal)
    {
        var more = (flags & TcpSendFlags.More) != 0;
        if (!more || IsPushForced) _sendBuffer.MarkPush();
        if ((flags & TcpSendFlags.Oob) != 0) _sndUp = WriteSeq;
        if (more) nagle = TcpNagle.Cork;
        if (ShouldAutocork(nagle)) return;
        if (State is not (TcpState.SynSent or TcpState.SynRecv) || _isFastOpenChild) PushPending(nagle);
    }

    /// <summary>More than half of the largest window was written since the last push (kernel: <c>forced_push</c>).</summary>
    private bool IsPushForced => TcpSeq.After(WriteSeq, _sendBuffer.PushedSeq + (_sender.MaxWindow >> 1));

    /// <summary>Bytes that one sk_buff takes (kernel: <c>tcp_xmit_size_goal</c>).</summary>
    private int SizeGoal(int mss)
    {
        if (Path.GsoMaxSize == 0) return mss;
        var most = BoundToHalfWindow(Path.GsoMaxSize - 1 - TcpConstants.MaxHeader);
        return Math.Max(Math.Min(most / mss, Path.GsoMaxSegs) * mss, mss);
    }
}
