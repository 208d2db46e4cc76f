namespace NetActors.Tcp;

/// <summary>
/// Segments sent and not acknowledged cumulatively, by sequence number (kernel: <c>tcp_rtx_queue</c>). They come at the end, go at the
/// head and are looked up by number; a split in the middle is rare, so an array that slides serves better than a tree.
/// </summary>
internal sealed class RetransmitQueue(TxSegmentPool pool)
{
    private const int LeastCapacity = 8;

    private TxSegment[] _items = [];
    private int _head;

    /// <summary>Segments in the queue.</summary>
    public int Count { get; private set; }

    /// <summary>The segment at <paramref name="index"/>, counted from the head.</summary>
    public TxSegment this[int index] => _items[_head + index];

    /// <summary>The oldest; null when empty.</summary>
    public TxSegment? First => Count == 0 ? null : _items[_head];

    /// <summary>The newest; null when empty.</summary>
    public TxSegment? Last => Count == 0 ? null : _items[_head + Count - 1];

    /// <summary>Adds at the end.</summary>
    public void Add(TxSegment segment)
    {
        MakeRoom();
        _items[_head + Count++] = segment;
    }

    /// <summary>Puts <paramref name="segment"/> at <paramref name="index"/>; those from there on move back.</summary>
    public void Insert(int index, TxSegment segment)
    {
        MakeRoom();
        Array.Copy(_items, _head + index, _items, _head + index + 1, Count - index);
        _items[_head + index] = segment;
        Count++;
    }

    /// <summary>Takes the oldest out.</summary>
    public void RemoveFirst()
    {
        _items[_head++] = null!;
        Count--;
        if (Count == 0) Rest();
    }

    /// <summary>Takes out the segment at <paramref name="index"/>.</summary>
    public void RemoveAt(int index)
    {
        Array.Copy(_items, _head + index + 1, _items, _head + index, Count - index - 1);
        _items[_head + --Count] = null!;
    }

    /// <summary>
    /// Where the segment with number <paramref name="seq"/> stands; -1 when none has it (kernel: <c>tcp_sacktag_bsearch</c>).
    /// </summary>
    public int IndexOf(uint seq)
    {
        var (low, high) = (0, Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var segment = _items[_head + middle];
            if (TcpSeq.Before(seq, segment.Seq)) high = middle - 1;
            else if (!TcpSeq.Before(seq, segment.EndSeq)) low = middle + 1;
            else return middle;
        }

        return -1;
    }

    private void Rest()
    {
        _head = 0;
        pool.ReturnArray(_items);
        _items = [];
    }

    private void MakeRoom()
    {
        if (_head + Count < _items.Length) return;
        if (Count <= _items.Length / 2 && _items.Length > 0)
        {
            Array.Copy(_items, _head, _items, 0, Count); // slides back to the begin
            Array.Clear(_items, Count, _items.Length - Count);
        }
        else
        {
            var larger = pool.RentArray(Math.Max(LeastCapacity, _items.Length * 2));
            Array.Copy(_items, _head, larger, 0, Count);
            Array.Clear(_items, _head, Count);
            pool.ReturnArray(_items);
            _items = larger;
        }

        _head = 0;
    }
}
