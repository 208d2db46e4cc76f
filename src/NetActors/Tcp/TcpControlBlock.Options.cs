using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>Socket options that act at once (kernel: <c>do_tcp_setsockopt</c>, <c>sk_setsockopt</c>).</summary>
public sealed partial class TcpControlBlock
{
    /// <summary>TCP_NODELAY: turning it on sends what Nagle held back.</summary>
    public TcpEffects SetNoDelay(bool on, KernelTime now)
    {
        Begin(now);
        Options.NoDelay = on;
        if (on && IsSending) PushPending(Nagle | TcpNagle.Push);
        return End();
    }

    /// <summary>TCP_CORK: turning it off sends what it held back.</summary>
    public TcpEffects SetCork(bool on, KernelTime now)
    {
        Begin(now);
        Options.Cork = on;
        if (!on && IsSending) PushPending(Nagle | (Options.NoDelay ? TcpNagle.Push : TcpNagle.On));
        return End();
    }

    /// <summary>TCP_QUICKACK: 0 delays ACKs, 1 sends what is owed now; even numbers above do so once.</summary>
    public TcpEffects SetQuickAck(int value, KernelTime now)
    {
        Begin(now);
        if (value == 0)
        {
            _acks.EnterPingpong(Sysctls);
            return End();
        }

        _acks.Pingpong = 0;
        if (IsIn(TcpState.Established, TcpState.CloseWait) && _acks.IsScheduled)
        {
            _acks.Pending |= TcpAckPending.Pushed;
            CleanupReceiveBuffer(1);
            if ((value & 1) == 0) _acks.EnterPingpong(Sysctls);
        }

        return End();
    }

    /// <summary>SO_KEEPALIVE.</summary>
    public void SetKeepAlive(bool on, KernelTime now)
    {
        var was = Options.KeepAlive;
        Options.KeepAlive = on;
        if (State is TcpState.Close or TcpState.Listen) return;
        if (!on) _keepaliveAt = KernelTime.Never;
        else if (!was) _keepaliveAt = now + KeepaliveTime;
    }

    /// <summary>TCP_KEEPIDLE in seconds. EINVAL outside of 1 to 32767.</summary>
    public Errno SetKeepIdle(int seconds, KernelTime now)
    {
        if (seconds is < 1 or > 32767) return Errno.EINVAL;
        Options.KeepIdle = KernelTime.FromSeconds(seconds);
        if (!Options.KeepAlive || State is TcpState.Close or TcpState.Listen) return Errno.None;
        var silent = KernelTime.Min(now - _acks.LastReceived, now - _rcvTstamp);
        _keepaliveAt = silent < Options.KeepIdle ? now + (Options.KeepIdle - silent) : now;
        return Errno.None;
    }

    /// <summary>TCP_KEEPINTVL in seconds. EINVAL outside of 1 to 32767.</summary>
    public Errno SetKeepIntvl(int seconds)
    {
        if (seconds is < 1 or > 32767) return Errno.EINVAL;
        Options.KeepIntvl = KernelTime.FromSeconds(seconds);
        return Errno.None;
    }

    /// <summary>TCP_KEEPCNT. EINVAL outside of 1 to 127.</summary>
    public Errno SetKeepCnt(int probes)
    {
        if (probes is < 1 or > 127) return Errno.EINVAL;
        Options.KeepCnt = probes;
        return Errno.None;
    }

    /// <summary>TCP_SYNCNT. EINVAL outside of 1 to 127.</summary>
    public Errno SetSynCnt(int retries)
    {
        if (retries is < 1 or > 127) return Errno.EINVAL;
        Options.SynCnt = retries;
        return Errno.None;
    }

    /// <summary>TCP_USER_TIMEOUT in milliseconds; 0 for none. EINVAL when negative.</summary>
    public Errno SetUserTimeout(int milliseconds)
    {
        if (milliseconds < 0) return Errno.EINVAL;
        Options.UserTimeout = _sender.UserTimeout = KernelTime.FromMilliseconds(milliseconds);
        return Errno.None;
    }

    /// <summary>TCP_LINGER2 in seconds: negative for none, at most 120.</summary>
    public void SetLinger2(int seconds) => Options.Linger2 = KernelTime.FromSeconds(seconds < 0 ? -1 : Math.Min(seconds, 120));

