using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>Segments are made (kernel: <c>__tcp_transmit_skb</c>, <c>tcp_send_ack</c>, <c>tcp_send_active_reset</c>).</summary>
public sealed partial class TcpControlBlock
{
    private KernelTime _lastDataSent; // lsndtime
    private uint _priorRcvNxt; // what an ACK that DCTCP sends late says

    /// <summary>Segments sent (<c>segs_out</c>).</summary>
    public uint SegmentsOut { get; private set; }

    /// <summary>Of these, with data (<c>data_segs_out</c>).</summary>
    public uint DataSegmentsOut { get; private set; }

    /// <summary>Bytes of data sent, retransmissions counted (<c>bytes_sent</c>).</summary>
    public long BytesSent { get; private set; }

    /// <summary>Bytes of data sent again (<c>bytes_retrans</c>).</summary>
    public long BytesRetransmitted { get; private set; }

    private uint TimestampNow => TimestampAt(_now);

    private uint TimestampAt(KernelTime time) => (uint)(time.Nanoseconds / 1_000_000) + _tsOffset;

    /// <summary>Makes a segment of the established connection; without payload it is an ACK.</summary>
    private void Transmit(uint seq, int length, TcpFlags flags, int gsoSize, bool isRetransmission, KernelTime departsAt = default)
    {
        var segment = new TcpOutSegment
        {
            Sequence = seq,
            Acknowledgment = _receiver.RcvNxt,
            Flags = flags,
            PayloadLength = length,
            GsoSize = gsoSize,
            DepartsAt = departsAt,
            IsRetransmission = isRetransmission,
        };
        FillOptions(ref segment.Options);
        Accurate?.OnSent(segment.Options, _receiver.Sacks.HasDuplicate, _now);
        _receiver.Sacks.HasDuplicate = false;
        segment.Window = _receiver.SelectWindow(out var closed);
        if (closed) _isPredicting = false;
        MarkEcn(ref segment, length > 0 && !isRetransmission);
        MarkUrgent(ref segment);
        Enqueue(ref segment);
        OnAckLeft();
        if (length > 0) OnDataLeft(segment);
        if (!isRetransmission) Mib.Add(TcpMib.OutSegs, SegmentsOf(segment));
    }

    /// <summary>Makes a SYN or a SYN-ACK (kernel: <c>tcp_syn_options</c>); its window is never scaled.</summary>
    private void TransmitSyn(uint seq, TcpFlags flags, bool isRetransmission, int length = 0)
    {
        var isAnswer = (flags & TcpFlags.Ack) != 0;
        var segment = new TcpOutSegment
        {
            Sequence = seq,
            Acknowledgment = isAnswer ? _receiver.RcvNxt : 0,
            Flags = flags,
            Window = (ushort)Math.Min(_receiver.RcvWnd, ushort.MaxValue),
            PayloadLength = length,
            IsRetransmission = isRetransmission,
        };
        FillSynOptions(ref segment.Options, isAnswer);
        Enqueue(ref segment);
        if (isAnswer) OnAckLeft();
        if (!isRetransmission) Mib.Add(TcpMib.OutSegs);
    }

    /// <summary>
    /// Of crossed SYNs the SYN-ACK is our SYN sent once more with ACK: it offers what that offered (kernel: <c>tcp_send_synack</c>).
    /// </summary>
    private void FillSynOptions(ref TcpOptions options, bool isAnswer)
    {
        isAnswer &= !_isSimultaneous;
        options.Present = TcpOptionSet.Mss;
        options.Mss = (ushort)Math.Min(ClampMss(Path.EffectiveAdvMss), ushort.MaxValue);
        if (isAnswer ? _timestampsOk : Sysctls.IsTimestamping)
        {
            options.Present |= TcpOptionSet.Timestamps;
            (options.TimestampValue, options.TimestampEcho) = (TimestampNow, _timestampsOk ? _tsRecent : 0);
        }

        if (isAnswer ? _windowScaling : Sysctls.TcpWindowScaling)
        {
            options.Present |= TcpOptionSet.WindowScale;
            options.WindowScale = (byte)_receiver.RcvWscale;
        }

        if (isAnswer ? _sender.SackEnabled : Sysctls.TcpSack) options.Present |= TcpOptionSet.SackPermitted;
        if (!isAnswer) FillFastOpen(ref options);
        else if (Accurate is { IsOn: true } && Sysctls.TcpEcnOption != 0) TcpAccurateEcn.FillSynAckOption(ref options);
    }

