namespace NetActors.Execution;

/// <summary>All hardware and the outside world: handles its messages at their times and takes no CPU time.</summary>
internal sealed class DeviceContext(ExecutionLayer layer) : ExecutionNode(layer)
{
    private readonly EventHeap _events = new();
    private long _now;

    internal override long NowNanoseconds => _now;

    /// <summary>Messages that wait, the future's included.</summary>
    internal int Count => _events.Count;

    internal void Add(in RunEntry entry) => _events.Add(entry);

    /// <inheritdoc />
    internal override void Refresh()
    {
        if (_events.Count == 0)
        {
            (KeyTime, KeySequence) = (long.MaxValue, long.MaxValue);
            return;
        }

        ref readonly var head = ref _events.Head;
        (KeyTime, KeySequence) = (head.Time, head.Sequence);
    }

    /// <inheritdoc />
    internal override void RunOne()
    {
        var entry = _events.Take();
        _now = Layer.IsVirtual ? Math.Max(_now, entry.Time) : Layer.RealNow();
        entry.Queue.Run(entry);
    }
}
