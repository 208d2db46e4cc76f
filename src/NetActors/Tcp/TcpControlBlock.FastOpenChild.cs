using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Fast Open of a server: a child that has its peer's data before the handshake is done, and sends the SYN-ACK again itself (kernel:
/// <c>tcp_fastopen_create_child</c>, <c>tcp_fastopen_synack_timer</c>).
/// </summary>
public sealed partial class TcpControlBlock
{
    private bool _isFastOpenChild; // tcp_passive_fastopen: in SYN_RECV, but data may flow
    private bool _isOfFastOpen; // syn_fastopen_child: it was one
    private int _synAckTimeouts; // num_timeout
    private KernelTime _synAckAt = KernelTime.Never;

    /// <summary>
    /// The data of the SYN that made this Fast Open child, which may be read before the handshake is done (kernel:
    /// <c>tcp_fastopen_add_skb</c>).
    /// </summary>
    public TcpEffects OnSynData(in TcpInSegment syn, KernelTime now)
    {
        Begin(now);
        if (!_isFastOpenChild || syn.Payload.Length == 0) return TcpEffects.None;
        TakeSynData(syn);
        return End();
    }

    private void TakeSynData(in TcpInSegment segment)
    {
        if (!_receiver.TrySchedule(_receiver.RcvNxt, segment.Payload.Length, TrueSizeOf(segment))) return;
        _receiver.QueueSynData(segment, TrueSizeOf(segment));
        _isSynDataAcked = true;
        _receiver.RcvWup = _receiver.RcvNxt; // the SYN-ACK acknowledges it
        DataReady();
    }

    /// <summary>While the handshake goes on only the SYN-ACK is sent again; data and FIN wait (kernel: <c>tcp_rearm_rto</c>).</summary>
    private KernelTime SenderDeadline =>
        _isFastOpenChild ? _sender.PacingDeadline : _sender.Deadline;

    private void OnSynAckTimer()
    {
        Mib.Add(LinuxMib.TCPTimeouts);
        var most = Options.SynCnt > 0 ? Options.SynCnt : Sysctls.TcpSynackRetries + 1;
        if (_synAckTimeouts >= most)
        {
            WriteError();
            return;
        }

        _effects |= TcpEffects.SynAck;
        _synAckTimeouts++;
        _synAckSentAt = KernelTime.Never; // whose ACK it is cannot be told: no round trip
        _synAckAt = _now + KernelTime.Min(TcpConstants.TimeoutInit * (1L << Math.Min(_synAckTimeouts, 30)), Sysctls.TcpRtoMax);
    }

    /// <summary>The handshake is done (kernel: <c>tcp_rcv_synrecv_state_fastopen</c>).</summary>
    private void FinishFastOpenChild()
    {
        (_isFastOpenChild, _synAckAt) = (false, KernelTime.Never);
        _sender.RestartTimer(_now);
    }
}
