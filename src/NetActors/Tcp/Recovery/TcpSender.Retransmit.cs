using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>Sends lost segments again, one at a time (kernel: <c>tcp_xmit_retransmit_queue</c>, <c>tcp_retransmit_skb</c>).</summary>
public sealed partial class TcpSender
{
    private PendingRetransmit _pending;

    /// <summary>Payload that fits a segment with the options it will have; 0 for <see cref="Mss"/> (kernel: <c>tcp_current_mss</c>).</summary>
    internal int CurrentMss { get; set; }

    private TxSegment? _retransmitHint; // where the queue is searched from (retransmit_skb_hint)
    private ulong _bytesRetrans;

    /// <summary>
    /// The next range to be sent again, if window, pacing and the receiver's window let one go; the caller sends it at once and asks
    /// again. May be called at any time.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="budgetSegments">Segments that may go in one burst (kernel: <c>tcp_tso_segs</c>).</param>
    /// <param name="segment">What to send.</param>
    public bool TryRetransmit(KernelTime now, int budgetSegments, out RetransmitSegment segment)
    {
        Refresh(now);
        segment = default;
        var pending = _pending;
        _pending = PendingRetransmit.None;
        switch (pending)
        {
            case PendingRetransmit.Probe:
                return TryRetransmitProbe(out segment);
            case PendingRetransmit.TimedOutHead:
                _pending = PendingRetransmit.Queue;
                return TryRetransmitHead(out segment);
            case PendingRetransmit.NewDataFirst when TcpSeq.After(SndNxt, _highSeq):
                return false; // F-RTO's new data left: its acknowledgement decides
            case PendingRetransmit.NewDataFirst:
                _frto = false;
                break;
        }

        if (!TryRetransmitLost(budgetSegments, out segment)) return false;
        _pending = PendingRetransmit.Queue;
        return true;
    }

    private bool TryRetransmitHead(out RetransmitSegment sent)
    {
        sent = default;
        if (_queue.Count == 0 || !PrepareRetransmit(0, 1, out var segment)) return false;
        sent = Retransmit(segment);
        return true;
    }

    private bool TryRetransmitLost(int budgetSegments, out RetransmitSegment sent)
    {
        sent = default;
        if (_state.PacketsOut == 0) return false;
        var hole = false;
        for (var index = _retransmitHint is { } hint ? Math.Max(_queue.IndexOf(hint.Seq), 0) : 0; index < _queue.Count; index++)
        {
            if (IsPacingBlocked()) return false;
            var segment = _queue[index];
            if (!hole) _retransmitHint = segment;
            var room = _state.Cwnd - _state.InFlight;
            if (room <= 0 || _state.RetransOut >= _state.LostOut) return false;
            if (!segment.Has(SegmentTags.Lost))
            {
                if (!segment.Has(SegmentTags.SackedRetrans | SegmentTags.SackedAcked)) hole = true;
                continue;
            }

            if (segment.Has(SegmentTags.SackedAcked | SegmentTags.SackedRetrans)) continue;
            if (!PrepareRetransmit(index, Math.Min(room, Math.Max(budgetSegments, 1)), out segment)) return false;
            sent = Retransmit(segment);
            Count(CaState == TcpCaState.Loss ? LinuxMib.TCPSlowStartRetrans : LinuxMib.TCPFastRetrans, segment.Count);
            if (_state.InCwndReduction) _prrOut += segment.Count;
            if (index == 0 && _timer != DeadlineKind.Reorder) ArmTimer(DeadlineKind.Rto, Rtt.Rto, pace: true);
            return true;
        }

        return false;
    }

    /// <summary>
    /// Makes a segment fit: what is acknowledged goes off its head, what passes <paramref name="count"/> segments or the receiver's window
    /// goes off its end, small neighbours join it (kernel: <c>__tcp_retransmit_skb</c>). False when it may not go.
    /// </summary>
    private bool PrepareRetransmit(int index, int count, out TxSegment segment)
    {
        segment = _queue[index];
        if (IsInHost(segment)) return false;
        var mss = CurrentMss > 0 ? CurrentMss : Mss;
        if (TcpSeq.Before(segment.Seq, SndUna)) TrimAcknowledged(segment);
        var room = (int)(WindowEnd - segment.Seq);
        if (_established && room <= 0)
        {
            if (segment.Seq != SndUna) return false; // the window shrank; only the first may probe it
            room = mss;
        }

        if (!_established) room = int.MaxValue;
        var length = mss * count;
        if (length > room) length = room < mss ? room : room - (room % mss);
        if (segment.Length > length)
        {
            Split(index, length, mss);
            return true;
        }

        var before = segment.Count;
        segment.SetCount(mss);
        AdjustCount(segment, before - segment.Count);
        room = Math.Min(room, mss);
        if (segment.Length < room) Collapse(index, room);
        return true;
    }

    /// <summary>It has not left the host since it was sent last: another copy would only wait behind it (kernel: <c>skb_still_in_host_queue</c>).</summary>
    private bool IsInHost(TxSegment segment)
    {
        if (HostQueue is not { } below || !below.Holds(segment.HostStamp)) return false;
        below.Throttle();
        if (!below.Holds(segment.HostStamp)) return false;
        Count(LinuxMib.TCPSpuriousRtxHostQueues);
        return true;
    }

    private void TrimAcknowledged(TxSegment segment)
    {
        segment.Flags &= ~TcpFlags.Syn;
        segment.Seq = SndUna;
        if (segment.Count > 1)
        {
            var before = segment.Count;
            segment.SetCount(segment.SegmentSize);
            AdjustCount(segment, before - segment.Count);
        }
    }

    /// <summary>The segment leaves again and counts as in flight (kernel: <c>tcp_retransmit_skb</c>).</summary>
    private RetransmitSegment Retransmit(TxSegment segment)
    {
        var sent = Resend(segment);
        if (!segment.Has(SegmentTags.SackedRetrans)) _state.RetransOut += segment.Count; // the kernel counts twice after an undo: a leak
        segment.Tags |= SegmentTags.Retrans;
        if (_retransStampUs == 0) _retransStampUs = segment.SentUs;
        _undoRetrans = Math.Max(_undoRetrans, 0) + segment.Count;
        return sent;
    }

    private RetransmitSegment Resend(TxSegment segment)
    {
        if (MtuProbe is { } probe) probe.Size = 0; // what is out says nothing of the size now
        _mib.Add(TcpMib.RetransSegs, segment.Count);
        if ((segment.Flags & TcpFlags.Syn) != 0) Count(LinuxMib.TCPSynRetrans);
        TotalRetrans += (uint)segment.Count;
        _bytesRetrans += (ulong)segment.Length;
        segment.Tags |= SegmentTags.EverRetrans;
        if (segment.Length > 0) OnDataSent(segment);
        Depart(segment);
        segment.HostStamp = HostQueue is { } below ? below.Stamp + segment.Length + TcpConstants.SendSkbOverhead : 0; // it is made next
        var departure = KernelTime.FromMicroseconds(segment.SentUs - ClockBaseUs);
        return new RetransmitSegment(segment.Seq, segment.EndSeq, segment.Flags, departure, segment.SegmentSize);
    }

    /// <summary>Keeps the hint at the first segment that is lost and not sent again (kernel: <c>tcp_verify_retransmit_hint</c>).</summary>
    private void VerifyRetransmitHint(TxSegment segment)
    {
        var hint = _retransmitHint;
        if (hint is null ? _state.RetransOut >= _state.LostOut : TcpSeq.Before(segment.Seq, hint.Seq)) _retransmitHint = segment;
    }
}
