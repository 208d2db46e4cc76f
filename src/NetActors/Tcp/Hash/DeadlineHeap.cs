using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// Many small entries by when they are due, ties in the order of their arming, so that a table of them needs one timer. Arming at the
/// end, as TIME_WAIT does, takes no step through the heap.
/// </summary>
internal sealed class DeadlineHeap<T>
    where T : class, IDeadlineEntry
{
    private const int Arity = 4;

    private Node[] _nodes = new Node[16];
    private ulong _armings;

    /// <summary>Entries.</summary>
    internal int Count { get; private set; }

    /// <summary>When the first is due; <see cref="KernelTime.Never"/> when there is none.</summary>
    internal KernelTime Next => Count == 0 ? KernelTime.Never : new KernelTime(_nodes[0].Due);

    /// <summary>Puts an entry in, or moves it.</summary>
    internal void Arm(T entry, KernelTime due)
    {
        var node = new Node(due.Nanoseconds, ++_armings, entry);
        if (entry.HeapSlot < 0)
        {
            if (Count == _nodes.Length) Array.Resize(ref _nodes, Count * 2);
            Up(Count++, node);
        }
        else
        {
            Put(node, entry.HeapSlot);
        }
    }

    /// <summary>Takes an entry out; nothing when it is not in.</summary>
    internal void Cancel(T entry)
    {
        var hole = entry.HeapSlot;
        if (hole < 0) return;
        entry.HeapSlot = -1;
        var last = _nodes[--Count];
        _nodes[Count] = default;
        if (hole < Count) Put(last, hole);
    }

    /// <summary>Takes the first entry out when it is due.</summary>
    internal bool TryTake(KernelTime now, out T entry)
    {
        entry = Count == 0 ? null! : _nodes[0].Entry;
        if (Count == 0 || _nodes[0].Due > now.Nanoseconds) return false;
        Cancel(entry);
        return true;
    }

    private void Put(Node node, int slot)
    {
        if (slot > 0 && node.ComesBefore(_nodes[(slot - 1) / Arity])) Up(slot, node);
        else Down(slot, node);
    }

    private void Up(int slot, Node node)
    {
        while (slot > 0)
        {
            var parent = (slot - 1) / Arity;
            if (!node.ComesBefore(_nodes[parent])) break;
            Set(slot, _nodes[parent]);
            slot = parent;
        }

        Set(slot, node);
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
            Set(slot, _nodes[child]);
        }

        Set(slot, node);
    }

    private void Set(int slot, Node node)
    {
        _nodes[slot] = node;
        node.Entry.HeapSlot = slot;
    }

    private readonly record struct Node(long Due, ulong Sequence, T Entry)
    {
        internal bool ComesBefore(in Node other) => Due != other.Due ? Due < other.Due : Sequence < other.Sequence;
    }
}
