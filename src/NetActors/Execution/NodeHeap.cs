namespace NetActors.Execution;

/// <summary>
/// All nodes of a simulation in the order in which they can start: a binary heap that knows where each node is. Keys lie in the heap, so
/// that comparing touches no node.
/// </summary>
internal sealed class NodeHeap
{
    private Slot[] _slots = [];

    /// <summary>The node that can start first.</summary>
    public ExecutionNode First => _slots[0].Node;

    /// <summary>Adds a node with nothing to do.</summary>
    public void Add(ExecutionNode node)
    {
        node.HeapIndex = node.Order = _slots.Length;
        _slots = [.. _slots, new Slot(node)];
        Update(node);
    }

    /// <summary>When the first node other than <paramref name="node"/> can start.</summary>
    public long FirstOtherThan(ExecutionNode node)
    {
        var slots = _slots;
        if (!ReferenceEquals(slots[0].Node, node)) return slots[0].Time;
        if (slots.Length == 1) return long.MaxValue;
        var first = slots[1].Time;
        return slots.Length > 2 && slots[2].Time < first ? slots[2].Time : first;
    }

    /// <summary>Puts a node where its key belongs.</summary>
    public void Update(ExecutionNode node)
    {
        var slots = _slots;
        var slot = new Slot(node);
        var at = node.HeapIndex;
        while (at > 0)
        {
            var parent = (at - 1) >> 1;
            if (!slot.IsBefore(slots[parent])) break;
            Place(slots, at, slots[parent]);
            at = parent;
        }

        while (true)
        {
            var child = (at << 1) + 1;
            if (child >= slots.Length) break;
            if (child + 1 < slots.Length && slots[child + 1].IsBefore(slots[child])) child++;
            if (!slots[child].IsBefore(slot)) break;
            Place(slots, at, slots[child]);
            at = child;
        }

        Place(slots, at, slot);
    }

    private static void Place(Slot[] slots, int at, in Slot slot)
    {
        slots[at] = slot;
        slot.Node.HeapIndex = at;
    }

    /// <summary>A node with its key. A struct, since storing into an array of classes checks the type each time.</summary>
    private readonly struct Slot(ExecutionNode node)
    {
        public readonly long Time = node.KeyTime;
        public readonly ExecutionNode Node = node;
        private readonly long _sequence = node.KeySequence;

        public bool IsBefore(in Slot other) =>
            Time != other.Time ? Time < other.Time
            : _sequence != other._sequence ? _sequence < other._sequence
            : Node.Order < other.Node.Order;
    }
}
