using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Data is queued and acknowledged (kernel: <c>tcp_data_queue</c>, <c>tcp_event_data_recv</c>, <c>__tcp_ack_snd_check</c>).
/// </summary>
public sealed partial class TcpControlBlock
{
    private int _compressedAcks; // compressed_ack
    private int _duplicateAcks; // dup_ack_counter
    private bool _hasDeferredAck;
    private uint _compressedRcvNxt;
    private KernelTime _compressedAt = KernelTime.Never;
    private uint _lastEcho; // rcv_rtt_last_tsecr

    private void QueueData(in TcpInSegment segment)
    {
        if (!HasSynFinOrData(segment)) return;
        _receiver.Sacks.HasDuplicate = false;
        AcceptCwr(segment);
        if (segment.Sequence == _receiver.RcvNxt && !IsDone) OnDue(segment);
        else if (!TcpSeq.After(segment.EndSequence, _receiver.RcvNxt) || IsDone) OnKnown(segment); // nothing comes behind a FIN
        else if (!TcpSeq.Before(segment.Sequence, _receiver.RcvNxt + _receiver.ReceiveWindow)) RefuseData();
        else if (TcpSeq.Before(segment.Sequence, _receiver.RcvNxt)) OnPartlyKnown(segment);
        else OnOutOfOrder(segment);
    }

    private void OnDue(in TcpInSegment segment)
    {
        if (_receiver.ReceiveWindow == 0 && !(segment.Payload.Length == 0 && segment.Has(TcpFlags.Fin)))
        {
            Mib.Add(LinuxMib.TCPZeroWindowDrop);
            RefuseData();
            return;
        }

        QueueDue(segment);
    }

    private void QueueDue(in TcpInSegment segment)
    {
        var trueSize = TrueSizeOf(segment);
        if (!_receiver.TrySchedule(segment.Sequence, segment.Payload.Length, trueSize))
        {
            _receiver.RefuseForMemory();
            _isPredicting = false;
            _effects |= TcpEffects.Readable;
            if (_receiver.QueueLength > 0 && segment.Payload.Length > 0)
            {
                Mib.Add(LinuxMib.TCPRcvQDrop);
                _effects |= TcpEffects.NoMemory;
                return;
            }
        }

        _receiver.Queue(segment, trueSize);
        if (segment.Payload.Length > 0) OnDataReceived(segment, trueSize);
        if (segment.Has(TcpFlags.Fin)) OnFin();
        if (State == TcpState.Close) return;
        if (!_receiver.IsInOrder)
        {
            if (_receiver.MergeOutOfOrder()) OnFin();
            if (_receiver.IsInOrder) _acks.Pending |= TcpAckPending.Now; // the hole is filled (RFC 5681 section 4.2)
        }

        _receiver.Sacks.Remove(_receiver.RcvNxt, _receiver.IsInOrder);
        CheckFastPath();
        DataReady();
    }

    private void OnKnown(in TcpInSegment segment)
    {
        Mib.Add(LinuxMib.DelayedACKLost);
        Accurate?.OnDuplicate(segment.Sequence, _receiver.Sacks.Duplicate.Start);
        _receiver.SetDuplicate(segment.Sequence, segment.EndSequence);
        RefuseData();
    }

    private void OnPartlyKnown(in TcpInSegment segment)
    {
        _receiver.SetDuplicate(segment.Sequence, _receiver.RcvNxt);
        if (_receiver.ReceiveWindow > 0)
        {
            QueueDue(segment);
            return;
        }

        Mib.Add(LinuxMib.TCPZeroWindowDrop);
        RefuseData();
    }

    /// <summary>Dropped, and acknowledged at once so that the sender learns where we are.</summary>
    private void RefuseData()
    {
        _acks.EnterQuick(_receiver.RcvWnd, TcpConstants.MaxQuickAcks);
        _acks.Schedule();
    }

    private void OnOutOfOrder(in TcpInSegment segment)
    {
        CheckEcn(segment);
        if (!_receiver.TrySchedule(segment.Sequence, segment.Payload.Length, TrueSizeOf(segment)))
        {
            Mib.Add(LinuxMib.TCPOFODrop);
            _effects |= TcpEffects.Readable | TcpEffects.NoMemory;
            return;
        }

        MeasureRcvMss(segment, TrueSizeOf(segment));
        _isPredicting = false;
        _acks.Schedule();
        if (_compressedAcks > 0 && _receiver.Sacks.PushesOthersOut(segment.Sequence, segment.EndSequence)) SendCompressed();
        _receiver.QueueOutOfOrder(segment, TrueSizeOf(segment));
        if (HasSocket && !IsOrphan) _receiver.GrowBuffer(_receiver.SpacePerRtt);
    }

    /// <summary>
    /// New data in order: learns from it when to acknowledge and how the window may grow (kernel: <c>tcp_event_data_recv</c>).
    /// </summary>
    private void OnDataReceived(in TcpInSegment segment, int trueSize)
    {
        _acks.Schedule();
        MeasureRcvMss(segment, trueSize);
        _receiver.MeasureRtt(_now);
        _acks.OnData(_receiver.RcvWnd, _sender.Rtt.Rto, _now);
        CheckEcn(segment);
        if (segment.Payload.Length >= 128) _receiver.GrowWindow(segment.Payload.Length, trueSize);
    }

