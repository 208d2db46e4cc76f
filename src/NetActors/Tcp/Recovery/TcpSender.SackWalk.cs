using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>
/// Marks the segments that SACK blocks cover, skipping what the last acknowledgement covered already (kernel: <c>tcp_sacktag_walk</c>,
/// <c>tcp_sacktag_one</c>). Arrived segments are not merged, which the kernel does to save memory.
/// </summary>
public sealed partial class TcpSender
{
    private void WalkBlocks(int used, bool foundDsack)
    {
        var at = -1;
        var i = 0;
        while (i < used)
        {
            var block = _blocks[i];
            var dsack = foundDsack && i == _dsackIndex;
            var nextDsack = foundDsack && i + 1 == _dsackIndex ? _blocks[i + 1] : default;
            while (_cacheIndex < SackBlocks.Count && !TcpSeq.Before(block.Start, _cache[_cacheIndex].End)) _cacheIndex++;
            if (_cacheIndex < SackBlocks.Count && !dsack && TcpSeq.After(block.End, _cache[_cacheIndex].Start))
            {
                var cached = _cache[_cacheIndex];
                if (TcpSeq.Before(block.Start, cached.Start))
                    at = Walk(Skip(at, block.Start), new SackBlock(block.Start, cached.Start), nextDsack, dsack);
                if (!TcpSeq.After(block.End, cached.End))
                {
                    i++;
                    continue;
                }

                if (nextDsack != default && TcpSeq.Before(nextDsack.Start, cached.End)) // the D-SACK lies in what is skipped
                    at = Walk(Skip(at, nextDsack.Start), nextDsack, default, dsack: true);
                at = Skip(at, cached.End);
                _cacheIndex++;
                if (HighestSackSeq != cached.End) continue; // another cached block may begin inside this one
                at = _queue.IndexOf(_highestSack);
                if (at < 0) break;
            }
            else
            {
                if (!TcpSeq.Before(block.Start, HighestSackSeq))
                {
                    at = _queue.IndexOf(_highestSack);
                    if (at < 0) break;
                }

                at = Skip(at, block.Start);
            }

            at = Walk(at, block, nextDsack, dsack);
            i++;
        }
    }

    /// <summary>
    /// The segment with number <paramref name="seq"/>, unless the walk is past it already (kernel: <c>tcp_sacktag_skip</c>).
    /// </summary>
    private int Skip(int at, uint seq) => at >= 0 && at < _queue.Count && TcpSeq.After(_queue[at].Seq, seq) ? at : _queue.IndexOf(seq);

    private int Walk(int at, SackBlock block, SackBlock nextDsack, bool dsack)
    {
        if (at < 0) return at;
        for (; at < _queue.Count; at++)
        {
            if (!TcpSeq.Before(_queue[at].Seq, block.End)) break;
            var duplicate = dsack;
            var match = 0;
            if (nextDsack != default && TcpSeq.Before(_queue[at].Seq, nextDsack.End))
            {
                match = Match(at, nextDsack);
                duplicate |= match > 0;
            }

            if (match <= 0) match = Match(at, block);
            if (match < 0) break;
            if (match > 0) TagOne(_queue[at], duplicate);
        }

        return at;
    }

    /// <summary>
    /// 1 when the block covers the segment, of which the part outside is cut off at a multiple of its segments' size; 0 when it does not,
    /// -1 when less than one of its segments is covered (kernel: <c>tcp_match_skb_to_sack</c>).
    /// </summary>
    private int Match(int index, SackBlock block)
    {
        var segment = _queue[index];
        var beginsInside = !TcpSeq.After(block.Start, segment.Seq);
        if (beginsInside && !TcpSeq.Before(block.End, segment.EndSeq)) return 1;
        if (segment.Count == 1 || !TcpSeq.After(segment.EndSeq, block.Start)) return 0;

        var mss = segment.SegmentSize;
        var length = (int)((beginsInside ? block.End : block.Start) - segment.Seq);
        if (length < mss)
        {
            if (beginsInside) return -1;
            length = mss;
        }

        if (length % mss != 0) length = ((length / mss) + (beginsInside ? 0 : 1)) * mss;
        if (length >= segment.Length && !beginsInside) return 0;
        Split(index, length, mss);
        return beginsInside ? 1 : 0;
    }

    private void TagOne(TxSegment segment, bool dsack)
    {
        if (dsack && segment.Has(SegmentTags.Retrans))
        {
            if (_hasUndoMarker && _undoRetrans > 0 && TcpSeq.After(segment.EndSeq, _undoMarker))
                _undoRetrans = Math.Max(0, _undoRetrans - segment.Count);
            if (segment.Has(SegmentTags.SackedAcked) && TcpSeq.Before(segment.Seq, _sackReord)) _sackReord = segment.Seq;
        }

        if (TcpSeq.After(segment.EndSeq, SndUna))
        {
            if (!segment.Has(SegmentTags.SackedAcked)) TagArrived(segment);
            if (dsack && segment.Has(SegmentTags.SackedRetrans)) // the copy arrived too
            {
                segment.Tags &= ~SegmentTags.SackedRetrans;
                _state.RetransOut -= segment.Count;
            }
        }

        RateDelivered(segment);
        if (segment.Has(SegmentTags.SackedAcked)) _order.Remove(segment);
        if (!TcpSeq.Before(segment.Seq, HighestSackSeq)) _highestSack = segment.EndSeq;
    }

    private void TagArrived(TxSegment segment)
    {
        AdvanceRack(segment.Tags, segment.EndSeq, segment.SentUs);
        if (segment.Has(SegmentTags.SackedRetrans))
        {
            if (segment.Has(SegmentTags.Lost)) // else both copies may be on their way
            {
                segment.Tags &= ~(SegmentTags.Lost | SegmentTags.SackedRetrans);
                _state.LostOut -= segment.Count;
                _state.RetransOut -= segment.Count;
            }
        }
        else
        {
            if (!segment.Has(SegmentTags.Retrans)) TagArrivedFirstTime(segment);
            if (segment.Has(SegmentTags.Lost))
            {
                segment.Tags &= ~SegmentTags.Lost;
                _state.LostOut -= segment.Count;
            }
        }

        segment.Tags |= SegmentTags.SackedAcked;
        _flag |= AckFlags.DataSacked;
        _state.SackedOut += segment.Count;
        _sackDelivered += segment.Count;
        _deliveredBytes += (uint)segment.Length;
    }

    private void TagArrivedFirstTime(TxSegment segment)
    {
        if (TcpSeq.Before(segment.Seq, HighestSackSeq) && TcpSeq.Before(segment.Seq, _sackReord)) _sackReord = segment.Seq;
        if (!TcpSeq.After(segment.EndSeq, _highSeq)) _flag |= AckFlags.OrigSackAcked;
        if (_firstSackUs == 0) _firstSackUs = segment.SentUs;
        _lastSackUs = segment.SentUs;
    }
}
