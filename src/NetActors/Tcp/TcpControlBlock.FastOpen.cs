using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>Fast Open of a client (RFC 7413): data in the SYN, and the cookie that allows it (kernel: net/ipv4/tcp_fastopen.c).</summary>
public sealed partial class TcpControlBlock
{
    private FastOpenCookie _cookie = FastOpenAttempt.NoCookie; // what the first SYN says
    private bool _isSynFastOpen; // syn_fastopen: the SYN had the option
    private bool _isFastOpenTrial; // syn_fastopen_ch
    private bool _isDeferred; // DEFER_CONNECT: the SYN waits for the first data
    private int _synDataLength; // syn_data
    private bool _isSynDataAcked; // syn_data_acked
    private FastOpenFailure _fastOpenFailure;

    /// <summary>What the SYN-ACK told; null when Fast Open was not tried.</summary>
    public FastOpenLesson? FastOpenLesson { get; private set; }

    /// <summary>The SYN waits for the first data (kernel: <c>DEFER_CONNECT</c>).</summary>
    public bool IsDeferred => _isDeferred;

    /// <summary>
    /// connect() of a socket with TCP_FASTOPEN_CONNECT: nothing is sent before <see cref="ConnectFastOpen"/> (kernel:
    /// <c>tcp_fastopen_defer_connect</c>).
    /// </summary>
    public TcpEffects DeferConnect(KernelTime now)
    {
        Begin(now);
        _isDeferred = true;
        SetState(TcpState.SynSent);
        return End();
    }

    /// <summary>
    /// Connects with data (kernel: <c>tcp_send_syn_data</c>): as much as fits the SYN goes with it when it may, the rest follows the
    /// handshake.
    /// </summary>
    /// <param name="isn">Initial sequence number.</param>
    /// <param name="tsOffset">What our time stamps are ahead of the clock.</param>
    /// <param name="attempt">What the SYN may do.</param>
    /// <param name="data">The first bytes.</param>
    /// <param name="now">The time.</param>
    /// <param name="written">Bytes taken.</param>
    public TcpEffects ConnectFastOpen(
        uint isn, uint tsOffset, in FastOpenAttempt attempt, ReadOnlySpan<byte> data, KernelTime now, out int written)
    {
        Begin(now);
        _isDeferred = false;
        PrepareSyn(isn, tsOffset);
        (_cookie, _isSynFastOpen, _isFastOpenTrial) = (attempt.Cookie, attempt.Cookie.Length >= 0, attempt.IsTrial);
        _mssClamp = ClampMss(attempt.Mss > 0 ? attempt.Mss : _receiver.AdvMss);
        SyncMss(_pmtuCookie);
        _sendBuffer.Begin(isn + 1);
        var room = attempt.SendsData ? Math.Min(Math.Max(MtuToMss(_pmtuCookie) - TcpOptions.MaxBytes, 0), data.Length) : 0;
        written = _sendBuffer.Append(data[..room], int.MaxValue, isn, mayGrow: true);
        _sendBuffer.MarkPush();
        _synDataLength = written;
        if (!attempt.SendsData && attempt.Cookie.Length >= 0) _fastOpenFailure = FastOpenFailure.CookieUnavailable;
        SendSynWithData(isn);
        return End();
    }

    private void SendSynWithData(uint isn)
    {
        var flags = TcpFlags.Syn | SynEcnFlags;
        _sender.OnSent(isn, isn + 1, TcpFlags.Syn, _now);
        (_sndUp, _sndSml) = (isn, isn);
        TransmitSyn(isn, flags, isRetransmission: false, _synDataLength);
        _sender.WriteSeq = _sendBuffer.End;
        if (_synDataLength == 0) return;
        _sender.OnSent(isn + 1, isn + 1 + (uint)_synDataLength, TcpFlags.Ack | TcpFlags.Psh, _now);
        Mib.Add(LinuxMib.TCPOrigDataSent);
    }

    private void FillFastOpen(ref TcpOptions options)
    {
        if (_cookie.Length < 0 || _sender.Retransmits > 0) return; // a SYN that is sent again does without
        options.Present |= TcpOptionSet.FastOpen;
        options.FastOpen = _cookie;
    }

    /// <summary>Was the SYN's data taken? What was not goes again at once (kernel: <c>tcp_rcv_fastopen_synack</c>).</summary>
    private void FinishFastOpen(in TcpInSegment segment)
    {
        if (!_isSynFastOpen && _synDataLength == 0) return;
        var isDataOut = _synDataLength > 0 && SndUna != SndNxt;
        Learn(segment, isDataOut);
        if (isDataOut)
        {
            _fastOpenFailure = _sender.TotalRetrans > 0 ? FastOpenFailure.SynRetransmitted : FastOpenFailure.DataNotAcked;
            Mib.Add(LinuxMib.TCPFastOpenActiveFail);
            var mss = _sender.Mss;
            var any = _sender.OnMtuReduced(0, _now); // all of it is too large: marks it lost without blaming congestion
            _sender.Mss = mss;
            if (any) Retransmit();
            return;
        }

        _isSynDataAcked = _synDataLength > 0;
        if (_isSynDataAcked) Mib.Add(LinuxMib.TCPFastOpenActive);
        if (segment.Payload.Length > 0) TakeSynData(segment); // a SYN-ACK may have data too
    }

    private void Learn(in TcpInSegment segment, bool isDataOut)
    {
        var cookie = _isSynFastOpen && segment.Options.Has(TcpOptionSet.FastOpen) ? segment.Options.FastOpen : FastOpenAttempt.NoCookie;
        var (synLost, tryExperimental) = (false, (byte)0);
        if (_isSynFastOpen && _sender.TotalRetrans > 0) synLost = cookie.Length < 0 && isDataOut;
        else if (_isSynFastOpen && cookie.Length < 0 && _synDataLength == 0) tryExperimental = (byte)(_cookie.Experimental ? 2 : 1);
        var mss = segment.Options.Has(TcpOptionSet.Mss) ? segment.Options.Mss : (ushort)TcpConstants.MssDefault;
        FastOpenLesson = new FastOpenLesson(mss, cookie, synLost, tryExperimental);
    }

    private bool HasTriedFastOpen => _isSynFastOpen || _synDataLength > 0;

    /// <summary>
    /// The third timeout in a row, or the last, of a connection that began with Fast Open: something may swallow it (kernel:
    /// <c>tcp_fastopen_active_detect_blackhole</c>).
    /// </summary>
    private void DetectBlackhole(int timeouts, bool expired)
    {
        if (HasTriedFastOpen && (timeouts == 2 || (timeouts < 2 && expired))) DisableFastOpen();
    }

    /// <summary>
    /// The connection ends: was the peer's FIN all that came of it, its data swallowed? Or did data come, so that it works again (kernel:
    /// <c>tcp_fastopen_active_disable_ofo_check</c>)?
    /// </summary>
    private void JudgeFastOpen()
    {
        if (!_isSynFastOpen) return;
        if (DataSegmentsIn == 0)
        {
            if (_receiver.HasOnlyFinOutOfOrder) DisableFastOpen();
        }
        else if (_isFastOpenTrial && !Path.IsLoopback)
        {
            _context.FastOpenBlackhole.Reset();
        }
    }

    private void DisableFastOpen() => _context.FastOpenBlackhole.Disable(Sysctls.TcpFastopenBlackholeTimeout, Mib, _now);
}
