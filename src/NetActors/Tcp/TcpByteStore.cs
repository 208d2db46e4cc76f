namespace NetActors.Tcp;

/// <summary>
/// Payload bytes addressed by sequence number, in pages that are rented when written and returned when passed. Send and receive buffer
/// keep their bytes here, out-of-order ones in place; who holds which range is their business.
/// </summary>
internal sealed class TcpByteStore(TcpChunkPool pool)
{
    private const int Shift = 12; // of ChunkBytes
    private const int Mask = TcpChunkPool.ChunkBytes - 1;

    private byte[]?[] _chunks = [];
    private int _head; // index of the page that holds Base
    private int _offset; // of Base in that page
    private int _rented; // pages

    /// <summary>The first byte that may be here.</summary>
    internal uint Base { get; private set; }

    /// <summary>Gives all pages back and starts over at <paramref name="seq"/>.</summary>
    internal void Clear(uint seq)
    {
        for (var slot = _head; _rented > 0; slot = (slot + 1) & (_chunks.Length - 1)) Free(slot);
        (Base, _head, _offset) = (seq, 0, 0);
    }

    /// <summary>Writes bytes that begin at <paramref name="seq"/>, not before <see cref="Base"/>.</summary>
    internal void Write(uint seq, ReadOnlySpan<byte> bytes)
    {
        var at = Position(seq);
        Reserve(at + bytes.Length);
        while (bytes.Length > 0)
        {
            var part = Math.Min(bytes.Length, TcpChunkPool.ChunkBytes - (at & Mask));
            ref var chunk = ref _chunks[Slot(at)];
            if (chunk is null)
            {
                chunk = pool.Rent();
                _rented++;
            }

            bytes[..part].CopyTo(chunk.AsSpan(at & Mask));
            bytes = bytes[part..];
            at += part;
        }
    }

    /// <summary>Copies bytes that begin at <paramref name="seq"/>; they must have been written.</summary>
    internal void Read(uint seq, Span<byte> bytes)
    {
        var at = Position(seq);
        while (bytes.Length > 0)
        {
            var part = Math.Min(bytes.Length, TcpChunkPool.ChunkBytes - (at & Mask));
            _chunks[Slot(at)].AsSpan(at & Mask, part).CopyTo(bytes);
            bytes = bytes[part..];
            at += part;
        }
    }

    /// <summary>Everything before <paramref name="seq"/> is done with.</summary>
    internal void Trim(uint seq)
    {
        var at = Position(seq);
        for (var pages = at >> Shift; pages > 0; pages--)
        {
            if (_chunks.Length == 0) break;
            Free(_head);
            _head = (_head + 1) & (_chunks.Length - 1);
        }

        (Base, _offset) = (seq, at & Mask);
    }

    private int Position(uint seq) => (int)(seq - Base) + _offset;

    private int Slot(int position) => (_head + (position >> Shift)) & (_chunks.Length - 1);

    private void Reserve(int end)
    {
        var pages = (end + Mask) >> Shift;
        if (pages <= _chunks.Length) return;
        var larger = new byte[]?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)pages)];
        for (var i = 0; i < _chunks.Length; i++) larger[i] = _chunks[(_head + i) & (_chunks.Length - 1)];
        (_chunks, _head) = (larger, 0);
    }

    private void Free(int slot)
    {
        if (_chunks[slot] is not { } chunk) return;
        pool.Return(chunk);
        _chunks[slot] = null;
        _rented--;
    }
}
