using NetActors.Headers;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>What an acknowledgement frees and lets go (kernel: the connection's part of <c>tcp_ack</c>).</summary>
public sealed partial class TcpControlBlock
{
    private KernelTime _rcvTstamp; // when the last ACK came
    private long _bytesAcked;
    private bool _isNoSpace; // SOCK_NOSPACE: a writer found the buffer full

    private enum AckCheck
    {
        Acceptable,
        Old,
        TooOld,
        Unsent,
    }

    /// <summary>Is the ACK for something sent and not absurdly old (RFC 5961 section 5.2)?</summary>
    private AckCheck CheckAckField(in TcpInSegment segment)
    {
        if (!segment.Has(TcpFlags.Ack)) return AckCheck.Unsent;
        if (TcpSeq.After(segment.Acknowledgment, SndNxt)) return AckCheck.Unsent;
        if (!TcpSeq.Before(segment.Acknowledgment, SndUna)) return AckCheck.Acceptable;
        var window = (uint)Math.Min(_sender.MaxWindow, _bytesAcked);
        return TcpSeq.Before(segment.Acknowledgment, SndUna - window) ? AckCheck.TooOld : AckCheck.Old;
    }

    /// <summary>An acceptable ACK.</summary>
    private void TakeAck(in TcpInSegment segment, bool isPredicted)
    {
        var progress = !isPredicted && ReplaceTsRecent(segment);
        var una = SndUna;
        var window = _sender.SndWnd;
        var most = _sender.MaxWindow;
        var outcome = _sender.OnAck(AckInputOf(segment, isPredicted, progress), _now);
        if (Accurate is { IsUrgent: true }) _acks.Pending |= TcpAckPending.Now;

        SoftError = Errno.None;
        _probesOut = 0;
        _wakeUpSince = KernelTime.Never;
        _rcvTstamp = _now;
        _bytesAcked += outcome.NewlyAckedBytes;
        if (_sender.SndWnd != window) OnWindowChanged(most);
        if (SndUna != una) OnUnaAdvanced(una);
        if (_sender.MtuProbe is { HasGrown: true } probe)
        {
            probe.HasGrown = false;
            SyncMss(_pmtuCookie);
        }

        if (outcome.Has(AckFlags.ForwardProgress) || !outcome.Has(AckFlags.NotDup)) _effects |= TcpEffects.Confirm;
        OnProbeAnswered();
        Recover(outcome.Flags);
    }

    /// <summary>An ACK below SND.UNA: only its SACK blocks count.</summary>
    private void TakeOldAck(in TcpInSegment segment) => Recover(_sender.OnAck(AckInputOf(segment, false), _now).Flags);

    private AckInput AckInputOf(in TcpInSegment segment, bool isPredicted, bool hasTimestampProgress = false)
    {
        _context.AckOptions = segment.Options;
        var scale = segment.Has(TcpFlags.Syn) ? 0 : _sndWscale; // never scaled in a SYN (RFC 7323 section 2.2)
        return new AckInput(
            segment.Sequence, segment.Acknowledgment, (uint)segment.Window << scale, segment.Payload.Length, segment.Flags,
            _context.AckOptions)
        {
            IsPredicted = isPredicted,
            HasTimestampProgress = hasTimestampProgress,
        };
    }

    private void OnWindowChanged(uint mostBefore)
    {
        _isPredicting = false;
        CheckFastPath();
        if (HasUnsent) _sender.OnIdle(_now);
        if (_sender.MaxWindow > mostBefore) SyncMss(_pmtuCookie); // an MSS is at most half of the largest window
    }

    private void OnUnaAdvanced(uint una)
    {
        if (TcpSeq.Between(_sndUp, una, SndUna)) _sndUp = SndUna;
        _sendBuffer.Acknowledge(SndUna);
        if (SndUna == WriteSeq) _chrono.Stop(TcpChronoKind.Busy, isEmpty: true, _now);
    }

    /// <summary>Sends again what the sender found lost (kernel: <c>tcp_xmit_recovery</c>).</summary>
    private void Recover(AckFlags flags)
    {
        if (State == TcpState.SynSent) return;
        if ((flags & AckFlags.SendNewFirst) != 0) PushPending(TcpNagle.Off);
        if ((flags & (AckFlags.SendNewFirst | AckFlags.Retransmit)) != 0) Retransmit();
    }

    /// <summary>Prediction works while nothing is out of the ordinary (kernel: <c>tcp_fast_path_check</c>).</summary>
    private void CheckFastPath()
    {
        if (_receiver.IsInOrder && _receiver.RcvWnd > 0 && _receiver.RmemAlloc < _receiver.RcvBuf && _urgent == UrgentState.None)
            _isPredicting = true;
    }

    /// <summary>Sends what may be sent and wakes a writer (kernel: <c>tcp_data_snd_check</c>).</summary>
    private void CheckSend()
    {
        if (HasUnsent) PushPending(Nagle);
        CheckSpace();
    }

    /// <summary>A writer waits and a third of the buffer is free: wakes it (kernel: <c>tcp_check_space</c>).</summary>
    private void CheckSpace()
    {
        if (_context.IsShared) Interlocked.MemoryBarrier(); // see PollWritable
        if (!_isNoSpace) return;
        if (!_context.UnderMemoryPressure && _sender.InFlight < _sender.Cwnd) ExpandSendBuffer(); // tcp_should_expand_sndbuf
        if (!IsWritable) return;
        _isNoSpace = false;
        _chrono.Stop(TcpChronoKind.SndbufLimited, SndUna == WriteSeq, _now);
        _sender.IsSendBufferFull = false;
        _effects |= TcpEffects.Writable;
    }
}