    private void FillOptions(ref TcpOptions options)
    {
        var room = TcpOptions.MaxBytes;
        if (_timestampsOk)
        {
            options.Present = TcpOptionSet.Timestamps;
            (options.TimestampValue, options.TimestampEcho) = (TimestampNow, _tsRecent);
            room -= TcpConstants.TimestampsLength;
        }

        _receiver.Sacks.Fill(ref options, room);
        if (Accurate is { IsOn: true } accurate) accurate.FillOption(ref options, Sysctls, _sender.Rtt.Srtt, _now);
    }

    private void Enqueue(ref TcpOutSegment segment)
    {
        if (segment.DepartsAt == KernelTime.Zero) segment.DepartsAt = _sender.NextDeparture(_now);
        if (HostQueue is { } below) below.Promise(segment.TrueSize = ChargeOf(segment));
        Queue(segment);
        SegmentsOut += (uint)SegmentsOf(segment);
    }

    private void Queue(in TcpOutSegment segment) => (_output ??= _context.RentOutput()).Add(segment);

    private static int SegmentsOf(in TcpOutSegment segment) =>
        segment.GsoSize > 0 ? (segment.PayloadLength + segment.GsoSize - 1) / segment.GsoSize : 1;

    private void OnDataLeft(in TcpOutSegment segment)
    {
        DataSegmentsOut += (uint)SegmentsOf(segment);
        BytesSent += segment.PayloadLength;
        if (segment.IsRetransmission) BytesRetransmitted += segment.PayloadLength;
        _lastDataSent = _now;
        if (_now - _acks.LastReceived < _acks.Ato && _acks.Pingpong < byte.MaxValue) _acks.Pingpong++; // an answer in time
    }

    /// <summary>An acknowledgement left, alone or with data (kernel: <c>tcp_event_ack_sent</c>).</summary>
    private void OnAckLeft()
    {
        if (_compressedAcks > 0)
        {
            Mib.Add(LinuxMib.TCPAckCompressed, _compressedAcks);
            (_compressedAcks, _compressedAt) = (0, KernelTime.Never);
        }

        _acks.OnAckSent();
    }

    /// <summary>An ACK by itself (kernel: <c>tcp_send_ack</c>).</summary>
    private void SendAck()
    {
        if (State == TcpState.Close) return;
        Transmit(AcceptableSeq, 0, TcpFlags.Ack, 0, isRetransmission: false);
    }

    /// <summary>
    /// An ACK for what was due before the segment at hand (kernel: <c>__tcp_send_ack</c> with DCTCP's <c>prior_rcv_nxt</c>).
    /// </summary>
    private void SendAck(uint rcvNxt)
    {
        SendAck();
        _output!.Last.Acknowledgment = rcvNxt;
    }

    /// <summary>Resets an open connection (RFC 9293 section 3.10.4; kernel: <c>tcp_send_active_reset</c>).</summary>
    private void SendActiveReset()
    {
        Mib.Add(TcpMib.OutRsts);
        Transmit(AcceptableSeq, 0, TcpFlags.Rst | TcpFlags.Ack, 0, isRetransmission: false);
    }

    /// <summary>Resets whoever sent <paramref name="segment"/> (kernel: <c>tcp_v4_send_reset</c>).</summary>
    private void SendResetFor(in TcpInSegment segment)
    {
        if (!TcpReset.TryAnswer(segment, out var reset)) return;
        Mib.Add(TcpMib.OutSegs);
        Mib.Add(TcpMib.OutRsts);
        Queue(reset);
    }

    /// <summary>SND.NXT, or the edge of a window that was taken back (kernel: <c>tcp_acceptable_seq</c>).</summary>
    private uint AcceptableSeq
    {
        get
        {
            var edge = _sender.WindowEnd;
            if (!TcpSeq.Before(edge, SndNxt) || (_windowScaling && SndNxt - edge < 1u << _receiver.RcvWscale)) return SndNxt;
            return edge;
        }
    }
}
