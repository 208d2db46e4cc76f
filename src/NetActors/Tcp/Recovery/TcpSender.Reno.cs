using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>Without SACK duplicate acknowledgements stand for segments that arrived (RFC 6582; kernel: <c>tcp_add_reno_sack</c>).</summary>
public sealed partial class TcpSender
{
    private void AddRenoSacks(int duplicates)
    {
        if (duplicates == 0) return;
        var prior = _state.SackedOut;
        _state.SackedOut += duplicates;
        CheckRenoReordering(0);
        if (_state.SackedOut > prior) AddDelivered(_state.SackedOut - prior);
    }

    /// <summary>An acknowledgement of <paramref name="acked"/> segments covers the hole and what the duplicates stood for.</summary>
    private void RemoveRenoSacks(int acked)
    {
        if (acked > 0)
        {
            AddDelivered(Math.Max(acked - _state.SackedOut, 1)); // the rest was counted with its duplicates
            _state.SackedOut = acked - 1 >= _state.SackedOut ? 0 : _state.SackedOut - (acked - 1);
        }

        CheckRenoReordering(acked);
    }

    /// <summary>More duplicates than segments above the holes: the path reorders or duplicates.</summary>
    private void CheckRenoReordering(int acked)
    {
        if (!LimitRenoSacked()) return;
        Reordering = Math.Min(_state.PacketsOut + acked, _settings.MaxReordering);
        ReordSeen++;
        Count(LinuxMib.TCPRenoReorder);
    }

    private bool LimitRenoSacked()
    {
        var holes = Math.Min(Math.Max(_state.LostOut, 1), _state.PacketsOut);
        if (_state.SackedOut + holes <= _state.PacketsOut) return false;
        _state.SackedOut = _state.PacketsOut - holes;
        return true;
    }

    /// <summary>
    /// The first segment is lost after enough duplicates, or by a partial acknowledgement (kernel: <c>tcp_newreno_mark_lost</c>).
    /// </summary>
    private void MarkRenoLost(bool advanced)
    {
        if (!(CaState < TcpCaState.Recovery && _state.SackedOut >= Reordering) && !(CaState == TcpCaState.Recovery && advanced)) return;
        var head = _queue[0];
        if (head.Has(SegmentTags.Lost)) return;
        if (head.Count > 1 && head.Length > head.SegmentSize) Split(0, head.SegmentSize, head.SegmentSize);
        MarkLost(head);
    }
}
