namespace NetActors.Time;

/// <summary>
/// Timers that expire at their nanosecond, for a host without a tick: a heap by (time, number of arming). Moving a pending timer to a
/// later time writes its time and leaves it where it is; the heap puts it right when it gets to the top. A connection that pushes its
/// retransmission timer out with every acknowledgement therefore pays for the heap about once a timeout.
/// </summary>
internal sealed class TimerHeap
{
    private const int Arity = 4;

    private Node[] _nodes = new Node[64];
    private ulong _armings;

    /// <summary>Timers pending.</summary>
    internal int Count { get; private set; }

    /// <summary>Nanosecond of the first timer; <see cref="long.MaxValue"/> when there is none.</summary>
    internal long NextExpiry
    {
        get
        {
            Settle();
            return Count == 0 ? long.MaxValue : _nodes[0].Due;
        }
    }

    internal void Arm(TimerEntry timer, long due)
    {
        (timer.Due, timer.Sequence) = (due, ++_armings);
        if (!timer.IsPending)
        {
            if (Count == _nodes.Length) Array.Resize(ref _nodes, Count * 2);
            timer.Slot = Count++;
        }
        else if (due >= _nodes[timer.Slot].Due)
        {
            return; // later: its place is a lower bound, which is all the heap needs
        }

        Up(timer.Slot, new Node(due, timer.Sequence, timer));
    }

    internal void Cancel(TimerEntry timer)
    {
        var hole = timer.Slot;
        timer.Slot = TimerEntry.NotPending;
        var last = _nodes[--Count];
        _nodes[Count] = default;
        if (hole == Count) return;
        if (hole > 0 && last.ComesBefore(_nodes[(hole - 1) / Arity])) Up(hole, last);
        else Down(hole, last);
    }

    internal int Expire(KernelTime now)
    {
        var before = _armings; // what a callback arms waits for the next call, so that one for "now" cannot run for ever
        var fired = 0;
        for (Settle(); Count > 0; Settle(), fired++)
        {
            var first = _nodes[0];
            if (first.Due > now.Nanoseconds || first.Sequence > before) break;
            Cancel(first.Timer);
            first.Timer.Fire(now);
        }

        return fired;
    }

    /// <summary>Moves timers whose time was put off away from the top.</summary>
    private void Settle()
    {
        while (Count > 0 && _nodes[0].Timer is var top && top.Sequence != _nodes[0].Sequence)
        {
            Down(0, new Node(top.Due, top.Sequence, top));
        }
    }

    private void Up(int slot, Node node)
    {
        while (slot > 0)
        {
            var parent = (slot - 1) / Arity;
            if (!node.ComesBefore(_nodes[parent])) break;
            Put(slot, _nodes[parent]);
            slot = parent;
        }

        Put(slot, node);
    }

    private void Down(int slot, Node node)
    {
        for (int child; (child = (slot * Arity) + 1) < Count; slot = child)
        {
            var end = Math.Min(child + Arity, Count);
            for (var other = child + 1; other < end; other++)
            {
                if (_nodes[other].ComesBefore(_nodes[child])) child = other;
            }

            if (!_nodes[child].ComesBefore(node)) break;
            Put(slot, _nodes[child]);
        }

        Put(slot, node);
    }

    private void Put(int slot, Node node)
    {
        _nodes[slot] = node;
        node.Timer.Slot = slot;
    }

    private readonly record struct Node(long Due, ulong Sequence, TimerEntry Timer)
    {
        internal bool ComesBefore(in Node other) => Due != other.Due ? Due < other.Due : Sequence < other.Sequence;
    }
}
