using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>
/// The selective acknowledgements that we send (RFC 2018, RFC 2883; kernel: <c>selective_acks</c>, <c>duplicate_sack</c>): the block that
/// changed last comes first.
/// </summary>
internal sealed class TcpSackList
{
    private SackBlocks _blocks;

    /// <summary>Blocks in use (<c>num_sacks</c>).</summary>
    internal int Count { get; private set; }

    /// <summary>A D-SACK goes out with the next ACK (<c>dsack</c>).</summary>
    internal bool HasDuplicate { get; set; }

    /// <summary>The range that came twice.</summary>
    internal SackBlock Duplicate { get; private set; }

    /// <summary>The block at <paramref name="index"/>.</summary>
    internal SackBlock this[int index] => _blocks[index];

    /// <summary>Forgets everything (kernel: <c>tcp_sack_reset</c>).</summary>
    internal void Reset() => (Count, HasDuplicate) = (0, false);

    /// <summary>Begins with one block: the first segment above a hole.</summary>
    internal void Begin(uint seq, uint end) => (_blocks[0], Count) = (new SackBlock(seq, end), 1);

    /// <summary>A range came that was there (kernel: <c>tcp_dsack_set</c>).</summary>
    internal void SetDuplicate(uint seq, uint end, uint rcvNxt, MibSet mib)
    {
        mib.Add(TcpSeq.Before(seq, rcvNxt) ? LinuxMib.TCPDSACKOldSent : LinuxMib.TCPDSACKOfoSent);
        (HasDuplicate, Duplicate) = (true, new SackBlock(seq, end));
    }

    /// <summary>The same, when the segment overlapped with more than one range (kernel: <c>tcp_dsack_extend</c>).</summary>
    internal void ExtendDuplicate(uint seq, uint end, uint rcvNxt, MibSet mib)
    {
        if (!HasDuplicate) SetDuplicate(seq, end, rcvNxt, mib);
        else if (TryExtend(Duplicate, seq, end, out var extended)) Duplicate = extended;
    }

    /// <summary>
    /// This range will push others towards the end of the header, so compressed SACKs go out before it (kernel:
    /// <c>TCP_SACK_BLOCKS_EXPECTED</c>).
    /// </summary>
    internal bool PushesOthersOut(uint seq, uint end)
    {
        for (var i = 0; i < Count; i++)
        {
            if (TryExtend(_blocks[i], seq, end, out _)) return i >= 2;
        }

        return Count >= 2;
    }

    /// <summary>A segment was kept above a hole (kernel: <c>tcp_sack_new_ofo_skb</c>).</summary>
    internal void Add(uint seq, uint end)
    {
        for (var i = 0; i < Count; i++)
        {
            if (!TryExtend(_blocks[i], seq, end, out var extended)) continue;
            for (var at = i; at > 0; at--) _blocks[at] = _blocks[at - 1];
            _blocks[0] = extended;
            Coalesce();
            return;
        }

        if (Count < TcpConstants.NumSacks) Count++;
        for (var at = Count - 1; at > 0; at--) _blocks[at] = _blocks[at - 1];
        _blocks[0] = new SackBlock(seq, end);
    }

    /// <summary>What <paramref name="rcvNxt"/> has passed goes (kernel: <c>tcp_sack_remove</c>).</summary>
    internal void Remove(uint rcvNxt, bool nothingAbove)
    {
        if (nothingAbove) Count = 0;
        for (var i = 0; i < Count;)
        {
            if (TcpSeq.Before(rcvNxt, _blocks[i].Start)) i++;
            else RemoveAt(i);
        }
    }

    /// <summary>The end of the highest block; null without blocks (RFC 5961 errata: a RST there is taken).</summary>
    internal uint? Highest()
    {
        if (Count == 0) return null;
        var highest = _blocks[0].End;
        for (var i = 1; i < Count; i++)
        {
            if (TcpSeq.After(_blocks[i].End, highest)) highest = _blocks[i].End;
        }

        return highest;
    }

    /// <summary>
    /// Writes as many blocks as <paramref name="room"/> bytes take, the D-SACK first (kernel: <c>tcp_established_options</c>).
    /// </summary>
    internal void Fill(ref TcpOptions options, int room)
    {
        var wanted = Count + (HasDuplicate ? 1 : 0);
        var fits = Math.Min(wanted, Math.Min((room - 4) / 8, SackBlocks.Count));
        if (wanted == 0 || fits <= 0) return;
        options.Present |= TcpOptionSet.Sack;
        options.SackCount = (byte)fits;
        var at = 0;
        if (HasDuplicate) options.Sacks[at++] = Duplicate;
        for (var i = 0; at < fits; i++) options.Sacks[at++] = _blocks[i];
    }

    private static bool TryExtend(SackBlock block, uint seq, uint end, out SackBlock extended)
    {
        extended = block;
        if (TcpSeq.After(seq, block.End) || TcpSeq.After(block.Start, end)) return false;
        extended = new SackBlock(
            TcpSeq.Before(seq, block.Start) ? seq : block.Start, TcpSeq.After(end, block.End) ? end : block.End);
        return true;
    }

    private void Coalesce()
    {
        for (var i = 1; i < Count;)
        {
            if (!TryExtend(_blocks[0], _blocks[i].Start, _blocks[i].End, out var extended))
            {
                i++;
                continue;
            }

            _blocks[0] = extended;
            RemoveAt(i);
        }
    }

    private void RemoveAt(int index)
    {
        for (var at = index + 1; at < Count; at++) _blocks[at - 1] = _blocks[at];
        Count--;
    }
}
