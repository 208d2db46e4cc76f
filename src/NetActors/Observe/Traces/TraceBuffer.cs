namespace NetActors.Observe;

/// <summary>
/// Keeps the latest events in a ring of fixed size; older ones are overwritten and counted, as ftrace does by default. Allocates once.
/// Belongs to one thread: under the virtual clock one buffer takes all events, under the real one each CPU has its own.
/// </summary>
public sealed class TraceBuffer : ITraceSink
{
    private readonly TraceEvent[] _ring;
    private readonly TraceFilter? _filter;
    private long _written;

    /// <summary>A ring of <paramref name="capacity"/> events; keeps what <paramref name="filter"/> lets through, all without one.</summary>
    public TraceBuffer(int capacity, TraceFilter? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _ring = new TraceEvent[capacity];
        _filter = filter;
    }

    /// <summary>Events in the ring.</summary>
    public int Count => (int)Math.Min(_written, _ring.Length);

    /// <summary>Events written so far, overwritten ones included.</summary>
    public long Written => _written;

    /// <summary>Events lost since newer ones took their place (ftrace: <c>overrun</c>).</summary>
    public long Overwritten => _written - Count;

    /// <inheritdoc />
    public void Emit(in TraceEvent e)
    {
        if (_filter is not null && !_filter.Matches(e)) return;
        _ring[_written++ % _ring.Length] = e;
    }

    /// <summary>The events, oldest first; copies them.</summary>
    public TraceEvent[] ToArray()
    {
        var events = new TraceEvent[Count];
        for (var i = 0; i < events.Length; i++) events[i] = _ring[(Overwritten + i) % _ring.Length];
        return events;
    }
}
