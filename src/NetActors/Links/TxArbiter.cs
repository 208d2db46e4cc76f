using NetActors.Nic;
using NetActors.Time;

namespace NetActors.Links;

/// <summary>Which of a card's transmit queues sends its next frame: those that have one take turns, frame by frame.</summary>
internal sealed class TxArbiter(TxQueue[] queues)
{
    private readonly Queue<int> _turns = new(queues.Length);
    private readonly bool[] _takesPart = new bool[queues.Length];

    /// <summary>When the earliest frame of those that take part is there; <see cref="KernelTime.Never"/> when none does.</summary>
    public KernelTime Next
    {
        get
        {
            var next = KernelTime.Never;
            foreach (var queue in _turns) next = KernelTime.Min(next, queues[queue].NextFetch);
            return next;
        }
    }

    /// <summary>A queue has rung: it takes part until it is empty.</summary>
    public void Ring(int queue)
    {
        if (_takesPart[queue]) return;
        _takesPart[queue] = true;
        _turns.Enqueue(queue);
    }

    /// <summary>The next frame that is there at <paramref name="now"/>.</summary>
    public bool TryFetch(KernelTime now, out WireFrame frame, out int queue)
    {
        for (var left = _turns.Count; left > 0; left--)
        {
            queue = _turns.Dequeue();
            if (queues[queue].TryFetch(now, out frame) || Stays(queue, now, out frame)) _turns.Enqueue(queue);
            else _takesPart[queue] = false;
            if (frame.Buffer is not null) return true;
        }

        (frame, queue) = (default, -1);
        return false;
    }

    /// <summary>An empty queue leaves, and rings when it has something again; what was posted at this moment is still seen here.</summary>
    private bool Stays(int queue, KernelTime now, out WireFrame frame)
    {
        queues[queue].Answer();
        var isThere = queues[queue].TryFetch(now, out frame);
        if (!isThere && queues[queue].NextFetch.IsNever) return false;
        queues[queue].Defer();
        return true;
    }
}
