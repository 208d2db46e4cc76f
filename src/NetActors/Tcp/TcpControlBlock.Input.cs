using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>A segment comes in (kernel: <c>tcp_v4_do_rcv</c>): one pipeline in the order of RFC 9293 section 3.10.7.</summary>
public sealed partial class TcpControlBlock
{
    private bool _isPredicting; // pred_flags is not 0

    /// <summary>Segments that came in (<c>segs_in</c>).</summary>
    public uint SegmentsIn { get; private set; }

    /// <summary>Of these, with data (<c>data_segs_in</c>).</summary>
    public uint DataSegmentsIn { get; private set; }

    /// <summary>
    /// Takes a segment in whose checksum is good. Segments for a connection in CLOSE change nothing: answer them with
    /// <see cref="TcpReset"/>.
    /// </summary>
    public TcpEffects OnSegment(in TcpInSegment segment, KernelTime now)
    {
        Begin(now);
        if (State is TcpState.Close or TcpState.Listen or TcpState.TimeWait) return TcpEffects.None;
        SegmentsIn += (uint)segment.Segments;
        if (segment.Payload.Length > 0) DataSegmentsIn += (uint)segment.Segments;

        if (State == TcpState.SynSent) OnSynSentSegment(segment);
        else if (State != TcpState.Established || !TryPredicted(segment)) OnOtherSegment(segment);
        return End();
    }

    private static bool HasSynFinOrData(in TcpInSegment segment) => segment.EndSequence != segment.Sequence;

    /// <summary>Header prediction: what is expected takes the short way (kernel: the first half of <c>tcp_rcv_established</c>).</summary>
    private bool TryPredicted(in TcpInSegment segment)
    {
        if (!_isPredicting || Accurate is not null || (segment.Flags & ~TcpFlags.Psh) != TcpFlags.Ack || segment.HeaderLength != _headerLength ||
            segment.Window != _sender.SndWnd >> _sndWscale || segment.Sequence != _receiver.RcvNxt ||
            CheckAckField(segment) is AckCheck.Unsent or AckCheck.TooOld) return false; // too old: the kernel predicts it, against RFC 5961
        if (_timestampsOk)
        {
            if (!segment.Options.Has(TcpOptionSet.Timestamps)) return false;
            if ((int)(segment.Options.TimestampValue - _tsRecent) < 0) return false; // PAWS looks closer at it
            if (_receiver.RcvNxt == _receiver.RcvWup) StoreTsRecent(segment.Options.TimestampValue);
        }

        if (segment.Payload.Length == 0)
        {
            TakePredictedAck(segment);
            _lastEcho = segment.Options.TimestampEcho;
            return true;
        }

        var trueSize = TrueSizeOf(segment);
        if (!_receiver.CanIngest(segment.Payload.Length) || !_receiver.HasMemory(trueSize) || segment.Payload.Length > _receiver.ReceiveWindow) return false;
        MeasureReceiveRtt(segment);
        Mib.Add(LinuxMib.TCPHPHits);
        _receiver.Queue(segment, trueSize);
        OnDataReceived(segment, trueSize);
        var mustAck = true;
        if (segment.Acknowledgment != SndUna)
        {
            TakePredictedAck(segment);
            mustAck = _acks.IsScheduled;
        }

        if (mustAck) CheckAckNow(outOfOrderPossible: false);
        DataReady();
        return true;
    }

    private void TakePredictedAck(in TcpInSegment segment)
    {
        if (TcpSeq.Before(segment.Acknowledgment, SndUna)) TakeOldAck(segment);
        else TakeAck(segment, isPredicted: true);
        CheckSend();
    }

    /// <summary>The way for everything else (kernel: the rest of <c>tcp_rcv_established</c>, <c>tcp_rcv_state_process</c>).</summary>
    private void OnOtherSegment(in TcpInSegment segment)
    {
        if ((segment.Flags & (TcpFlags.Ack | TcpFlags.Rst | TcpFlags.Syn)) == 0) return;
        if (!Validate(segment)) return;
        var wasEstablished = State == TcpState.Established;
        if (wasEstablished) CountMark(segment);
        if (!OnAckField(segment)) return;
        if (!wasEstablished && !OnAckInState(segment)) return;
        if (State == TcpState.Close) return;

        MeasureReceiveRtt(segment);
        OnUrgentField(segment);
        if (!TryTakeData(segment)) return;
        if (State == TcpState.Close) return;
        CheckSend();
        CheckAck();
    }

