namespace NetActors.Execution;

/// <summary>Messages that may be due at any time, in order of (time, sequence): a four-way heap, for the devices' future.</summary>
internal sealed class EventHeap
{
    private RunEntry[] _entries = new RunEntry[64];

    /// <summary>Messages that wait.</summary>
    public int Count { get; private set; }

    /// <summary>The first message. Only when <see cref="Count"/> is not zero.</summary>
    public ref readonly RunEntry Head => ref _entries[0];

    /// <summary>Adds a message.</summary>
    public void Add(in RunEntry entry)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) >> 2;
            if (_entries[parent].IsBefore(entry)) break;
            _entries[at] = _entries[parent];
            at = parent;
        }

        _entries[at] = entry;
    }

    /// <summary>Takes the first message out.</summary>
    public RunEntry Take()
    {
        var first = _entries[0];
        var last = _entries[--Count];
        _entries[Count] = default;
        if (Count == 0) return first;
        var at = 0;
        while (true)
        {
            var child = (at << 2) + 1;
            if (child >= Count) break;
            var least = child;
            var end = Math.Min(child + 4, Count);
            for (var i = child + 1; i < end; i++)
            {
                if (_entries[i].IsBefore(_entries[least])) least = i;
            }

            if (last.IsBefore(_entries[least])) break;
            _entries[at] = _entries[least];
            at = least;
        }

        _entries[at] = last;
        return first;
    }
}
