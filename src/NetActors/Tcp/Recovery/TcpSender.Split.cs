using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>Cuts and joins what is out (kernel: <c>tcp_fragment</c>, <c>tcp_retrans_try_collapse</c>).</summary>
public sealed partial class TcpSender
{
    /// <summary>Cuts a segment behind <paramref name="length"/> bytes; answers the part behind, which stands next in the queue.</summary>
    private TxSegment Split(int index, int length, int mss)
    {
        var segment = _queue[index];
        var before = segment.Count;
        var part = _pool.Rent();
        part.Seq = segment.Seq + (uint)length + ((segment.Flags & TcpFlags.Syn) != 0 ? 1u : 0u);
        part.EndSeq = segment.EndSeq;
        part.Flags = segment.Flags & ~TcpFlags.Syn;
        part.Tags = segment.Tags;
        segment.Tags &= ~SegmentTags.EndOfRecord; // so does the record's end (tcp_skb_fragment_eor)
        (part.SentUs, part.FirstSentUs, part.DeliveredUs, part.HostStamp) = (segment.SentUs, segment.FirstSentUs, segment.DeliveredUs, segment.HostStamp);
        (part.Delivered, part.IsAppLimited) = (segment.Delivered, segment.IsAppLimited);
        segment.EndSeq = part.Seq;
        segment.Flags &= ~(TcpFlags.Fin | TcpFlags.Psh); // they belong to the end
        segment.SetCount(mss);
        part.SetCount(mss);
        _queue.Insert(index + 1, part);
        _order.AddBehind(segment, part);
        AdjustCount(segment, before - segment.Count - part.Count);
        return part;
    }

    /// <summary>A segment counts for fewer, or more, than it did (kernel: <c>tcp_adjust_pcount</c>).</summary>
    private void AdjustCount(TxSegment segment, int fewer)
    {
        if (fewer == 0) return;
        _state.PacketsOut -= fewer;
        if (segment.Has(SegmentTags.SackedAcked)) _state.SackedOut -= fewer;
        if (segment.Has(SegmentTags.SackedRetrans)) _state.RetransOut -= fewer;
        if (segment.Has(SegmentTags.Lost)) _state.LostOut -= fewer;
        if (IsReno && fewer > 0) _state.SackedOut -= Math.Min(_state.SackedOut, fewer);
    }

    /// <summary>Joins the segments behind one that is sent again while all fit <paramref name="room"/> bytes.</summary>
    private void Collapse(int index, int room)
    {
        var segment = _queue[index];
        if (!_settings.RetransCollapse || (segment.Flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 || !CanCollapse(segment)) return;
        room -= segment.Length;
        while (index + 1 < _queue.Count)
        {
            var next = _queue[index + 1];
            if (!CanCollapse(next) || (segment.Flags & TcpFlags.Fin) != 0 || segment.Has(SegmentTags.EndOfRecord)) return;
            room -= next.Length;
            if (room < 0 || TcpSeq.After(next.EndSeq, WindowEnd)) return;
            Join(segment, next, index + 1);
        }
    }

    private static bool CanCollapse(TxSegment segment) => segment.Count == 1 && segment.Length > 0 && !segment.Has(SegmentTags.SackedAcked);

    private void Join(TxSegment segment, TxSegment next, int nextIndex)
    {
        segment.EndSeq = next.EndSeq;
        segment.Flags |= next.Flags;
        segment.Tags |= next.Tags & (SegmentTags.EverRetrans | SegmentTags.EndOfRecord);
        if (_retransmitHint == next) _retransmitHint = segment;
        AdjustCount(next, 1);
        if (_highestSack == next.Seq) _highestSack = segment.Seq;
        _order.Remove(next);
        _queue.RemoveAt(nextIndex);
        _pool.Return(next);
    }
}
