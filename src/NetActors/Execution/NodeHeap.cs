namespace NetActors.Execution;

/// <summary>All nodes of a simulation in the order in which they can start: a binary heap that knows where each node is.</summary>
internal sealed class NodeHeap
{
    private ExecutionNode[] _nodes = [];

    /// <summary>The node that can start first.</summary>
    public ExecutionNode First => _nodes[0];

    /// <summary>Adds a node with nothing to do.</summary>
    public void Add(ExecutionNode node)
    {
        node.HeapIndex = node.Order = _nodes.Length;
        _nodes = [.. _nodes, node];
        Update(node);
    }

    /// <summary>When the first node other than <paramref name="node"/> can start.</summary>
    public long FirstOtherThan(ExecutionNode node)
    {
        var nodes = _nodes;
        if (!ReferenceEquals(nodes[0], node)) return nodes[0].KeyTime;
        if (nodes.Length == 1) return long.MaxValue;
        var first = nodes[1].KeyTime;
        return nodes.Length > 2 && nodes[2].KeyTime < first ? nodes[2].KeyTime : first;
    }

    /// <summary>Puts a node where its key belongs.</summary>
    public void Update(ExecutionNode node)
    {
        var nodes = _nodes;
        var at = node.HeapIndex;
        while (at > 0)
        {
            var parent = (at - 1) >> 1;
            if (!node.IsBefore(nodes[parent])) break;
            Place(nodes, at, nodes[parent]);
            at = parent;
        }

        while (true)
        {
            var child = (at << 1) + 1;
            if (child >= nodes.Length) break;
            if (child + 1 < nodes.Length && nodes[child + 1].IsBefore(nodes[child])) child++;
            if (!nodes[child].IsBefore(node)) break;
            Place(nodes, at, nodes[child]);
            at = child;
        }

        Place(nodes, at, node);
    }

    private static void Place(ExecutionNode[] nodes, int at, ExecutionNode node)
    {
        nodes[at] = node;
        node.HeapIndex = at;
    }
}
