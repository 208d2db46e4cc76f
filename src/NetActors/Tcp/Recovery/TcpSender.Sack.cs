using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>Reads SACK and D-SACK blocks (RFC 2018, RFC 2883; kernel: <c>tcp_sacktag_write_queue</c>, <c>tcp_check_dsack</c>).</summary>
public sealed partial class TcpSender
{
    private SackBlocks _blocks; // the valid blocks of the acknowledgement at hand, by number
    private SackBlocks _cache; // those of the last one (recv_sack_cache); an empty block is no block
    private int _dsackIndex; // where among them the first block stands; -1 when it is none
    private int _cacheIndex;
    private uint _highestSack; // number behind the highest segment that arrived selectively
    private long _firstSackUs, _lastSackUs;
    private uint _sackReord;
    private int _sackDelivered;
    private uint _deliveredBytes; // sack_state.delivered_bytes
    private uint _dsackDups;

    /// <summary>Number behind the highest data known to have arrived (kernel: <c>tcp_highest_sack_seq</c>).</summary>
    private uint HighestSackSeq => _state.SackedOut == 0 ? SndUna : _highestSack;

    /// <summary>Segments that D-SACKs reported as received twice (<c>tcpi_dsack_dups</c>).</summary>
    public uint DsackDups => _dsackDups;

    /// <summary>Whether the path was ever seen to reorder (<c>tcpi_reord_seen</c>).</summary>
    public uint ReordSeen { get; private set; }

    private void BeginSack() => (_firstSackUs, _lastSackUs, _sackDelivered, _deliveredBytes) = (0, 0, 0, 0);

    private void TagSacked(in AckInput ack, uint priorUna)
    {
        _sackReord = SndNxt;
        if (_state.SackedOut == 0) _highestSack = _queue.First?.Seq ?? SndUna;
        var isDsack = CheckDsack(ack, priorUna);
        if (TcpSeq.Before(ack.Ack, priorUna - MaxWindow) || _state.PacketsOut == 0) return;

        var used = CollectBlocks(ack, priorUna, isDsack);
        SortBlocks(used);
        _cacheIndex = 0;
        if (_state.SackedOut == 0) _cacheIndex = SackBlocks.Count;
        while (_cacheIndex < SackBlocks.Count && _cache[_cacheIndex] == default) _cacheIndex++;
        WalkBlocks(used, isDsack);

        for (var i = 0; i < SackBlocks.Count - used; i++) _cache[i] = default;
        for (var i = 0; i < used; i++) _cache[SackBlocks.Count - used + i] = _blocks[i];
        if (CaState != TcpCaState.Loss || _hasUndoMarker) CheckSackReordering(_sackReord, byTimestamp: false);
    }

    /// <summary>
    /// The first block reports data received twice when it lies below the acknowledgement or inside the second (RFC 2883).
    /// </summary>
    private bool CheckDsack(in AckInput ack, uint priorUna)
    {
        var first = ack.Options.Sacks[0];
        if (TcpSeq.Before(first.Start, ack.Ack))
        {
            Count(LinuxMib.TCPDSACKRecv);
        }
        else
        {
            if (ack.Options.SackCount < 2) return false;
            var second = ack.Options.Sacks[1];
            if (TcpSeq.After(first.End, second.End) || TcpSeq.Before(first.Start, second.Start)) return false;
            Count(LinuxMib.TCPDSACKOfoRecv);
        }

        var segments = SeeDsack(first);
        if (segments == 0)
        {
            Count(LinuxMib.TCPDSACKIgnoredDubious);
            return false;
        }

        Count(LinuxMib.TCPDSACKRecvSegs, segments);
        if (_hasUndoMarker && _undoRetrans > 0 && !TcpSeq.After(first.End, priorUna) && TcpSeq.After(first.End, _undoMarker))
            _undoRetrans = Math.Max(0, _undoRetrans - segments); // of data already forgotten: it can only be counted
        return true;
    }

