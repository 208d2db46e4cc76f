using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>When new data leaves and in what pieces (kernel: <c>tcp_write_xmit</c>).</summary>
public sealed partial class TcpControlBlock
{
    private uint _sndSml; // behind the last small segment sent (Minshall)
    private bool _isFinQueued;
    private bool _isRwndLimited; // the receiver's window ended the last round of sending
    private TcpChrono _chrono;

    private enum PushMode
    {
        All,
        One, // push_one: an sk_buff is full
        Probe, // push_one == 2: tail loss probe, whatever the congestion window says
    }

    /// <summary>Bytes, or the FIN, wait to be sent for the first time (kernel: <c>tcp_send_head</c>).</summary>
    private bool HasUnsent => TcpSeq.Before(SndNxt, WriteSeq);

    private TcpNagle Nagle => (Options.NoDelay ? TcpNagle.Off : TcpNagle.On) | (Options.Cork ? TcpNagle.Cork : TcpNagle.On);

    /// <summary>Sends what may be sent; a closed window is probed (kernel: <c>__tcp_push_pending_frames</c>).</summary>
    private void PushPending(TcpNagle nagle)
    {
        if (State == TcpState.Close || !HasUnsent) return;
        if (WriteXmit(nagle, PushMode.All)) CheckProbeTimer();
    }

    /// <summary>A round of sending. True when nothing is out and something waits, so that only a probe helps.</summary>
    private bool WriteXmit(TcpNagle nagle, PushMode mode)
    {
        var mss = CurrentMss();
        var maxSegs = TsoSegments(mss);
        var (sent, cwndLimited) = (false, false);
        _isRwndLimited = false;
        if (mode == PushMode.All && _sender.MtuProbe is not null)
        {
            var verdict = ProbeMtu();
            if (verdict == ProbeVerdict.Wait) return false;
            sent = verdict == ProbeVerdict.Sent;
        }

        while (HasUnsent)
        {
            var quota = _sender.SendQuota(_now);
            if (quota == 0 && mode == PushMode.Probe) quota = 1;
            if (quota == 0)
            {
                cwndLimited = _sender.DeadlineKind != DeadlineKind.Pacing;
                break;
            }

            var length = NextLength(mss, Math.Min(quota, maxSegs), maxSegs, nagle, mode, out var last, ref cwndLimited);
            if (length < 0 || IsThrottled(length, factor: 0, nagle, Rest.Push)) break;
            SendNew(length, mss, last);
            sent = true;
            if (mode != PushMode.All) break;
        }

        if (mode == PushMode.Probe)
        {
            if (sent) _sender.OnProbeSent(_now);
        }
        else
        {
            _sender.OnSendRound(cwndLimited, _now);
        }

        WatchLimits(sent, cwndLimited);
        return !sent && _sender.PacketsOut == 0 && HasUnsent;
    }

    private void WatchLimits(bool sent, bool cwndLimited)
    {
        if (_isRwndLimited) _chrono.Start(TcpChronoKind.RwndLimited, _now);
        else _chrono.Stop(TcpChronoKind.RwndLimited, SndUna == WriteSeq, _now);
        if (sent && !cwndLimited && !HasUnsent && _isNoSpace) _chrono.Start(TcpChronoKind.SndbufLimited, _now); // tcp_cwnd_validate
    }

    /// <summary>
    /// Bytes of the next packet, 0 for a FIN alone; -1 when the window, Nagle or the wait for a larger packet says no.
    /// </summary>
    private int NextLength(
        int mss, int quota, int maxSegs, TcpNagle nagle, PushMode mode, out bool last, ref bool cwndLimited)
    {
        var hasData = _sendBuffer.TryHead(SndNxt, out var end, out _, out last);
        var length = hasData ? (int)(end - SndNxt) : 0;
        var window = (int)(_sender.WindowEnd - SndNxt);
        _isRwndLimited = Math.Min(length, mss) > window || (!hasData && window < 1); // tcp_snd_wnd_test
        if (_isRwndLimited) return -1;
        var nagleHere = last ? nagle : TcpNagle.Push; // in the middle of the queue nothing can be added
        if (length <= mss) return MayNagle(length, mss, nagleHere, last) ? length : -1;
        if (mode == PushMode.All && ShouldDefer(length, window, maxSegs, last, ref cwndLimited)) return -1;
        if (IsSendingUrgent) return mss;
        return SplitPoint(length, window, mss, quota, nagle, last);
    }

    /// <summary>Whether a packet that is the only full or partial segment may go (kernel: <c>tcp_nagle_test</c>).</summary>
    private bool MayNagle(int length, int mss, TcpNagle nagle, bool last)
    {
        if ((nagle & TcpNagle.Push) != 0 || IsSendingUrgent || (last && _isFinQueued)) return true;
        return !IsHeldBack(length < mss, nagle);
    }

    /// <summary>Nagle, but only one small segment may be out (kernel: <c>tcp_nagle_check</c>, <c>tcp_minshall_check</c>).</summary>
    private bool IsHeldBack(bool partial, TcpNagle nagle) => partial && ((nagle & TcpNagle.Cork) != 0 ||
        (nagle == TcpNagle.On && _sender.PacketsOut > 0 && TcpSeq.After(_sndSml, SndUna) && !TcpSeq.After(_sndSml, SndNxt)));

    /// <summary>How much of a large packet goes (kernel: <c>tcp_mss_split_point</c>).</summary>
    private int SplitPoint(int length, int window, int mss, int quota, TcpNagle nagle, bool last)
    {
        var most = (int)Math.Min((long)mss * quota, int.MaxValue);
        if (most <= window && !last) return Math.Min(most, length);
        var needed = Math.Min(length, window);
        if (most <= needed) return most;
        var partial = needed % mss;
        return IsHeldBack(partial != 0, nagle) ? needed - partial : needed;
    }

