using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>Congestion marks (RFC 3168, RFC 8257; kernel: <c>tcp_ecn_*</c>): negotiated, echoed, acknowledged.</summary>
public sealed partial class TcpControlBlock
{
    private bool _demandCwr; // TCP_ECN_DEMAND_CWR: ECE until the peer says CWR
    private bool _ecnSeen; // TCP_ECN_SEEN
    private bool _ecnAsked; // our SYN asked for it
    private bool _lastWasMarked; // dctcp's ce_state

    private TcpFlags _reflected; // what an ACK of a SYN says in place of the counter
    private int _synsWithAce; // SYNs sent that asked for accurate ECN

    /// <summary>ECN is wanted on a SYN that we send (kernel: <c>tcp_ecn_send_syn</c>).</summary>
    private bool AsksForEcn => Sysctls.TcpEcn is 1 or 3 or 4 || Path.Ecn || _sender.CongestionControl.NeedsEcn;

    private TcpAccurateEcn? Accurate => _sender.Accurate;

    /// <summary>The ECN bits of our SYN.</summary>
    private TcpFlags SynEcnFlags => !_ecnAsked ? TcpFlags.None
        : Accurate is { IsPending: true } ? TcpFlags.Ece | TcpFlags.Cwr | TcpFlags.Ae : TcpFlags.Ece | TcpFlags.Cwr;

    /// <summary>A connection begins to ask for what it may.</summary>
    private void BeginEcn()
    {
        _ecnAsked = AsksForEcn;
        if (Sysctls.TcpEcn != 3) return;
        _sender.Accurate = new TcpAccurateEcn();
        _sender.Accurate.Ask();
    }

    /// <summary>Our SYN goes again: the second time without ECN, accurate ECN is tried once more (RFC 3168 section 6.1.1.1, RFC 9768 section 3.1.4.1).</summary>
    private void FallBackInSyn()
    {
        if (!Sysctls.TcpEcnFallback || (Accurate is { IsPending: true } && _synsWithAce++ == 0)) return;
        _ecnAsked = false;
    }

    /// <summary>The SYN-ACK says what the peer can (kernel: <c>tcp_ecn_rcv_synack</c>).</summary>
    private void NegotiateEcn(in TcpInSegment synAck)
    {
        if (Accurate is { IsPending: true } accurate) _sender.EcnEnabled = accurate.OnSynAck(synAck, Sysctls.TcpEcnFallback);
        else if (_ecnAsked) _sender.EcnEnabled = TcpAccurateEcn.AceOf(synAck.Flags) is 1 or 5;
    }

    /// <summary>The peer's SYN crossed ours (kernel: <c>tcp_ecn_rcv_syn</c>).</summary>
    private void NegotiateCrossedEcn(in TcpInSegment syn)
    {
        if (Accurate is { IsPending: true } accurate) _sender.EcnEnabled = accurate.OnCrossedSyn(syn);
        else if (_ecnAsked) _sender.EcnEnabled = syn.Has(TcpFlags.Ece | TcpFlags.Cwr);
    }

    /// <summary>A server's connection uses accurate ECN; the segment ended its handshake (kernel: <c>tcp_ecn_openreq_child</c>).</summary>
    internal void BeginAccurateEcn(in TcpAccurateEcnHandshake handshake, in TcpInSegment last)
    {
        _sender.EcnEnabled = false;
        _sender.Accurate = new TcpAccurateEcn();
        _sender.Accurate.Begin(handshake, last, ref _sender.DeliveredCe, Sysctls.TcpEcnFallback);
    }

    /// <summary>An ACK that says how the peer's SYN was marked (kernel: <c>tcp_send_ack_reflect_ect</c>).</summary>
    private void SendAckOfSyn()
    {
        if (Accurate is { IsOn: true } accurate) _reflected = TcpAccurateEcn.Reflect(accurate.SynMark);
        SendAck();
        _reflected = TcpFlags.None;
    }

    /// <summary>A segment of the open connection came (kernel: <c>tcp_ecn_received_counters_payload</c>).</summary>
    private void CountMark(in TcpInSegment segment)
    {
        if (Accurate is not { IsOn: true } accurate) return;
        accurate.OnSegment(segment, out var isEdge);
        if (isEdge) _acks.Pending |= TcpAckPending.Now;
    }

    /// <summary>The peer has answered our echo (kernel: <c>tcp_ecn_accept_cwr</c>).</summary>
    private void AcceptCwr(in TcpInSegment segment)
    {
        if (!segment.Has(TcpFlags.Cwr) || Accurate is { IsOn: true }) return;
        _demandCwr = false;
        if (segment.Payload.Length > 0) _acks.Pending |= TcpAckPending.Now; // its window may be one segment
    }

    /// <summary>Looks at the mark of a segment with data (kernel: <c>tcp_data_ecn_check</c>).</summary>
    private void CheckEcn(in TcpInSegment segment)
    {
        if (!_sender.EcnEnabled && Accurate is not { IsOn: true }) return;
        if (segment.Ecn == EcnCodepoint.NotEct)
        {
            if (_ecnSeen || Accurate is { HasSeenMark: true }) _acks.EnterQuick(_receiver.RcvWnd, 2); // probably a retransmission
            return;
        }

        if (!_sender.EcnEnabled) return;
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
        if (Accurate is { IsOn: true } accurate)
        {
            if ((segment.Flags & TcpFlags.Rst) != 0) return;
            (segment.Ect, segment.IsAccurateEcn) = (accurate.MarksPackets, true);
            segment.Flags = accurate.TakeAce(segment.Flags | _reflected);
            return;
        }

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