    /// <summary>Learns the peer's segment size, which ACKs go by (kernel: <c>tcp_measure_rcv_mss</c>).</summary>
    private void MeasureRcvMss(in TcpInSegment segment, int trueSize)
    {
        var last = _acks.LastSegmentSize;
        _acks.LastSegmentSize = 0;
        var length = segment.GsoSize > 0 ? segment.GsoSize : segment.Payload.Length;
        if (length >= _acks.RcvMss)
        {
            if (length != _acks.RcvMss) _receiver.LearnRatio(segment.Payload.Length, trueSize);
            _acks.RcvMss = Math.Min(length, _receiver.AdvMss);
            if (segment.Has(TcpFlags.Psh)) _acks.Pending |= TcpAckPending.Pushed;
            return;
        }

        var whole = length + segment.HeaderLength; // with options: SACK makes segments vary
        var plain = (segment.Flags & (TcpFlags.Fin | TcpFlags.Urg | TcpFlags.Syn | TcpFlags.Psh)) == 0;
        if (whole >= TcpConstants.MssDefault + TcpHeader.Size || (whole >= TcpConstants.MinMss + TcpHeader.Size && plain))
        {
            whole -= _headerLength;
            _acks.LastSegmentSize = whole;
            if (whole == last)
            {
                _acks.RcvMss = whole;
                return;
            }
        }

        if ((_acks.Pending & TcpAckPending.Pushed) != 0) _acks.Pending |= TcpAckPending.Pushed2;
        _acks.Pending |= TcpAckPending.Pushed;
    }

    private void MeasureReceiveRtt(in TcpInSegment segment)
    {
        if (!_timestampsOk || !segment.Options.Has(TcpOptionSet.Timestamps) || segment.Options.TimestampEcho == _lastEcho) return;
        _lastEcho = segment.Options.TimestampEcho;
        if (segment.Payload.Length >= _acks.RcvMss) _receiver.MeasureRttByTimestamp(TimestampNow - segment.Options.TimestampEcho);
    }

    /// <summary>An ACK may be owed (kernel: <c>tcp_ack_snd_check</c>).</summary>
    private void CheckAck()
    {
        if (_acks.IsScheduled) CheckAckNow(outOfOrderPossible: true);
    }

    /// <summary>Now, later or compressed (RFC 9293 section 3.8.6.3, RFC 5681 section 4.2; kernel: <c>__tcp_ack_snd_check</c>).</summary>
    private void CheckAckNow(bool outOfOrderPossible)
    {
        var secondFull = _receiver.RcvNxt - _receiver.RcvWup > (uint)_acks.RcvMss &&
            (_receiver.Unread < (uint)Options.RcvLowat || _receiver.ChooseWindow() >= _receiver.RcvWnd);
        if (secondFull || _acks.IsQuick(Sysctls) || (_acks.Pending & TcpAckPending.Now) != 0) SendAckUnlessDeferred();
        else if (!outOfOrderPossible || _receiver.IsInOrder) DelayAck();
        else if (!_sender.SackEnabled || _compressedAcks >= Sysctls.TcpCompSackNr) SendAck();
        else CompressAck();
    }

    /// <summary>
    /// The task that has the socket is going through its backlog: one ACK at its end is enough (<c>tcp_backlog_ack_defer</c>; kernel:
    /// <c>TCP_ACK_DEFERRED</c>).
    /// </summary>
    internal bool DefersAcks { get; set; }

    /// <summary>The backlog is empty (kernel: <c>tcp_release_cb</c>).</summary>
    internal TcpEffects OnReleased(KernelTime now)
    {
        Begin(now);
        if (_hasDeferredAck && _acks.IsScheduled && State != TcpState.Close) SendAck();
        _hasDeferredAck = false;
        return End();
    }

    private void SendAckUnlessDeferred()
    {
        if (DefersAcks) _hasDeferredAck = true;
        else SendAck();
    }

    private void DelayAck()
    {
        if (_acks.Delay(Sysctls, _sender.Rtt.Srtt, _now)) SendAck();
    }

    /// <summary>The first three SACKs of a hole go out at once, further ones together after a twentieth of a round trip.</summary>
    private void CompressAck()
    {
        if (_compressedRcvNxt != _receiver.RcvNxt) (_compressedRcvNxt, _duplicateAcks) = (_receiver.RcvNxt, 0);
        if (_duplicateAcks < 3) // TCP_FASTRETRANS_THRESH
        {
            _duplicateAcks++;
            SendAck();
            return;
        }

        _compressedAcks++;
        if (!_compressedAt.IsNever) return;
        var rttUs = (long)_receiver.RttUs8 >> 3;
        var srttUs = _sender.Rtt.Srtt.Microseconds;
        if (srttUs > 0 && srttUs < rttUs) rttUs = srttUs;
        _compressedAt = _now + KernelTime.Min(Sysctls.TcpCompSackDelay, KernelTime.FromMicroseconds(rttUs / 20));
    }
}