    /// <summary>
    /// Waits for more to make a larger packet, when an ACK is about to allow it (kernel: <c>tcp_tso_should_defer</c>).
    /// </summary>
    private bool ShouldDefer(int length, int window, int maxSegs, bool last, ref bool cwndLimited)
    {
        if (_sender.CaState >= TcpCaState.Recovery) return false;
        if ((_now - _sender.LastDeparture).Nanoseconds > 1_000_000) return false; // the last write is a millisecond ago
        var congestion = (_sender.Cwnd - _sender.InFlight) * _sender.Mss;
        var limit = Math.Min(window, congestion);
        if (limit >= maxSegs * _sender.Mss || (!last && limit >= length)) return false;
        if (Sysctls.TcpTsoWinDivisor > 0)
        {
            var chunk = Math.Min(_sender.SndWnd, (long)_sender.Cwnd * _sender.Mss) / Sysctls.TcpTsoWinDivisor;
            if (limit >= chunk) return false;
        }

        var head = _sender.HeadSentAt;
        if (head.IsNever || (_now - head).Nanoseconds < _sender.Rtt.Srtt.Nanoseconds / 2) return false; // its ACK is far off
        if (congestion < window && congestion <= length)
        {
            cwndLimited = true;
            return true;
        }

        _isRwndLimited = congestion >= window && window <= length;
        return _isRwndLimited || !(last && _isFinQueued);
    }

    /// <summary>
    /// Segments of a packet: a millisecond's worth at the pacing rate, more on short paths (kernel: <c>tcp_tso_autosize</c>).
    /// </summary>
    private int TsoSegments(int mss)
    {
        if (Path.GsoMaxSize == 0) return 1;
        var rate = _sender.PacingRate;
        long bytes = rate == long.MaxValue ? Path.GsoMaxSize : rate >> 10; // sk_pacing_shift
        var minRtt = _sender.Rtt.MinRtt;
        var shift = minRtt.IsNever ? 32 : minRtt.Microseconds >> Sysctls.TcpTsoRttLog;
        if (shift < 32) bytes += Path.GsoMaxSize >> (int)shift;
        bytes = Math.Min(bytes, Path.GsoMaxSize - 1 - TcpConstants.MaxHeader);
        var least = _sender.CongestionControl.MinTsoSegs(_sender.Congestion);
        return Math.Min(Math.Max((int)(bytes / mss), least > 0 ? least : Sysctls.TcpMinTsoSegs), Path.GsoMaxSegs);
    }

    /// <summary>Sends bytes for the first time, the FIN with the last (kernel: <c>tcp_event_new_data_sent</c>).</summary>
    private void SendNew(int length, int mss, bool last)
    {
        var seq = SndNxt;
        _ = _sendBuffer.TryHead(seq, out var end, out var push, out _, out var endsRecord);
        var toEnd = seq + (uint)length == end;
        var fin = _isFinQueued && last && toEnd;
        var flags = TcpFlags.Ack | (toEnd && push && length > 0 ? TcpFlags.Psh : 0) | (fin ? TcpFlags.Fin : 0);
        Transmit(seq, length, flags | ForcedPush(length, mss), length > mss ? mss : 0, isRetransmission: false);
        _sender.OnSent(seq, seq + (uint)length + (fin ? 1u : 0), flags, _now, mss, toEnd && endsRecord);
        if (length % mss != 0) _sndSml = seq + (uint)length; // tcp_minshall_update
        if (_isFinQueued && fin) _sndSml = SndNxt;
    }

    /// <summary>
    /// A packet of several segments is pushed, so that GRO lets it go (kernel: <c>__tcp_transmit_skb</c>); what is queued of it is not
    /// marked, so that its parts are not pushed when they are sent again.
    /// </summary>
    private static TcpFlags ForcedPush(int length, int mss) => mss > 0 && length > mss ? TcpFlags.Psh : 0;

    /// <summary>Sends ranges again until the sender has none (kernel: <c>tcp_xmit_retransmit_queue</c>).</summary>
    private void Retransmit()
    {
        _sender.CurrentMss = CurrentMss();
        while (State != TcpState.Close && (_sender.IsRetransmitForced || !IsThrottled(_sender.Mss, factor: 1, Nagle, Rest.Retransmit)) &&
            _sender.TryRetransmit(_now, RetransmitBudget, out var range)) Resend(range);
    }

    private int RetransmitBudget => Path.GsoMaxSize == 0 ? 1 : Math.Max(TsoSegments(_sender.Mss), 1);

    private void Resend(in RetransmitSegment range)
    {
        if ((range.Flags & TcpFlags.Syn) != 0)
        {
            ResendSyn(range.Seq);
            return;
        }

        var fin = (range.Flags & TcpFlags.Fin) != 0;
        var length = (int)(range.EndSeq - range.Seq) - (fin ? 1 : 0);
        var flags = TcpFlags.Ack | (range.Flags & (TcpFlags.Psh | TcpFlags.Fin));
        Transmit(range.Seq, length, flags | ForcedPush(length, range.SegmentSize), range.SegmentSize, isRetransmission: true,
            range.DepartsAt);
    }

    private void ResendSyn(uint seq)
    {
        if (State == TcpState.SynSent) FallBackInSyn();
        var flags = State == TcpState.SynRecv ? SynAckFlags : TcpFlags.Syn | SynEcnFlags;
        TransmitSyn(seq, flags, isRetransmission: true);
    }
}
