using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// What is left of a connection in TIME_WAIT, or of an orphan in FIN_WAIT2 (RFC 9293 section 3.10.7.4, RFC 1337, RFC 6191; kernel:
/// <c>tcp_timewait_sock</c>, <c>tcp_timewait_state_process</c>). A small record, not an actor.
/// </summary>
public sealed class TcpTimeWait
{
    private KernelTime _lastOowAck = KernelTime.Never;

    /// <summary><see cref="TcpState.TimeWait"/>, or <see cref="TcpState.FinWait2"/> while the peer's FIN is awaited.</summary>
    public TcpState Substate { get; internal set; } = TcpState.TimeWait;

    /// <summary>Next number that we would send (<c>tw_snd_nxt</c>).</summary>
    public uint SndNxt { get; init; }

    /// <summary>Next number that is due (<c>tw_rcv_nxt</c>).</summary>
    public uint RcvNxt { get; internal set; }

    /// <summary>Window that was left (<c>tw_rcv_wnd</c>).</summary>
    public uint RcvWnd { get; init; }

    /// <summary>Shift of that window (<c>tw_rcv_wscale</c>).</summary>
    public int RcvWscale { get; init; }

    /// <summary>Time stamps were used.</summary>
    public bool Timestamps { get; init; }

    /// <summary>The peer's last time stamp (<c>tw_ts_recent</c>).</summary>
    public uint TsRecent { get; internal set; }

    /// <summary>When it came; Never without time stamps (<c>tw_ts_recent_stamp</c>).</summary>
    public KernelTime TsRecentStamp { get; internal set; } = KernelTime.Never;

    /// <summary>What our time stamps are ahead of the clock (<c>tw_ts_offset</c>).</summary>
    public uint TsOffset { get; init; }

    /// <summary>Its ACKs are sent with ECT(0), as the connection's last packets were (<c>tw_tos</c>).</summary>
    public bool Ect { get; init; }

    /// <summary>When the entry goes.</summary>
    public KernelTime Deadline { get; set; }

    /// <summary>
    /// A segment came. The answer for <see cref="TcpTimeWaitVerdict.Ack"/> and <see cref="TcpTimeWaitVerdict.Reset"/> is in
    /// <paramref name="answer"/>; <see cref="TcpTimeWaitVerdict.Syn"/> names in its sequence the ISN for the new connection.
    /// </summary>
    public TcpTimeWaitVerdict OnSegment(in TcpInSegment segment, TcpSysctls sysctls, MibSet mib, KernelTime now, out TcpOutSegment answer)
    {
        answer = default;
        var stamped = Timestamps && segment.Options.Has(TcpOptionSet.Timestamps);
        var isOld = stamped && IsRejectedByPaws(segment, now);
        var verdict = Substate == TcpState.FinWait2
            ? OnFinWait2(segment, stamped, isOld, sysctls, mib, now)
            : OnTimeWait(segment, stamped, isOld, sysctls, mib, now);
        if (verdict == TcpTimeWaitVerdict.Ack) answer = MakeAck(now) with { Ect = Ect };
        else if (verdict == TcpTimeWaitVerdict.Syn) answer.Sequence = NextIsn;
        else if (verdict == TcpTimeWaitVerdict.Reset && !TcpReset.TryAnswer(segment, out answer)) verdict = TcpTimeWaitVerdict.Ignore;
        return verdict;
    }

    /// <summary>
    /// The port may be used for a new connection to the same peer now (kernel: <c>tcp_twsk_unique</c>): the peer's clock has moved on by
    /// <c>tcp_tw_reuse_delay</c>, so old duplicates are told apart (RFC 6191).
    /// </summary>
    /// <param name="sysctls">The settings, of which <c>tcp_tw_reuse</c> decides.</param>
    /// <param name="isLoopback">Both ends are this host.</param>
    /// <param name="now">The time.</param>
    /// <param name="isn">Where the new connection has to begin.</param>
    public bool MayReuse(TcpSysctls sysctls, bool isLoopback, KernelTime now, out uint isn)
    {
        isn = SndNxt + 65535 + 2;
        if (isn == 0) isn = 1;
        if (TsRecentStamp.IsNever || Substate != TcpState.TimeWait) return false;
        if (sysctls.TcpTwReuse == 0 || (sysctls.TcpTwReuse == 2 && !isLoopback)) return false;
        return now > TsRecentStamp + sysctls.TcpTwReuseDelay;
    }

    private uint NextIsn => SndNxt + 65535 + 2 == 0 ? 1 : SndNxt + 65535 + 2;

