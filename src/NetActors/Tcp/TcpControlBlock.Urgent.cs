using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>Urgent data (RFC 9293 section 3.8.5, RFC 6093; kernel: <c>tcp_check_urg</c>, <c>tcp_urg</c>).</summary>
public sealed partial class TcpControlBlock
{
    private UrgentState _urgent; // urg_data
    private byte _urgentByte;
    private uint _urgSeq; // urg_seq
    private uint _sndUp; // snd_up: behind the last urgent byte that we send

    private enum UrgentState : byte
    {
        None,
        NotYet, // TCP_URG_NOTYET
        Valid, // TCP_URG_VALID
        Read, // TCP_URG_READ
    }

    /// <summary>The next byte to be read is the urgent one (kernel: SIOCATMARK).</summary>
    public bool IsAtMark => _urgent != UrgentState.None && _urgSeq == _receiver.CopiedSeq;

    /// <summary>Urgent data can be read (EPOLLPRI; kernel: <c>tcp_poll</c>).</summary>
    public bool IsUrgentReadable => _urgent == UrgentState.Valid;

    private bool IsSendingUrgent => SndUna != _sndUp; // tcp_urg_mode

    private void OnUrgentField(in TcpInSegment segment)
    {
        if (segment.Has(TcpFlags.Urg)) CheckUrgentPointer(segment);
        if (_urgent != UrgentState.NotYet) return;
        var at = _urgSeq - segment.Sequence - (segment.Has(TcpFlags.Syn) ? 1u : 0);
        if (at >= segment.Payload.Length) return;
        (_urgentByte, _urgent) = (segment.Payload[(int)at], UrgentState.Valid);
        if (!IsOrphan) _effects |= TcpEffects.Readable | TcpEffects.Urgent;
    }

    private void CheckUrgentPointer(in TcpInSegment segment)
    {
        uint pointer = segment.UrgentPointer;
        if (pointer != 0 && !Sysctls.TcpStdurg) pointer--; // BSD's reading, which Linux follows
        pointer += segment.Sequence;
        if (TcpSeq.After(_receiver.CopiedSeq, pointer) || TcpSeq.Before(pointer, _receiver.RcvNxt)) return;
        if (_urgent != UrgentState.None && !TcpSeq.After(pointer, _urgSeq)) return;
        _effects |= TcpEffects.Urgent;

        // The last urgent byte was passed but not yet skipped: it must not show up as ordinary data.
        if (_urgSeq == _receiver.CopiedSeq && _urgent != UrgentState.None && !Options.OobInline && _receiver.Unread > 0)
            _receiver.Consume(_receiver.CopiedSeq + 1);
        (_urgent, _urgSeq) = (UrgentState.NotYet, pointer);
        _isPredicting = false;
    }

    /// <summary>Says in a segment where our urgent data ends (kernel: <c>__tcp_transmit_skb</c>).</summary>
    private void MarkUrgent(ref TcpOutSegment segment)
    {
        if (!IsSendingUrgent || !TcpSeq.Before(segment.Sequence, _sndUp)) return;
        if (TcpSeq.Before(_sndUp, segment.Sequence + 0x10000)) segment.UrgentPointer = (ushort)(_sndUp - segment.Sequence);
        else if (TcpSeq.After(segment.Sequence + 0xFFFF, SndNxt)) segment.UrgentPointer = 0xFFFF;
        else return;
        segment.Flags |= TcpFlags.Urg;
    }
}
