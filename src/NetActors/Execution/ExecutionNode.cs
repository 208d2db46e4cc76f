namespace NetActors.Execution;

/// <summary>Something with a clock of its own that handles messages: an emulated CPU, or all devices together.</summary>
public abstract class ExecutionNode
{
    private protected ExecutionNode(ExecutionLayer layer) => Layer = layer;

    /// <summary>The simulation's execution layer.</summary>
    internal ExecutionLayer Layer { get; }

    /// <summary>When the node's next message can start; <see cref="long.MaxValue"/> when there is none.</summary>
    internal long KeyTime { get; private protected set; } = long.MaxValue;

    /// <summary>Breaks ties between nodes.</summary>
    internal long KeySequence { get; private protected set; } = long.MaxValue;

    /// <summary>Number of the node: the last resort among equals.</summary>
    internal int Order { get; set; }

    /// <summary>Place in the driver's heap.</summary>
    internal int HeapIndex { get; set; }

    /// <summary>The time that the next message sent is stamped with, if it is later than the node's own.</summary>
    internal long Stamp { get; set; } = long.MinValue;

    /// <summary>Messages sent so far; counted in real time only, where nodes share no counter.</summary>
    internal long Sent { get; set; }

    /// <summary>The node's local clock in nanoseconds.</summary>
    internal abstract long NowNanoseconds { get; }

    /// <summary>Works out anew when the next message can start.</summary>
    internal abstract void Refresh();

    /// <summary>Handles the one message (or piece of a burst) that is due first.</summary>
    internal abstract void RunOne();
}
