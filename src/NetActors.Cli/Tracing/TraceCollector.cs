using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Cli.Tracing;

/// <summary>
/// Keeps the first events that a filter lets through, within a span of time, and with them the switch that says which task ran
/// then. Bounded: when it is full, the run need not go on.
/// </summary>
internal sealed class TraceCollector(TraceFilter filter, KernelTime from, KernelTime to, int limit) : ITraceSink
{
    private readonly List<TraceEvent> _events = [];
    private readonly Dictionary<(ushort Host, short Cpu), TraceEvent> _switches = [];

    /// <summary>What was kept, switches included.</summary>
    public IReadOnlyCollection<TraceEvent> Events => _events;

    /// <summary>Events that the filter let through.</summary>
    public int Kept { get; private set; }

    /// <summary>There is no room for more.</summary>
    public bool IsFull => Kept >= limit;

    /// <summary>The packet that is looked for has reached its end.</summary>
    public bool SawEnd { get; private set; }

    /// <inheritdoc />
    public void Emit(in TraceEvent e)
    {
        if (IsFull || e.Time > to) return;
        var wanted = e.Time >= from && filter.Matches(e);
        if (e.Point == TracePoint.sched_switch && !wanted) _switches[(e.Host, e.Cpu)] = e;
        if (!wanted) return;
        if (_switches.Remove((e.Host, e.Cpu), out var running)) _events.Add(running);
        _events.Add(e);
        Kept++;
        SawEnd |= e.Point is TracePoint.consume_skb or TracePoint.kfree_skb or TracePoint.skb_copy_datagram_iovec;
    }
}
