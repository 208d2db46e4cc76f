using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>Congestion marks (RFC 3168, RFC 8257; kernel: <c>tcp_ecn_*</c>): negotiated, echoed, acknowledged.</summary>
public sealed partial class TcpControlBlock
{
    private bool _demandCwr; // TCP_ECN_DEMAND_CWR: ECE until the peer says CWR
    private bool _ecnSeen; // TCP_ECN_SEEN
    private bool _ecnAsked; // our SYN asked for it
    private bool _lastWasMarked; // dctcp's ce_state

    /// <summary>ECN is wanted on a SYN that we send.</summary>
    private bool AsksForEcn => Sysctls.TcpEcn == 1 || Path.Ecn || _sender.CongestionControl.NeedsEcn;

    /// <summary>The peer has answered our echo (kernel: <c>tcp_ecn_accept_cwr</c>).</summary>
    private void AcceptCwr(in TcpInSegment segment)
    {
        if (!segment.Has(TcpFlags.Cwr)) return;
        _demandCwr = false;
        if (segment.Payload.Length > 0) _acks.Pending |= TcpAckPending.Now; // its window may be one segment
    }

    /// <summary>Looks at the mark of a segment with data (kernel: <c>tcp_data_ecn_check</c>).</summary>
    private void CheckEcn(in TcpInSegment segment)
    {
        if (!_sender.EcnEnabled) return;
        if (segment.Ecn == EcnCodepoint.NotEct)
        {
            if (_ecnSeen) _acks.EnterQuick(_receiver.RcvWnd, 2); // probably a retransmission
            return;
        }

        _ecnSeen = true;
        var marked = segment.Ecn == EcnCodepoint.Ce;
        if (_sender.CongestionControl.NeedsEcn)
        {
            EchoEveryMark(marked);
        }
        else if (marked && !_demandCwr)
        {
            _acks.EnterQuick(_receiver.RcvWnd, 2); // the sender's window may be small
            _demandCwr = true;
        }
    }

    /// <summary>
    /// DCTCP's receiver says with each ACK whether its segments were marked (RFC 8257 section 3.2; <c>dctcp_ece_ack_update</c>).
    /// </summary>
    private void EchoEveryMark(bool marked)
    {
        if (marked != _lastWasMarked)
        {
            if ((_acks.Pending & TcpAckPending.Timer) != 0)
            {
                _demandCwr = _lastWasMarked;
                SendAck(_priorRcvNxt);
            }

            _acks.Pending |= TcpAckPending.Now;
        }

        (_priorRcvNxt, _lastWasMarked, _demandCwr) = (_receiver.RcvNxt, marked, marked);
    }

    /// <summary>Sets the bits of a segment of an established connection (kernel: <c>tcp_ecn_send</c>).</summary>
    private void MarkEcn(ref TcpOutSegment segment, bool isNewData)
    {
        if (!_sender.EcnEnabled) return;
        if (isNewData)
        {
            segment.Ect = true;
            if (_sender.TakeCwr()) segment.Flags |= TcpFlags.Cwr;
        }
        else if (_sender.CongestionControl.NeedsEcn)
        {
            segment.Ect = true; // tcp_ca_needs_ecn marks ACKs too
        }

        if (_demandCwr) segment.Flags |= TcpFlags.Ece;
    }
}