    /// <summary>Fifth, the ACK field (RFC 9293 section 3.10.7.4). False when the segment is dropped for it.</summary>
    private bool OnAckField(in TcpInSegment segment)
    {
        switch (CheckAckField(segment))
        {
            case AckCheck.Acceptable:
                TakeAck(segment, isPredicted: false);
                return true;
            case AckCheck.Old:
                if (State == TcpState.SynRecv)
                {
                    SendResetFor(segment);
                    return false;
                }

                TakeOldAck(segment);
                return true;
            case AckCheck.TooOld or AckCheck.Unsent when State == TcpState.Established: // RFC 5961 section 5.2, RFC 9293 section 3.10.7.4
                if (segment.Has(TcpFlags.Ack)) SendChallengeAck();
                return false;
            case AckCheck.TooOld or AckCheck.Unsent when State == TcpState.SynRecv:
                SendResetFor(segment);
                return false;
            case AckCheck.TooOld or AckCheck.Unsent when State != TcpState.Established:
                SendChallengeAck();
                return false;
            default:
                return false;
        }
    }

    /// <summary>
    /// What the ACK means in states on the way in and out (kernel: the switch of <c>tcp_rcv_state_process</c>). False ends.
    /// </summary>
    private bool OnAckInState(in TcpInSegment segment)
    {
        switch (State)
        {
            case TcpState.SynRecv:
                BecomeEstablished(segment);
                return true;
            case TcpState.FinWait1:
                return SndUna != WriteSeq || OnFinAcknowledged(segment);
            case TcpState.Closing when SndUna == WriteSeq:
                EnterTimeWait(TcpState.TimeWait, TcpConstants.TimeWaitLength);
                return false;
            case TcpState.LastAck when SndUna == WriteSeq:
                Done();
                return false;
            default:
                return true;
        }
    }

    /// <summary>
    /// Seventh, the segment text: queues it where the state allows (RFC 9293 section 3.10.7.4). False when nothing is left to do.
    /// </summary>
    private bool TryTakeData(in TcpInSegment segment)
    {
        switch (State)
        {
            case TcpState.CloseWait or TcpState.Closing or TcpState.LastAck when !TcpSeq.Before(segment.Sequence, _receiver.RcvNxt):
                return true; // nothing may come behind a FIN
            case TcpState.CloseWait or TcpState.Closing or TcpState.LastAck or TcpState.FinWait1 or TcpState.FinWait2:
                if (IsReceiveShutdown && IsNewData(segment))
                {
                    Mib.Add(LinuxMib.TCPAbortOnData); // nobody will read it: RFC 1122 section 4.2.2.13
                    Reset();
                    SendResetFor(segment);
                    return false;
                }

                QueueData(segment);
                return true;
            case TcpState.Established:
                QueueData(segment);
                return true;
            default:
                return true;
        }
    }

    private bool IsNewData(in TcpInSegment segment) =>
        HasSynFinOrData(segment) && TcpSeq.After(segment.EndSequence - (segment.Has(TcpFlags.Fin) ? 1u : 0), _receiver.RcvNxt);

    /// <summary>The handshake that the peer began is done (kernel: <c>tcp_rcv_state_process</c>, TCP_SYN_RECV).</summary>
    private void BecomeEstablished(in TcpInSegment segment)
    {
        if (_timestampsOk) _receiver.AdvMss -= TcpConstants.TimestampsLength;
        if (!_isSimultaneous) _sender.OnAccepted(_synAckSentAt.IsNever ? null : _now - _synAckSentAt, _now);
        _sender.SetWindow((uint)segment.Window << _sndWscale, segment.Sequence);
        if (_isFastOpenChild) FinishFastOpenChild();
        else InitTransfer();
        SetState(TcpState.Established);
        _receiver.InitRcvMss(_sender.Mss);
        if (Accurate is { IsOn: true } accurate) accurate.OnThirdAck(segment, ref _sender.DeliveredCe, Sysctls.TcpEcnFallback);
        _isPredicting = true;
        _effects |= TcpEffects.Established;
        if (!IsSendShutdown) return;
        IsSendShutdown = false; // close() or shutdown() came before: its FIN follows now
        ShutdownSend();
    }

    /// <summary>Buffers, windows and congestion control begin (kernel: <c>tcp_init_transfer</c>).</summary>
    private void InitTransfer()
    {
        SyncMss(_pmtuCookie);
        _sender.OnEstablished(_now, PathMetrics);
        _receiver.InitBufferSpace(_now);
        ExpandSendBuffer();
    }

    private void DataReady()
    {
        if (IsOrphan) return;
        if (_receiver.Unread >= (uint)Options.RcvLowat || _context.UnderMemoryPressure || _receiver.ReceiveWindow <= _acks.RcvMss || IsDone)
        {
            _effects |= TcpEffects.Readable; // tcp_data_ready, tcp_epollin_ready
        }
    }

    private static int TrueSizeOf(in TcpInSegment segment) => segment.TrueSize > 0
        ? segment.TrueSize
        : TcpConstants.SkbStruct + TcpConstants.SkbSharedInfo +
            Math.Max((segment.Payload.Length + TcpConstants.MaxHeader + 255) & ~255, 448);
}
