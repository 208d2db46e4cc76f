namespace NetActors.Tests.Exactness;

/// <summary>What comes first among events of the same nanosecond.</summary>
internal enum EventKind
{
    /// <summary>A frame's last bit: whoever looks at that time finds it.</summary>
    Arrival,

    /// <summary>The card: timers, unmasking.</summary>
    Device,

    /// <summary>An interrupt reaches its CPU.</summary>
    Interrupt,

    /// <summary>A CPU goes on.</summary>
    Step,
}

/// <summary>The one queue of all events, and what has to do with order: whether it mattered between equals.</summary>
internal sealed class ReferenceEvents
{
    private readonly PriorityQueue<Action, (long Time, EventKind Kind, long Order)> _queue = new();
    private readonly Dictionary<object, (long Time, object Who)> _touched = new(ReferenceEqualityComparer.Instance);
    private long _order;

    public long Now { get; private set; }

    /// <summary>Times at which two different parties touched the same thing at the same nanosecond: their order is nobody's to say.</summary>
    public int Ties { get; private set; }

    /// <summary>Before the first frame everything begins at once, in the order of the tasks: no ties are counted.</summary>
    public long TiesCountFrom { get; set; }

    public void At(long time, EventKind kind, Action action)
    {
        if (time < Now) throw new InvalidOperationException("an event in the past");
        _queue.Enqueue(action, (time, kind, ++_order));
    }

    /// <summary><paramref name="who"/> reads or writes <paramref name="what"/>, which others may do too.</summary>
    public void Touch(object what, object who)
    {
        if (_touched.TryGetValue(what, out var last) && last.Time == Now && !ReferenceEquals(last.Who, who)) CountTie();
        _touched[what] = (Now, who);
    }

    public void CountTie()
    {
        if (Now >= TiesCountFrom) Ties++;
    }

    public void Run()
    {
        while (_queue.TryDequeue(out var action, out var at))
        {
            Now = at.Time;
            action();
        }
    }
}
