namespace NetActors.Buffers;

/// <summary>
/// A queue of values that grows to what was needed once and allocates no more. Part of whoever has it, and not an object of its own: do not
/// copy it, and do not make it readonly.
/// </summary>
internal struct GrowingRing<T>
    where T : struct
{
    private T[]? _items; // none before the first entry
    private int _head;

    /// <summary>Entries.</summary>
    internal int Count { get; private set; }

    /// <summary>The entry <paramref name="index"/> behind the first.</summary>
    internal readonly ref T this[int index]
    {
        get
        {
            var items = _items!;
            return ref items[(_head + index) & (items.Length - 1)];
        }
    }

    /// <summary>The last entry; there must be one.</summary>
    internal readonly ref T Last => ref this[Count - 1];

    /// <summary>Appends an entry.</summary>
    internal ref T Add(in T item)
    {
        if (_items is null || Count == _items.Length) Grow();
        Count++;
        Last = item;
        return ref Last;
    }

    /// <summary>Takes the first entry out. False when there is none.</summary>
    internal bool TryTake(out T item)
    {
        if (Count == 0)
        {
            item = default;
            return false;
        }

        item = this[0];
        RemoveFirst();
        return true;
    }

    /// <summary>Removes the first entry.</summary>
    internal void RemoveFirst()
    {
        this[0] = default;
        _head = (_head + 1) & (_items!.Length - 1);
        Count--;
    }

    /// <summary>Removes all entries.</summary>
    internal void Clear()
    {
        if (_items is not null) Array.Clear(_items);
        (_head, Count) = (0, 0);
    }

    private void Grow()
    {
        var larger = new T[_items is null ? 1 : _items.Length * 2];
        for (var i = 0; i < Count; i++) larger[i] = this[i];
        (_items, _head) = (larger, 0);
    }
}