    /// <summary>TCP_MAXSEG; 0 takes it back. EINVAL outside of 88 to 32767.</summary>
    public Errno SetMaxSeg(int bytes)
    {
        if (bytes != 0 && bytes is < TcpConstants.MinMss or > TcpConstants.MaxSignedWindow) return Errno.EINVAL;
        Options.MaxSeg = bytes;
        return Errno.None;
    }

    /// <summary>TCP_MAXSEG as getsockopt answers it: the MSS in use, or the one set while there is no connection.</summary>
    public int GetMaxSeg() => Options.MaxSeg > 0 && State is TcpState.Close or TcpState.Listen ? Options.MaxSeg : _sender.Mss;

    /// <summary>TCP_WINDOW_CLAMP in bytes. EINVAL for 0 on a connection.</summary>
    public Errno SetWindowClamp(int bytes)
    {
        if (bytes == 0 && State != TcpState.Close) return Errno.EINVAL;
        Options.WindowClamp = bytes == 0 ? 0 : Math.Max(bytes, TcpConstants.MinRcvBuf / 2);
        if (State != TcpState.Close) _receiver.SetWindowClamp(bytes);
        return Errno.None;
    }

    /// <summary>TCP_NOTSENT_LOWAT in bytes; 0 for the sysctl. A writer may go on by it.</summary>
    public TcpEffects SetNotsentLowat(uint bytes, KernelTime now)
    {
        Begin(now);
        Options.NotsentLowat = bytes;
        CheckSpace();
        return End();
    }

    /// <summary>SO_RCVBUF: capped by <c>rmem_max</c>, doubled, and no longer tuned.</summary>
    public void SetRcvBuf(int bytes) => ForceRcvBuf((int)Math.Min((uint)bytes, (uint)Sysctls.RmemMax));

    /// <summary>SO_RCVBUFFORCE: the same without the cap.</summary>
    public void ForceRcvBuf(int bytes)
    {
        Options.RcvBuf = BufferOf(bytes, TcpConstants.MinRcvBuf);
        (_receiver.RcvBuf, _receiver.IsRcvBufLocked) = (Options.RcvBuf, true);
    }

    /// <summary>What a buffer becomes that is asked for (kernel: <c>__sock_set_rcvbuf</c>).</summary>
    internal static int BufferOf(int bytes, int least) => Math.Max(Math.Min(bytes, int.MaxValue / 2) * 2, least);

    /// <summary>SO_SNDBUF: capped by <c>wmem_max</c>, doubled, and no longer tuned.</summary>
    public TcpEffects SetSndBuf(int bytes, KernelTime now) => ForceSndBuf((int)Math.Min((uint)bytes, (uint)Sysctls.WmemMax), now);

    /// <summary>SO_SNDBUFFORCE: the same without the cap.</summary>
    public TcpEffects ForceSndBuf(int bytes, KernelTime now)
    {
        Begin(now);
        Options.SndBuf = BufferOf(bytes, TcpConstants.MinSndBuf);
        (_sendBuffer.SndBuf, _sendBuffer.IsLocked) = (Options.SndBuf, true);
        _effects |= TcpEffects.Writable; // the kernel wakes whoever waits for space
        return End();
    }

    /// <summary>SO_RCVLOWAT (kernel: <c>tcp_set_rcvlowat</c>): at most half of the buffer, which grows to hold it.</summary>
    public TcpEffects SetRcvLowat(int bytes, KernelTime now)
    {
        Begin(now);
        var most = (_receiver.IsRcvBufLocked ? _receiver.RcvBuf : Sysctls.TcpRmem.Max) >> 1;
        Options.RcvLowat = Math.Max(Math.Min(bytes < 0 ? int.MaxValue : bytes, most), 1);
        _receiver.MakeRoomFor(Options.RcvLowat);
        if (_receiver.Unread > 0) DataReady();
        return End();
    }

    /// <summary>TCP_CONGESTION. ENOENT for a name that is not known.</summary>
    public Errno SetCongestion(string name, KernelTime now)
    {
        var error = CongestionControls.TryCreate(name, _context.Random, out var control);
        if (control is null) return error;
        Options.Congestion = name;
        _sender.SetCongestionControl(control, now);
        return Errno.None;
    }

    /// <summary>SO_MAX_PACING_RATE in bytes a second.</summary>
    public void SetMaxPacingRate(long bytesPerSecond) => Options.MaxPacingRate = _sender.MaxPacingRate = bytesPerSecond;

    private bool IsSending => HasUnsent && State is not (TcpState.SynSent or TcpState.SynRecv or TcpState.Close);
}
