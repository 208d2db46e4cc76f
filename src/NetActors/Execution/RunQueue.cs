namespace NetActors.Execution;

/// <summary>
/// The messages of one context of one CPU, in order of (time, sequence). Nearly all come in order, so a new one is moved forward
/// from the tail; handing out the first costs nothing.
/// </summary>
internal sealed class RunQueue
{
    private RunEntry[] _entries = new RunEntry[16];
    private int _head;
    private int _mask = 15;

    /// <summary>Messages that wait.</summary>
    public int Count { get; private set; }

    /// <summary>The first message. Only when <see cref="Count"/> is not zero.</summary>
    public ref readonly RunEntry Head => ref _entries[_head & _mask];

    /// <summary>Adds a message at its place.</summary>
    public void Add(in RunEntry entry)
    {
        if (Count == _entries.Length) Grow();
        var at = _head + Count;
        Count++;
        while (at > _head)
        {
            ref var before = ref _entries[(at - 1) & _mask];
            if (before.IsBefore(entry)) break;
            _entries[at & _mask] = before;
            at--;
        }

        _entries[at & _mask] = entry;
    }

    /// <summary>Takes the first message out.</summary>
    public RunEntry Take()
    {
        ref var slot = ref _entries[_head & _mask];
        var entry = slot;
        slot = default;
        _head = (_head + 1) & _mask;
        Count--;
        return entry;
    }

    private void Grow()
    {
        var larger = new RunEntry[_entries.Length * 2];
        for (var i = 0; i < Count; i++) larger[i] = _entries[(_head + i) & _mask];
        (_entries, _head, _mask) = (larger, 0, larger.Length - 1);
    }
}
