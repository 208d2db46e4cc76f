using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>
/// Data above a hole (kernel: <c>out_of_order_queue</c>). Entries are ordered and do not overlap; neighbours that touch are one entry,
/// without the kernel's bound of 17 fragments, so there are as many entries as holes.
/// </summary>
internal sealed partial class TcpReceiver
{
    private readonly List<TcpReceivedSkb> _ofo = [];

    /// <summary>Nothing waits above a hole.</summary>
    internal bool IsInOrder => _ofo.Count == 0;

    /// <summary>A FIN, and nothing else, waits above a hole.</summary>
    internal bool HasOnlyFinOutOfOrder => _ofo is [{ Fin: true }];

    /// <summary>Segments that came out of order (<c>rcv_ooopack</c>).</summary>
    internal int OutOfOrderSegments { get; private set; }

    /// <summary>The end of the highest data.</summary>
    internal uint HighestSeq => _ofo.Count > 0 ? _ofo[^1].EndSeq : RcvNxt;

    /// <summary>Keeps a segment that begins above <see cref="RcvNxt"/> (kernel: <c>tcp_data_queue_ofo</c>).</summary>
    internal void QueueOutOfOrder(in TcpInSegment segment, int trueSize)
    {
        OutOfOrderSegments += segment.Segments;
        Mib.Add(LinuxMib.TCPOFOQueue);
        var (seq, end) = (segment.Sequence, segment.EndSequence);
        var first = _ofo.Count == 0;
        var at = Find(seq);
        var from = seq;
        if (at > 0 && TcpSeq.Before(seq, _ofo[at - 1].EndSeq))
        {
            var left = _ofo[at - 1];
            if (!TcpSeq.After(end, left.EndSeq))
            {
                DropPresent(seq, end);
                return;
            }

            if (seq == left.Seq)
            {
                at = Cover(at - 1); // it takes that one's place
            }
            else
            {
                SetDuplicate(seq, left.EndSeq);
                from = left.EndSeq;
            }
        }

        if (segment.Payload.Length > (int)(from - seq)) segment.Payload.WriteTo(_bytes, from, (int)(from - seq));
        Insert(at, new TcpReceivedSkb { Seq = from, EndSeq = end, TrueSize = trueSize, Frags = 1, Fin = segment.Has(TcpFlags.Fin) });
        if (!SackOk) return; // without SACK the window stays, so that the ACKs count as duplicates
        GrowWindow(segment.Payload.Length, trueSize);
        if (first) Sacks.Begin(seq, end);
        else Sacks.Add(seq, end);
    }

    /// <summary>Moves what is due now to the receive queue (kernel: <c>tcp_ofo_queue</c>). True when the FIN was among it.</summary>
    internal bool MergeOutOfOrder()
    {
        var duplicateEnd = RcvNxt;
        while (_ofo.Count > 0 && !TcpSeq.After(_ofo[0].Seq, RcvNxt))
        {
            var skb = _ofo[0];
            if (TcpSeq.Before(skb.Seq, duplicateEnd))
            {
                ExtendDuplicate(skb.Seq, TcpSeq.Before(skb.EndSeq, duplicateEnd) ? skb.EndSeq : duplicateEnd);
            }

            _ofo.RemoveAt(0);
            RmemAlloc -= skb.TrueSize;
            if (!TcpSeq.After(skb.EndSeq, RcvNxt)) continue;
            skb.Seq = RcvNxt;
            AppendSkb(skb);
            if (skb.Fin) return true;
        }

        return false;
    }

    /// <summary>A range came a second time (kernel: <c>tcp_dsack_set</c>).</summary>
    internal void SetDuplicate(uint seq, uint end)
    {
        if (SackOk && Sysctls.TcpDsack) Sacks.SetDuplicate(seq, end, RcvNxt, Mib);
    }

    /// <summary>Drops everything above the hole (kernel: <c>skb_rbtree_purge</c> in <c>tcp_fin</c>).</summary>
    internal void PurgeOutOfOrder()
    {
        foreach (var skb in _ofo) RmemAlloc -= skb.TrueSize;
        _ofo.Clear();
        Sacks.Reset();
    }

    private void ExtendDuplicate(uint seq, uint end)
    {
        if (SackOk && Sysctls.TcpDsack) Sacks.ExtendDuplicate(seq, end, RcvNxt, Mib);
    }

    /// <summary>Index of the first entry that begins behind <paramref name="seq"/>.</summary>
    private int Find(uint seq)
    {
        int low = 0, high = _ofo.Count;
        if (high > 0 && !TcpSeq.Before(seq, _ofo[^1].Seq)) return high; // the usual case
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (TcpSeq.Before(seq, _ofo[middle].Seq)) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    /// <summary>All of it is there: dropped.</summary>
    private void DropPresent(uint seq, uint end)
    {
        Mib.Add(LinuxMib.TCPOFOMerge);
        SetDuplicate(seq, end);
        if (SackOk) Sacks.Add(seq, end);
    }

    private int Cover(int index)
    {
        ExtendDuplicate(_ofo[index].Seq, _ofo[index].EndSeq);
        Drop(index);
        return index;
    }

    private void Insert(int at, TcpReceivedSkb skb)
    {
        while (at < _ofo.Count && TcpSeq.After(skb.EndSeq, _ofo[at].Seq))
        {
            var right = _ofo[at];
            if (TcpSeq.Before(skb.EndSeq, right.EndSeq))
            {
                ExtendDuplicate(right.Seq, skb.EndSeq);
                skb.EndSeq = right.Seq; // the rest is the right one's
                skb.Fin = false;
                break;
            }

            Cover(at);
        }

        RmemAlloc += skb.TrueSize;
        if (at < _ofo.Count && !skb.Fin && _ofo[at].Seq == skb.EndSeq)
        {
            skb = Join(skb, _ofo[at]);
            _ofo.RemoveAt(at);
        }

        if (at > 0 && _ofo[at - 1].EndSeq == skb.Seq && !_ofo[at - 1].Fin) _ofo[at - 1] = Join(_ofo[at - 1], skb);
        else _ofo.Insert(at, skb);
    }

    private TcpReceivedSkb Join(TcpReceivedSkb left, in TcpReceivedSkb right)
    {
        Mib.Add(LinuxMib.TCPRcvCoalesce);
        var saved = Math.Min(TcpConstants.SkbStruct, right.TrueSize);
        RmemAlloc -= saved;
        left.EndSeq = right.EndSeq;
        left.TrueSize += right.TrueSize - saved;
        left.Frags = Math.Min(left.Frags + right.Frags, TcpConstants.MaxSkbFrags);
        left.Fin = right.Fin;
        return left;
    }

    private void Drop(int index)
    {
        Mib.Add(LinuxMib.TCPOFOMerge);
        RmemAlloc -= _ofo[index].TrueSize;
        _ofo.RemoveAt(index);
    }
}
