using NetActors.Headers;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>
/// A receiver that keeps what comes out of order and reports it (RFC 2018: the newest block first; RFC 2883 for duplicates).
/// </summary>
internal sealed class SackReceiver(uint first)
{
    private readonly List<SackBlock> _held = []; // the newest first

    internal uint RcvNxt { get; private set; } = first;

    /// <summary>Takes a range in and answers whether it came out of order, or was known.</summary>
    internal bool Receive(uint seq, uint end, out SackBlock duplicate)
    {
        duplicate = default;
        if (!TcpSeq.After(end, RcvNxt))
        {
            duplicate = new SackBlock(seq, end);
            return true;
        }

        if (!TcpSeq.After(seq, RcvNxt))
        {
            RcvNxt = end;
            TakeHeld();
            return _held.Count > 0;
        }

        foreach (var held in _held)
        {
            if (TcpSeq.Between(seq, held.Start, held.End) && TcpSeq.Between(end, held.Start, held.End)) duplicate = new SackBlock(seq, end);
        }

        Hold(new SackBlock(seq, end));
        return true;
    }

    internal TcpOptions Options(SackBlock duplicate, int most = 4)
    {
        var options = default(TcpOptions);
        if (duplicate != default) options.Sacks[options.SackCount++] = duplicate;
        for (var i = 0; i < _held.Count && options.SackCount < most; i++) options.Sacks[options.SackCount++] = _held[i];
        if (options.SackCount > 0) options.Present |= TcpOptionSet.Sack;
        return options;
    }

    private void Hold(SackBlock block)
    {
        for (var i = _held.Count - 1; i >= 0; i--)
        {
            var held = _held[i];
            if (TcpSeq.After(held.Start, block.End) || TcpSeq.Before(held.End, block.Start)) continue;
            var start = TcpSeq.Before(held.Start, block.Start) ? held.Start : block.Start;
            block = new SackBlock(start, TcpSeq.After(held.End, block.End) ? held.End : block.End);
            _held.RemoveAt(i);
        }

        _held.Insert(0, block);
    }

    private void TakeHeld()
    {
        for (var moved = true; moved;)
        {
            moved = false;
            for (var i = _held.Count - 1; i >= 0; i--)
            {
                if (TcpSeq.After(_held[i].Start, RcvNxt)) continue;
                if (TcpSeq.After(_held[i].End, RcvNxt)) RcvNxt = _held[i].End;
                _held.RemoveAt(i);
                moved = true;
            }
        }
    }
}
