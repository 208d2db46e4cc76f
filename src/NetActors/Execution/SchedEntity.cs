namespace NetActors.Execution;

/// <summary>
/// Something that competes for a CPU: an application task or ksoftirqd, which is an ordinary one of nice 0 (kernel: <c>struct
/// sched_entity</c>).
/// </summary>
/// <param name="owner">What the scheduler's user runs when this is picked.</param>
/// <param name="nice">From -20 (most CPU time) to 19.</param>
public sealed class SchedEntity(object owner, int nice = 0)
{
    internal const int NotQueued = -1;

    /// <summary>What runs when this is picked.</summary>
    public object Owner { get; } = owner;

    /// <summary>From -20 (most CPU time) to 19.</summary>
    public int Nice { get; } = Math.Clamp(nice, -20, 19);

    /// <summary>Its share against the others' (kernel: <c>load.weight</c>).</summary>
    public int Weight { get; } = SchedWeight.OfNice(nice);

    /// <summary>Nanoseconds that it ran, ever (kernel: <c>sum_exec_runtime</c>).</summary>
    public long SumExecRuntime { get; internal set; }

    /// <summary>Nanoseconds that it ran, weighted: who has the least runs next (kernel: <c>vruntime</c>).</summary>
    public long Vruntime { get; internal set; }

    /// <summary>Runs or wants to (kernel: <c>on_rq</c>).</summary>
    public bool IsRunnable { get; internal set; }

    /// <summary>The queue it was last on: virtual times of two CPUs cannot be compared.</summary>
    internal FairRunQueue? Home { get; set; }

    /// <summary>Place in the heap; <see cref="NotQueued"/> while running or asleep.</summary>
    internal int Slot { get; set; } = NotQueued;

    /// <summary>Number of its last queueing: breaks ties.</summary>
    internal ulong Sequence { get; set; }

    /// <summary>A span of real time in this entity's virtual time (kernel: <c>calc_delta_fair</c>).</summary>
    internal long DeltaFair(long nanoseconds) =>
        Weight == SchedWeight.Nice0 ? nanoseconds : (long)((Int128)nanoseconds * SchedWeight.Nice0 / Weight);

    internal bool RunsBefore(SchedEntity other)
    {
        var difference = Vruntime - other.Vruntime; // may wrap, as the kernel's does
        return difference != 0 ? difference < 0 : Sequence < other.Sequence;
    }
}
