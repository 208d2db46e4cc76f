using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>Fast Open (RFC 7413): data in the SYN, and the cookie that allows it (kernel: net/ipv4/tcp_fastopen.c).</summary>
public sealed partial class TcpControlBlock
{
    /// <summary>Bytes that fit a SYN with a cookie (kernel: <c>tcp_send_syn_data</c>).</summary>
    internal static int FastOpenRoom(in TcpPath path) => path.Mtu - Ipv4Header.Size - TcpHeader.Size - TcpOptions.MaxBytes;

    private FastOpenCookie? _cookie; // what the SYN says; Length 0 asks for one
    private bool _goesWithoutCookie;
    private bool _isFastOpenChild; // tcp_passive_fastopen: in SYN_RECV, but data may flow
    private int _synDataLength; // syn_data
    private bool _isSynDataAcked; // syn_data_acked

    /// <summary>The cookie that the peer gave in its SYN-ACK, to be kept for later; null when there is none.</summary>
    public FastOpenCookie? ReceivedCookie { get; private set; }

    /// <summary>
    /// Connects with data (kernel: <c>tcp_send_syn_data</c>): with a cookie as much as fits the SYN goes with it, the rest follows the
    /// handshake; without one the SYN asks for it.
    /// </summary>
    /// <param name="isn">Initial sequence number.</param>
    /// <param name="tsOffset">What our time stamps are ahead of the clock.</param>
    /// <param name="cookie">The peer's cookie; null when none is known.</param>
    /// <param name="withoutCookie">The data goes without a cookie, and none is asked for (kernel: <c>tcp_fastopen_no_cookie</c>).</param>
    /// <param name="data">The first bytes.</param>
    /// <param name="now">The time.</param>
    /// <param name="written">Bytes taken.</param>
    public TcpEffects ConnectFastOpen(
        uint isn, uint tsOffset, FastOpenCookie? cookie, ReadOnlySpan<byte> data, KernelTime now, out int written, bool withoutCookie = false)
    {
        Begin(now);
        PrepareSyn(isn, tsOffset);
        (_cookie, _goesWithoutCookie) = (cookie ?? default(FastOpenCookie), withoutCookie);
        _sendBuffer.Begin(isn + 1);
        written = _sendBuffer.Append(data, int.MaxValue, isn, mayGrow: true);
        _sendBuffer.MarkPush();
        var room = MtuToMss(_pmtuCookie) - TcpOptions.MaxBytes;
        _synDataLength = withoutCookie || cookie is { Length: > 0 } ? Math.Min(room, written) : 0;
        SendSynWithData(isn);
        return End();
    }

    /// <summary>
    /// The data of the SYN that made this Fast Open child, which may be read before the handshake is done (kernel:
    /// <c>tcp_fastopen_add_skb</c>).
    /// </summary>
    public TcpEffects OnSynData(in TcpInSegment syn, KernelTime now)
    {
        Begin(now);
        if (!_isFastOpenChild || syn.Payload.Length == 0) return TcpEffects.None;
        if (!_receiver.TrySchedule(_receiver.RcvNxt, syn.Payload.Length)) return TcpEffects.None;
        _receiver.QueueSynData(syn, TrueSizeOf(syn));
        _isSynDataAcked = true;
        _receiver.RcvWup = _receiver.RcvNxt; // the SYN-ACK acknowledges it
        DataReady();
        return End();
    }

    private void SendSynWithData(uint isn)
    {
        var flags = TcpFlags.Syn | (_ecnAsked ? TcpFlags.Ece | TcpFlags.Cwr : 0);
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
        if (_cookie is not { } cookie || _goesWithoutCookie || _sender.Retransmits > 0) return; // a SYN that is sent again does without
        options.Present |= TcpOptionSet.FastOpen;
        options.FastOpen = cookie;
    }

    /// <summary>Was the SYN's data taken? What was not goes again at once (kernel: <c>tcp_rcv_fastopen_synack</c>).</summary>
    private void FinishFastOpen(in TcpInSegment segment)
    {
        if (_cookie is null) return;
        if (segment.Options.Has(TcpOptionSet.FastOpen) && segment.Options.FastOpen.Length > 0) ReceivedCookie = segment.Options.FastOpen;
        if (_synDataLength == 0) return;
        _isSynDataAcked = SndUna == SndNxt;
        if (_isSynDataAcked)
        {
            Mib.Add(LinuxMib.TCPFastOpenActive);
            return;
        }

        Mib.Add(LinuxMib.TCPFastOpenActiveFail);
        var mss = _sender.Mss;
        var any = _sender.OnMtuReduced(0, _now); // all of it is too large: marks it lost without blaming congestion
        _sender.Mss = mss;
        if (any) Retransmit();
    }
}