    /// <summary>Segments that the receiver got twice; 0 when the block cannot be true (kernel: <c>tcp_dsack_seen</c>).</summary>
    private int SeeDsack(SackBlock block)
    {
        if (!TcpSeq.Before(block.Start, block.End)) return 0;
        var length = block.End - block.Start;
        if (length > MaxWindow) return 0;
        var segments = 1;
        if (length > Mss) segments = (int)((length + (uint)Mss - 1) / (uint)Mss);
        else if (_tlpHighSeq != 0 && _tlpHighSeq == block.End) _flag |= AckFlags.DsackTlp;

        _dsackDups += (uint)segments;
        if (_dsackDups > TotalRetrans) return 0; // more than was sent again: the network duplicated it
        if (ReordSeen != 0 && (_flag & AckFlags.DsackTlp) == 0) _rackDsackSeen = true;
        _flag |= AckFlags.DsackingAck;
        _sackDelivered += segments;
        return segments;
    }

    private int CollectBlocks(in AckInput ack, uint priorUna, bool isDsack)
    {
        var used = 0;
        _dsackIndex = 0;
        for (var i = 0; i < ack.Options.SackCount; i++)
        {
            var block = ack.Options.Sacks[i];
            var dsack = i == 0 && isDsack;
            if (!IsValid(block, dsack))
            {
                if (!CountInvalid(ack, block, dsack)) continue;
                if (i == 0) _dsackIndex = -1;
                continue;
            }

            if (!TcpSeq.After(block.End, priorUna)) // about data gone from the queue
            {
                if (i == 0) _dsackIndex = -1;
                continue;
            }

            _blocks[used++] = block;
        }

        return used;
    }

    /// <summary>Counts a block that is of no use; false for one that an overtaken acknowledgement explains.</summary>
    private bool CountInvalid(in AckInput ack, SackBlock block, bool dsack)
    {
        if (dsack)
        {
            Count(_hasUndoMarker ? LinuxMib.TCPDSACKIgnoredOld : LinuxMib.TCPDSACKIgnoredNoUndo);
            return true;
        }

        if (ack.Ack != SndUna && !TcpSeq.After(block.End, SndUna)) return false;
        Count(LinuxMib.TCPSACKDiscard);
        return true;
    }

    /// <summary>A block above SND.UNA that was sent, or a D-SACK of this recovery (kernel: <c>tcp_is_sackblock_valid</c>).</summary>
    private bool IsValid(SackBlock block, bool dsack)
    {
        if (TcpSeq.After(block.End, SndNxt) || !TcpSeq.Before(block.Start, block.End)) return false;
        if (!TcpSeq.Before(block.Start, SndNxt)) return false;
        if (TcpSeq.After(block.Start, SndUna)) return true;
        if (!dsack || !_hasUndoMarker) return false;
        if (TcpSeq.After(block.End, SndUna)) return false;
        if (!TcpSeq.Before(block.Start, _undoMarker)) return true;
        if (!TcpSeq.After(block.End, _undoMarker)) return false;
        return !TcpSeq.Before(block.Start, block.End - MaxWindow);
    }

    private void SortBlocks(int used)
    {
        for (var i = used - 1; i > 0; i--)
        {
            for (var j = 0; j < i; j++)
            {
                if (!TcpSeq.After(_blocks[j].Start, _blocks[j + 1].Start)) continue;
                (_blocks[j], _blocks[j + 1]) = (_blocks[j + 1], _blocks[j]);
                if (j == _dsackIndex) _dsackIndex = j + 1;
            }
        }
    }

    /// <summary>
    /// A segment arrived that was sent once and lies below what had arrived: the path reorders by so much (kernel:
    /// <c>tcp_check_sack_reordering</c>).
    /// </summary>
    private void CheckSackReordering(uint low, bool byTimestamp)
    {
        var high = HighestSackSeq;
        if (!TcpSeq.Before(low, high)) return;
        var metric = high - low;
        if (metric > (uint)(Reordering * Mss)) Reordering = (int)Math.Min((metric + (uint)Mss - 1) / (uint)Mss, _settings.MaxReordering);
        ReordSeen++;
        Count(byTimestamp ? LinuxMib.TCPTSReorder : LinuxMib.TCPSACKReorder);
    }
}
