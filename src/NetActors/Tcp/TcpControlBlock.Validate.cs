using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>The checks before the ACK bit (RFC 9293 section 3.10.7.4, RFC 7323, RFC 5961; kernel: <c>tcp_validate_incoming</c>).</summary>
public sealed partial class TcpControlBlock
{
    private KernelTime _lastOowAck = KernelTime.Never; // last_oow_ack_time

    /// <summary>First, the sequence; second, RST; fourth, SYN. False when the segment goes no further.</summary>
    private bool Validate(in TcpInSegment segment)
    {
        if (_timestampsOk && segment.Options.Has(TcpOptionSet.Timestamps) && IsRejectedByPaws(segment)) return false;

        if (!IsSequenceAcceptable(segment))
        {
            if (segment.Has(TcpFlags.Rst)) ResetIf(IsResetBelowFin(segment));
            else if (segment.Has(TcpFlags.Syn)) ChallengeSyn();
            else OnOutOfWindow(segment);
            return false;
        }

        if (segment.Has(TcpFlags.Rst))
        {
            if (segment.Sequence == _receiver.RcvNxt || IsResetBelowFin(segment) ||
                (_sender.SackEnabled && segment.Sequence == _receiver.Sacks.Highest())) Reset();
            else OnResetElsewhere();
            return false;
        }

        if (!segment.Has(TcpFlags.Syn)) return true;
        if (Accurate is { IsOn: true } accurate) accurate.OnRepeatedSyn(segment);
        if (State == TcpState.SynRecv && _isSimultaneous && segment.Has(TcpFlags.Ack) && segment.Payload.Length == 0 &&
            segment.Sequence + 1 == _receiver.RcvNxt && segment.Acknowledgment == SndNxt) return true; // the crossed SYN
        ChallengeSyn(reflects: true);
        return false;
    }

    /// <summary>RFC 5961 section 3.2; on a Fast Open connection that has had no data yet a middlebox may have made it.</summary>
    private void OnResetElsewhere()
    {
        if (_isSynFastOpen && DataSegmentsIn == 0 && State == TcpState.Established) DisableFastOpen();
        SendChallengeAck();
    }

    /// <summary>An old duplicate by its time stamp (RFC 7323 section 5.3). A RST is not judged by it.</summary>
    private bool IsRejectedByPaws(in TcpInSegment segment)
    {
        if (IsPawsGood(segment.Options.TimestampValue, window: 1) || IsHarmlessOldAck(segment, out var isOldAck)) return false;
        if (segment.Has(TcpFlags.Rst)) return false;
        if (segment.Has(TcpFlags.Syn))
        {
            ChallengeSyn();
        }
        else if (isOldAck)
        {
            Mib.Add(LinuxMib.PAWSOldAck); // common where ACKs are reordered: not answered
        }
        else
        {
            Mib.Add(LinuxMib.PAWSEstab);
            if (!IsRateLimited(segment, LinuxMib.TCPACKSkippedPAWS)) SendDuplicateAck(segment);
        }

        return true;
    }

    /// <summary>The time stamp is not older than the last one taken (kernel: <c>tcp_paws_check</c>).</summary>
    private bool IsPawsGood(uint value, int window) =>
        (int)(_tsRecent - value) <= window || _now >= _tsRecentStamp + TcpConstants.PawsWrap || _tsRecent == 0;

    /// <summary>A duplicate ACK that came out of order within the replay window (kernel: <c>tcp_disordered_ack_check</c>).</summary>
    private bool IsHarmlessOldAck(in TcpInSegment segment, out bool isOldAck)
    {
        isOldAck = false;
        if (!segment.Has(TcpFlags.Ack) || HasSynFinOrData(segment)) return false;
        if (segment.Sequence != _receiver.RcvNxt)
        {
            isOldAck = TcpSeq.Before(segment.Sequence, _receiver.RcvNxt);
            return false;
        }

        var replay = _sender.Rtt.Rto.Nanoseconds * 12 / 10 / 1_000_000; // tcp_tsval_replay
        return segment.Acknowledgment == SndUna && !MayUpdateWindow(segment) && (int)(_tsRecent - segment.Options.TimestampValue) <= replay;
    }

    private bool MayUpdateWindow(in TcpInSegment segment)
    {
        var window = (uint)segment.Window << _sndWscale;
        return TcpSeq.After(segment.Acknowledgment, SndUna) || TcpSeq.After(segment.Sequence, _sender.SndWl1) ||
            (segment.Sequence == _sender.SndWl1 && (window > _sender.SndWnd || window == 0));
    }