    private TcpTimeWaitVerdict OnFinWait2(
        in TcpInSegment segment, bool stamped, bool isOld, TcpSysctls sysctls, MibSet mib, KernelTime now)
    {
        if (isOld || !IsInWindow(segment)) return AckUnlessLimited(segment, LinuxMib.TCPACKSkippedFinWait2, sysctls, mib, now);
        if (segment.Has(TcpFlags.Rst)) return TcpTimeWaitVerdict.Kill;
        if (segment.Has(TcpFlags.Syn) && !TcpSeq.Before(segment.Sequence, RcvNxt)) return TcpTimeWaitVerdict.Reset;
        var isEmpty = segment.EndSequence == segment.Sequence;
        if (!segment.Has(TcpFlags.Ack) || isEmpty || !TcpSeq.After(segment.EndSequence, RcvNxt)) return TcpTimeWaitVerdict.Ignore;
        if (!segment.Has(TcpFlags.Fin) || segment.EndSequence != RcvNxt + 1) return TcpTimeWaitVerdict.Reset; // data that nobody will read
        Substate = TcpState.TimeWait;
        RcvNxt = segment.EndSequence;
        if (stamped) (TsRecent, TsRecentStamp) = (segment.Options.TimestampValue, now);
        Deadline = now + TcpConstants.TimeWaitLength;
        return TcpTimeWaitVerdict.Ack;
    }

    private TcpTimeWaitVerdict OnTimeWait(
        in TcpInSegment segment, bool stamped, bool isOld, TcpSysctls sysctls, MibSet mib, KernelTime now)
    {
        var isEmpty = segment.EndSequence == segment.Sequence;
        if (!isOld && segment.Sequence == RcvNxt && (isEmpty || segment.Has(TcpFlags.Rst)))
        {
            if (!segment.Has(TcpFlags.Rst)) Deadline = now + TcpConstants.TimeWaitLength;
            else if (!sysctls.TcpRfc1337) return TcpTimeWaitVerdict.Kill; // assassination, which RFC 1337 warns of
            if (stamped) (TsRecent, TsRecentStamp) = (segment.Options.TimestampValue, now);
            return TcpTimeWaitVerdict.Ignore;
        }

        var isNewer = TcpSeq.After(segment.Sequence, RcvNxt) || (stamped && (int)(TsRecent - segment.Options.TimestampValue) < 0);
        var isBareSyn = (segment.Flags & (TcpFlags.Syn | TcpFlags.Rst | TcpFlags.Ack)) == TcpFlags.Syn;
        if (isBareSyn && !isOld && isNewer) return TcpTimeWaitVerdict.Syn;
        if (isOld) mib.Add(LinuxMib.PAWSTimewait);
        if (segment.Has(TcpFlags.Rst)) return TcpTimeWaitVerdict.Ignore;
        if (isOld || segment.Has(TcpFlags.Ack)) Deadline = now + TcpConstants.TimeWaitLength;
        return AckUnlessLimited(segment, LinuxMib.TCPACKSkippedTimeWait, sysctls, mib, now);
    }

    private bool IsInWindow(in TcpInSegment segment)
    {
        var (seq, end, edge) = (segment.Sequence, segment.EndSequence, RcvNxt + RcvWnd);
        if (seq == RcvNxt) return true;
        if (TcpSeq.After(end, RcvNxt) && TcpSeq.Before(seq, edge)) return true;
        return seq == edge && seq == end;
    }

    /// <summary>Older than what came last; a RST may be older when that was long ago (kernel: <c>tcp_paws_reject</c>).</summary>
    private bool IsRejectedByPaws(in TcpInSegment segment, KernelTime now)
    {
        var isFresh = (int)(TsRecent - segment.Options.TimestampValue) <= 0 || TsRecent == 0;
        if (isFresh || now >= TsRecentStamp + TcpConstants.PawsWrap) return false;
        return !segment.Has(TcpFlags.Rst) || now < TsRecentStamp + TcpConstants.PawsMsl;
    }

    private TcpTimeWaitVerdict AckUnlessLimited(in TcpInSegment segment, LinuxMib skipped, TcpSysctls sysctls, MibSet mib, KernelTime now)
    {
        var hasData = segment.EndSequence != segment.Sequence && !segment.Has(TcpFlags.Syn);
        if (hasData) return TcpTimeWaitVerdict.Ack;
        if (!_lastOowAck.IsNever && now - _lastOowAck < sysctls.TcpInvalidRatelimit)
        {
            mib.Add(skipped);
            return TcpTimeWaitVerdict.Ignore;
        }

        _lastOowAck = now;
        return TcpTimeWaitVerdict.Ack;
    }

    /// <summary>kernel: <c>tcp_v4_timewait_ack</c>.</summary>
    private TcpOutSegment MakeAck(KernelTime now)
    {
        var ack = new TcpOutSegment
        {
            Sequence = SndNxt,
            Acknowledgment = RcvNxt,
            Flags = TcpFlags.Ack,
            Window = (ushort)Math.Min(RcvWnd >> RcvWscale, ushort.MaxValue),
        };
        if (!Timestamps) return ack;
        ack.Options.Present = TcpOptionSet.Timestamps;
        (ack.Options.TimestampValue, ack.Options.TimestampEcho) = ((uint)(now.Nanoseconds / 1_000_000) + TsOffset, TsRecent);
        return ack;
    }
}
