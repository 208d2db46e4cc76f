namespace NetActors.Qdisc;

/// <summary>Things in the order of a time, equal times in the order in which they came: what the kernel keeps in an rb-tree.</summary>
internal sealed class TimedHeap<T>
    where T : class
{
    private (long Key, ulong Sequence, T Item)[] _items = new (long, ulong, T)[16];
    private ulong _sequence;

    /// <summary>How many.</summary>
    public int Count { get; private set; }

    /// <summary>The least time; <see cref="long.MaxValue"/> when empty.</summary>
    public long LeastKey => Count == 0 ? long.MaxValue : _items[0].Key;

    /// <summary>The first; null when empty.</summary>
    public T? First => Count == 0 ? null : _items[0].Item;

    public void Add(long key, T item)
    {
        if (Count == _items.Length) Array.Resize(ref _items, Count * 2);
        var entry = (key, ++_sequence, item);
        var slot = Count++;
        while (slot > 0 && Before(entry, _items[(slot - 1) / 2]))
        {
            _items[slot] = _items[(slot - 1) / 2];
            slot = (slot - 1) / 2;
        }

        _items[slot] = entry;
    }

    /// <summary>Takes the first; null when empty.</summary>
    public T? Take()
    {
        if (Count == 0) return null;
        var first = _items[0].Item;
        RemoveAt(0);
        return first;
    }

    /// <summary>Takes <paramref name="item"/> out, wherever it stands. False when it is not there.</summary>
    public bool Remove(T item)
    {
        for (var i = 0; i < Count; i++)
        {
            if (!ReferenceEquals(_items[i].Item, item)) continue;
            RemoveAt(i);
            return true;
        }

        return false;
    }

    private void RemoveAt(int slot)
    {
        var last = _items[--Count];
        _items[Count] = default;
        if (slot == Count) return;
        while (slot > 0 && Before(last, _items[(slot - 1) / 2]))
        {
            _items[slot] = _items[(slot - 1) / 2];
            slot = (slot - 1) / 2;
        }

        for (int child; (child = (slot * 2) + 1) < Count; slot = child)
        {
            if (child + 1 < Count && Before(_items[child + 1], _items[child])) child++;
            if (!Before(_items[child], last)) break;
            _items[slot] = _items[child];
        }

        _items[slot] = last;
    }

    private static bool Before(in (long Key, ulong Sequence, T Item) left, in (long Key, ulong Sequence, T Item) right) =>
        left.Key != right.Key ? left.Key < right.Key : left.Sequence < right.Sequence;
}
