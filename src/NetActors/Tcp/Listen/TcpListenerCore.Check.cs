using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <content>Segments for half-open connections (kernel: <c>tcp_check_req</c>, with RFC 9293 section 3.10.7.4's order).</content>
public sealed partial class TcpListenerCore
{
    private const int PawsMslSeconds = 60; // TCP_PAWS_MSL

    /// <summary>
    /// A segment that a lookup gave to a half-open connection of this listener. A wrong ACK is the listener's to answer.
    /// </summary>
    /// <param name="request">From the lookup; may be gone afterwards.</param>
    /// <param name="segment">The segment.</param>
    /// <param name="route">The way back.</param>
    /// <param name="mib">The CPU's counters.</param>
    /// <param name="now">The time.</param>
    /// <param name="output">Gets what the verdict speaks of.</param>
    public ListenVerdict OnRequestSegment(
        RequestSock request, in ListenSegment segment, in ListenRoute route, MibSet mib, KernelTime now, ListenOutput output)
    {
        if ((segment.Flags & (TcpFlags.Ack | TcpFlags.Rst)) == TcpFlags.Ack && segment.Acknowledgment != request.Isn + 1) // a RST is judged by its number alone
        {
            return OnSegment(segment, route, mib, now, output);
        }

        if (!IsAcceptable(request, segment, isFastOpen: false, mib, now, output, out var verdict)) return verdict;
        if (request.Timeouts < Options.DeferAccept && segment.EndSequence == request.PeerIsn + 1)
        {
            request.IsAcked = true; // a bare ACK: the program wants the connection together with data
            mib.Add(LinuxMib.TCPDeferAcceptDrop);
            return ListenVerdict.Consumed;
        }

        if (!IsAcceptQueueFull) return Accept(request, segment, mib, output);
        mib.Add(LinuxMib.ListenOverflows);
        CountDrop(mib);
        if (_host.Sysctls.TcpAbortOnOverflow)
        {
            return EmbryonicReset(request, segment, isFastOpen: false, mib, output, SkbDropReason.TCP_LISTEN_OVERFLOW);
        }

        request.IsAcked = true; // the peer believes it is connected; its data or our next SYN-ACK gives it another chance
        return new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_LISTEN_OVERFLOW);
    }

    /// <summary>
    /// An ICMP error for a SYN-ACK (kernel: <c>tcp_req_err</c>).
    /// </summary>
    /// <param name="request">Whose SYN-ACK it was; may be gone afterwards.</param>
    /// <param name="sequence">The sequence number quoted.</param>
    /// <param name="abort">The error ends a connection attempt.</param>
    /// <param name="mib">The CPU's counters.</param>
    public void OnIcmpError(RequestSock request, uint sequence, bool abort, MibSet mib)
    {
        if (sequence != request.Isn)
        {
            mib.Add(LinuxMib.OutOfWindowIcmps);
        }
        else if (abort)
        {
            Drop(request);
            CountDrop(mib);
        }
    }

    private static bool IsRepeatedSyn(RequestSock request, in ListenSegment segment) =>
        segment.Sequence == request.PeerIsn && (segment.Flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) == TcpFlags.Syn;

    /// <summary>The checks up to the ACK. False when the segment ends here with <paramref name="verdict"/>.</summary>
    private bool IsAcceptable(
        RequestSock request, in ListenSegment segment, bool isFastOpen, MibSet mib, KernelTime now, ListenOutput output,
        out ListenVerdict verdict)
    {
        var stamped = _host.Sysctls.TcpTimestamps != 0 && segment.Options.Has(TcpOptionSet.Timestamps);
        var paws = stamped && IsPawsReject(request, segment);
        if (IsRepeatedSyn(request, segment) && !paws)
        {
            verdict = AnswerAgain(request, segment, isFastOpen, mib, now, output);
            return false;
        }

        var wrongEcho = stamped && request.HasTimestamps && !isFastOpen && segment.Options.TimestampEcho != 0
            && !TcpSeq.Between(segment.Options.TimestampEcho, request.FirstTimestamp, request.LastTimestamp);
        if (paws || wrongEcho || !IsInWindow(request, segment))
        {
            verdict = AnswerOutOfWindow(request, segment, paws, wrongEcho, mib, now, output);
            return false;
        }

        if (segment.Has(TcpFlags.Rst) && segment.Sequence != request.ReceiveNext)
        {
            verdict = Challenge(request, mib, now, output);
            return false;
        }

        var syn = segment.Has(TcpFlags.Syn) && segment.Sequence != request.PeerIsn; // the SYN itself lies before the window
        if (syn || segment.Has(TcpFlags.Rst))
        {
            mib.Add(TcpMib.AttemptFails);
            verdict = EmbryonicReset(request, segment, isFastOpen, mib, output, SkbDropReason.TCP_INVALID_SYN);
            return false;
        }

        verdict = new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_FLAGS);
        if (!segment.Has(TcpFlags.Ack)) return false;
        var accurate = request.AccurateEcn;
        if (accurate.IsNegotiated && segment.Options.Has(TcpOptionSet.AccurateEcn) && accurate.Seen < TcpAccurateEcnSeen.Counters)
            request.AccurateEcn = accurate with { Seen = TcpAccurateEcn.LookAt(segment.Options.AccurateEcn) };
        return true;
    }

    /// <summary>The peer sent its SYN again: so do we, at once, and wait again from now.</summary>
    private ListenVerdict AnswerAgain(
        RequestSock request, in ListenSegment segment, bool isFastOpen, MibSet mib, KernelTime now, ListenOutput output)
    {
        if (IsRateLimited(request, segment, mib, now)) return ListenVerdict.Consumed;
        var accurate = request.AccurateEcn;
        if (accurate.IsNegotiated)
        {
            var faults = TcpAccurateEcn.AceOf(segment.Flags) == 0 ? accurate.Faults | TcpAccurateEcnFaults.BitsReceived : accurate.Faults;
            if (request.Retransmissions > 0) faults |= TcpAccurateEcnFaults.BitsSent;
            request.AccurateEcn = accurate with { SynMark = (EcnCodepoint)(segment.Tos & 3), Faults = faults };
        }

        RetransmitSynAck(request, mib, now, output);
        if (!isFastOpen) Arm(request, now + Timeout(request));
        return new ListenVerdict(ListenEffects.Reply, SkbDropReason.CONSUMED);
    }

    private ListenVerdict AnswerOutOfWindow(
        RequestSock request, in ListenSegment segment, bool paws, bool wrongEcho, MibSet mib, KernelTime now, ListenOutput output)
    {
        var reason = paws ? SkbDropReason.TCP_RFC7323_PAWS
            : wrongEcho ? SkbDropReason.TCP_RFC7323_TSECR : SkbDropReason.TCP_OVERWINDOW;
        var answers = !segment.Has(TcpFlags.Rst) && !IsRateLimited(request, segment, mib, now);
        if (paws) mib.Add(LinuxMib.PAWSEstab);
        else if (wrongEcho) mib.Add(LinuxMib.TSEcrRejected);
        return answers ? SendAck(request, mib, now, output, reason) : new ListenVerdict(ListenEffects.None, reason);
    }

    /// <summary>
    /// A RST within the window that is not the next number: the peer has to prove it (RFC 9293 section 3.10.7.4, SYN-RECEIVED; kernel:
    /// <c>tcp_reqsk_send_challenge_ack</c> of 6.18.y).
    /// </summary>
    private ListenVerdict Challenge(RequestSock request, MibSet mib, KernelTime now, ListenOutput output)
    {
        if (IsRateLimited(request, LinuxMib.TCPACKSkippedChallenge, mib, now) || !_host.TryTakeChallenge(now))
            return new ListenVerdict(ListenEffects.None, SkbDropReason.NOT_SPECIFIED);
        mib.Add(LinuxMib.TCPChallengeACK);
        return SendAck(request, mib, now, output, SkbDropReason.NOT_SPECIFIED);
    }

    /// <summary>The attempt is over; a RST goes back unless one came.</summary>
    private ListenVerdict EmbryonicReset(
        RequestSock request, in ListenSegment segment, bool isFastOpen, MibSet mib, ListenOutput output, SkbDropReason reason)
    {
        if (!isFastOpen)
        {
            Drop(request);
            mib.Add(LinuxMib.EmbryonicRsts);
        }

        if (segment.Has(TcpFlags.Rst)) reason = SkbDropReason.TCP_RESET;
        return Reset(segment, mib, output, reason);
    }

    /// <summary>Kernel: <c>tcp_in_window</c>.</summary>
    private static bool IsInWindow(RequestSock request, in ListenSegment segment)
    {
        var (first, end) = (request.ReceiveNext, request.ReceiveNext + SynAckWindow(request));
        if (segment.Sequence == first) return true;
        if (TcpSeq.After(segment.EndSequence, first) && TcpSeq.Before(segment.Sequence, end)) return true;
        return segment.Sequence == end && segment.Sequence == segment.EndSequence;
    }

    /// <summary>
    /// The time stamp is older than the SYN's (RFC 7323 section 5.3; kernel: <c>tcp_paws_reject</c>). A RST may be, when the SYN is long
    /// past.
    /// </summary>
    private bool IsPawsReject(RequestSock request, in ListenSegment segment)
    {
        if ((int)(request.TimestampRecent - segment.Options.TimestampValue) <= 0 || request.TimestampRecent == 0) return false;
        return !segment.Has(TcpFlags.Rst) || Timeout(request) < KernelTime.FromSeconds(PawsMslSeconds);
    }

    /// <summary>Kernel: <c>tcp_oow_rate_limited</c>; data is no part of a loop of ACKs.</summary>
    private bool IsRateLimited(RequestSock request, in ListenSegment segment, MibSet mib, KernelTime now)
    {
        if (segment.Sequence != segment.EndSequence && !segment.Has(TcpFlags.Syn)) return false;
        return IsRateLimited(request, LinuxMib.TCPACKSkippedSynRecv, mib, now);
    }

    private bool IsRateLimited(RequestSock request, LinuxMib skipped, MibSet mib, KernelTime now)
    {
        var last = request.LastOutOfWindowAck;
        if (!last.IsNever && now - last < _host.Sysctls.TcpInvalidRatelimit)
        {
            mib.Add(skipped);
            return true;
        }

        request.LastOutOfWindowAck = now;
        return false;
    }
}
