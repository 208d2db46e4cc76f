using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>How a connection begins: by connect(), or from what a listener negotiated.</summary>
public sealed partial class TcpControlBlock
{
    private int _mssClamp = TcpConstants.MssDefault; // rx_opt.mss_clamp: what the peer named
    private int _sndWscale;
    private bool _windowScaling;
    private bool _timestampsOk;
    private uint _tsRecent;
    private KernelTime _tsRecentStamp;
    private uint _tsOffset;
    private int _headerLength = TcpHeader.Size; // tcp_header_len
    private bool _isSimultaneous; // SYNs crossed
    private KernelTime _synSentAt = KernelTime.Never; // the first one (retrans_stamp of SYN_SENT)
    private KernelTime _synAckSentAt = KernelTime.Never;

    /// <summary>What earlier connections learned of the path.</summary>
    public TcpPathMetrics PathMetrics { get; set; }

    /// <summary>
    /// Active open (RFC 9293 section 3.10.1; kernel: <c>tcp_v4_connect</c>, <c>tcp_connect</c>): sends the SYN.
    /// </summary>
    /// <param name="isn">Initial sequence number (RFC 6528).</param>
    /// <param name="tsOffset">What our time stamps are ahead of the clock.</param>
    /// <param name="now">The time.</param>
    public TcpEffects Connect(uint isn, uint tsOffset, KernelTime now)
    {
        Begin(now);
        PrepareSyn(isn, tsOffset);
        SendSyn(isn);
        return End();
    }

    /// <summary>
    /// Begins from a finished request sock (kernel: <c>tcp_create_openreq_child</c>): SYN_RECV, until the segment that made it complete is
    /// given to <see cref="OnSegment"/>.
    /// </summary>
    public void Accept(in TcpHandshake handshake, KernelTime now)
    {
        Begin(now);
        StartSender(handshake.Isn + 1);
        _receiver.Start(handshake.PeerIsn + 1);
        _sender.SackEnabled = _receiver.SackOk = handshake.SackOk;
        _sender.EcnEnabled = handshake.EcnOk;
        (_tsOffset, _sender.TimestampOffset) = (handshake.TsOffset, handshake.TsOffset);
        if (handshake.TimestampsOk) UseTimestamps(handshake.TsRecent);
        _mssClamp = Math.Min(handshake.PeerMss > 0 ? handshake.PeerMss : TcpConstants.MssDefault, ClampMss(ushort.MaxValue));
        _receiver.AdvMss = ClampMss(Path.EffectiveAdvMss);
        _windowScaling = handshake.WindowScaling;
        _receiver.RcvWscale = handshake.WindowScaling ? handshake.RcvWscale : 0;
        _sndWscale = handshake.WindowScaling ? handshake.SndWscale : 0;
        _receiver.WindowClamp = handshake.WindowScaling ? handshake.WindowClamp : Math.Min(handshake.WindowClamp, ushort.MaxValue);
        _receiver.RcvWnd = _receiver.RcvSsthresh = handshake.RcvWnd;
        _sender.SetWindow((uint)handshake.PeerWindow, handshake.PeerIsn);
        _synAckSentAt = handshake.SynAckSentAt;
        InitMtuProbing();
        SyncMss(Path.Mtu);
        _receiver.InitRcvMss(_sender.Mss);
        _walk = (ulong)TcpState.Listen; // a child begins as a copy of its listener (inet_csk_clone_lock)
        SetState(TcpState.SynRecv);
        StartClocks();
        if (!handshake.IsFastOpen) return;
        (_isFastOpenChild, _isOfFastOpen, _synAckAt) = (true, true, _now + TcpConstants.TimeoutInit);
        InitTransfer();
    }

    private void PrepareSyn(uint isn, uint tsOffset)
    {
        SetState(TcpState.SynSent);
        Mib.Add(TcpMib.ActiveOpens);
        (_tsOffset, _sender.TimestampOffset) = (tsOffset, tsOffset);
        _headerLength = TcpHeader.Size + (Sysctls.IsTimestamping ? TcpConstants.TimestampsLength : 0);
        _mssClamp = ClampMss(ushort.MaxValue);
        InitMtuProbing();
        SyncMss(Path.Mtu);
        _receiver.AdvMss = ClampMss(Path.EffectiveAdvMss);
        var (window, clamp, wscale) = TcpReceiver.SelectInitial(
            Sysctls, _receiver.FullSpace, _receiver.AdvMss, InitialClamp, Sysctls.TcpWindowScaling);
        if (Path.InitialReceiveWindow > 0) window = Math.Min(window, (uint)(Path.InitialReceiveWindow * _receiver.AdvMss));
        (_receiver.RcvWnd, _receiver.RcvSsthresh, _receiver.WindowClamp, _receiver.RcvWscale) = (window, window, clamp, wscale);
        _receiver.Start(0);
        _sender.Start(isn, _now);
        _synSentAt = _now;
        BeginEcn();
    }

    private void SendSyn(uint isn)
    {
        var flags = TcpFlags.Syn | SynEcnFlags;
        _sender.OnSent(isn, isn + 1, TcpFlags.Syn, _now);
        _sender.WriteSeq = isn + 1;
        _sendBuffer.Begin(isn + 1);
        (_sndUp, _sndSml) = (isn, isn);
        TransmitSyn(isn, flags, isRetransmission: false);
    }

    /// <summary>Begins behind our SYN, which a request sock has sent.</summary>
    private void StartSender(uint first)
    {
        _sender.Start(first, _now);
        _sender.WriteSeq = first;
        _sendBuffer.Begin(first);
        (_sndUp, _sndSml) = (first, first);
    }

    /// <summary>Silence is counted from now on.</summary>
    private void StartClocks()
    {
        (_acks.LastReceived, _lastDataSent) = (_now, _now);
        if (Options.KeepAlive) _keepaliveAt = _now + KeepaliveTime;
    }

    private void UseTimestamps(uint tsRecent)
    {
        _timestampsOk = _sender.TimestampsEnabled = true;
        _headerLength = TcpHeader.Size + TcpConstants.TimestampsLength;
        StoreTsRecent(tsRecent);
    }

    /// <summary>TCP_WINDOW_CLAMP, and a set SO_RCVBUF bounds the window for good (kernel: <c>tcp_connect_init</c>).</summary>
    private uint InitialClamp
    {
        get
        {
            var clamp = Options.WindowClamp != 0 ? (uint)Options.WindowClamp : Path.Window;
            return _receiver.IsRcvBufLocked && (clamp == 0 || clamp > _receiver.FullSpace) ? (uint)_receiver.FullSpace : clamp;
        }
    }

    /// <summary>The MSS, at most what the user set (kernel: <c>tcp_mss_clamp</c>).</summary>
    private int ClampMss(int mss) => Options.MaxSeg > 0 ? Math.Min(Options.MaxSeg, mss) : mss;
}