    /// <summary>
    /// The segment touches the window (RFC 9293 section 3.4; kernel: <c>tcp_sequence</c>). What reaches beyond it is taken only while
    /// nothing is queued (6.17 and later).
    /// </summary>
    private bool IsSequenceAcceptable(in TcpInSegment segment)
    {
        if (TcpSeq.Before(segment.EndSequence, _receiver.RcvWup)) return false;
        var edge = _receiver.RcvNxt + _receiver.ReceiveWindow;
        var end = segment.EndSequence - (segment.Has(TcpFlags.Fin) ? 1u : 0); // some send a FIN into a closed window
        if (!TcpSeq.After(end, edge)) return true;
        if (TcpSeq.After(segment.Sequence, edge)) return false;
        return _receiver.QueueLength == 0;
    }

    private void OnOutOfWindow(in TcpInSegment segment)
    {
        if (!TcpSeq.Before(segment.EndSequence, _receiver.RcvWup)) Mib.Add(LinuxMib.BeyondWindow);
        if (!IsRateLimited(segment, LinuxMib.TCPACKSkippedSeq)) SendDuplicateAck(segment);
    }

    /// <summary>A RST one below what is due, where the peer's FIN was taken (kernel: <c>tcp_reset_check</c>).</summary>
    private bool IsResetBelowFin(in TcpInSegment segment) => segment.Sequence == _receiver.RcvNxt - 1 &&
        State is TcpState.CloseWait or TcpState.LastAck or TcpState.Closing;

    private void ResetIf(bool condition)
    {
        if (condition) Reset();
    }

    private void ChallengeSyn(bool reflects = false)
    {
        if (State != TcpState.Established) Mib.Add(LinuxMib.TCPSYNChallenge);
        else
        {
            Mib.Add(TcpMib.InErrs);
            Mib.Add(LinuxMib.TCPSYNChallenge);
        }

        SendChallengeAck(reflects);
    }

    /// <summary>Lets the peer prove that it meant it (RFC 5961; kernel: <c>tcp_send_challenge_ack</c>), within two limits.</summary>
    private void SendChallengeAck(bool reflects = false)
    {
        if (IsRateLimited(LinuxMib.TCPACKSkippedChallenge) || !_context.TryTakeChallenge(_now)) return;
        Mib.Add(LinuxMib.TCPChallengeACK);
        if (reflects) SendAckOfSyn();
        else SendAck();
    }

    /// <summary>Data is no part of a loop of ACKs, so it is always answered (kernel: <c>tcp_oow_rate_limited</c>).</summary>
    private bool IsRateLimited(in TcpInSegment segment, LinuxMib skipped) =>
        !(HasSynFinOrData(segment) && !segment.Has(TcpFlags.Syn)) && IsRateLimited(skipped);

    private bool IsRateLimited(LinuxMib skipped)
    {
        if (!_lastOowAck.IsNever && _now - _lastOowAck < Sysctls.TcpInvalidRatelimit)
        {
            Mib.Add(skipped);
            return true;
        }

        _lastOowAck = _now;
        return false;
    }

    /// <summary>Answers a segment that is not acceptable (kernel: <c>tcp_send_dupack</c>).</summary>
    private void SendDuplicateAck(in TcpInSegment segment)
    {
        if (HasSynFinOrData(segment) && TcpSeq.Before(segment.Sequence, _receiver.RcvNxt))
        {
            Mib.Add(LinuxMib.DelayedACKLost);
            _acks.EnterQuick(_receiver.RcvWnd, TcpConstants.MaxQuickAcks);
            Accurate?.OnDuplicate(segment.Sequence, _receiver.Sacks.Duplicate.Start);
            var end = TcpSeq.After(segment.EndSequence, _receiver.RcvNxt) ? _receiver.RcvNxt : segment.EndSequence;
            _receiver.SetDuplicate(segment.Sequence, end);
        }

        SendAck();
    }

    private void StoreTsRecent(uint value) => (_tsRecent, _tsRecentStamp) = (value, _now);

    /// <summary>
    /// Takes the time stamp of a segment that covers the last ACK sent (RFC 7323 section 4.3; <c>tcp_replace_ts_recent</c>).
    /// </summary>
    /// <returns>It is newer than the last one.</returns>
    private bool ReplaceTsRecent(in TcpInSegment segment)
    {
        if (!_timestampsOk || !segment.Options.Has(TcpOptionSet.Timestamps) || TcpSeq.After(segment.Sequence, _receiver.RcvWup)) return false;
        if (!IsPawsGood(segment.Options.TimestampValue, window: 0)) return false;
        var isNewer = (int)(segment.Options.TimestampValue - _tsRecent) > 0;
        StoreTsRecent(segment.Options.TimestampValue);
        return isNewer;
    }
}
