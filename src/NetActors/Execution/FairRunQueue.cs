using NetActors.Time;

namespace NetActors.Execution;

/// <summary>
/// Who runs on one CPU when neither interrupts nor softirqs do: the completely fair scheduler (kernel: <c>struct cfs_rq</c>,
/// kernel/sched/fair.c up to 6.5; later kernels pick by deadline, EEVDF, which shares alike). Pure: the caller runs the picked
/// entity, says with <see cref="Account"/> how long, and picks again at <see cref="SliceEnd"/> or when <see cref="ShouldResched"/>.
/// Unlike a kernel without <c>HRTICK</c> the slice ends at its nanosecond; round it with <see cref="Jiffies.RoundUp"/> to have the tick.
/// </summary>
/// <param name="parameters">Latency and granularities.</param>
public sealed class FairRunQueue(SchedParameters parameters)
{
    private readonly SchedHeap _waiting = new();
    private long _weight; // of all runnable entities, the current one too
    private long _sliceRun; // what the current entity ran since it was picked
    private ulong _queueings;

    /// <summary>The entity that runs; null when the CPU is idle (kernel: <c>cfs_rq-&gt;curr</c>).</summary>
    public SchedEntity? Current { get; private set; }

    /// <summary>Runnable entities, the current one too (kernel: <c>nr_running</c>).</summary>
    public int NrRunning => _waiting.Count + (Current is null ? 0 : 1);

    /// <summary>Weight of all that is runnable (kernel: <c>cfs_rq-&gt;load</c>).</summary>
    public long Weight => _weight;

    /// <summary>Entities that wait.</summary>
    internal int Waiting => _waiting.Count;

    /// <summary>One of those that wait, in the order of a heap: the first is next.</summary>
    internal SchedEntity WaitingAt(int index) => _waiting[index];

    /// <summary>Where newcomers and sleepers are placed; never goes back (kernel: <c>min_vruntime</c>).</summary>
    public long MinVruntime { get; private set; }

    /// <summary>The current entity has to make room (kernel: <c>TIF_NEED_RESCHED</c>).</summary>
    public bool ShouldResched { get; private set; }

    /// <summary>What is left of the current entity's slice; <see cref="KernelTime.Never"/> when it has no rival.</summary>
    public KernelTime SliceLeft =>
        Current is null || _waiting.Count == 0 ? KernelTime.Never : new(Math.Max(0, Slice(Current) - _sliceRun));

    /// <summary>When the slice ends if nothing interrupts it; <see cref="KernelTime.Never"/> without a rival.</summary>
    public KernelTime SliceEnd(KernelTime now) => now + SliceLeft;

    /// <summary>
    /// <paramref name="entity"/> woke up (kernel: <c>enqueue_task_fair</c>, <c>place_entity</c>, <c>check_preempt_wakeup</c>). It comes
    /// back with its old virtual time, but at most half a latency behind the others: sleep is not saved up.
    /// </summary>
    /// <returns>True when it shall preempt the current one, or the CPU was idle; <see cref="ShouldResched"/> is then set.</returns>
    public bool Wake(SchedEntity entity)
    {
        var credit = parameters.Latency.Nanoseconds / (parameters.GentleFairSleepers ? 2 : 1);
        return Enter(entity, entity.Home is null ? MinVruntime : Math.Max(Arrive(entity), MinVruntime - credit));
    }

    /// <summary>Whether <see cref="Wake"/> would have the current one make room.</summary>
    public bool WouldPreempt(SchedEntity entity)
    {
        if (Current is null) return true;
        var credit = parameters.Latency.Nanoseconds / (parameters.GentleFairSleepers ? 2 : 1);
        var vruntime = entity.Home is null ? MinVruntime : Math.Max(Arrive(entity), MinVruntime - credit);
        return Current.Vruntime - vruntime > entity.DeltaFair(parameters.WakeupGranularity.Nanoseconds);
    }

    /// <summary>
    /// A new <paramref name="entity"/> starts; it waits for its turn once (kernel: <c>task_fork_fair</c>, <c>START_DEBIT</c>).
    /// </summary>
    /// <returns>True when the CPU was idle.</returns>
    public bool Start(SchedEntity entity) =>
        Enter(entity, MinVruntime + entity.DeltaFair(Share(entity, NrRunning + 1, _weight + entity.Weight)));

    /// <summary>
    /// <paramref name="entity"/>, running or waiting, goes to sleep or to another CPU (kernel: <c>dequeue_task_fair</c>). After the
    /// current one <see cref="PickNext"/> is due.
    /// </summary>
    public void Dequeue(SchedEntity entity)
    {
        if (!entity.IsRunnable || entity.Home != this) throw new InvalidOperationException("the entity is not runnable on this CPU");
        entity.IsRunnable = false;
        _weight -= entity.Weight;
        if (entity == Current) (Current, ShouldResched) = (null, _waiting.Count > 0);
        else _waiting.Remove(entity);
        UpdateMinVruntime();
    }

    /// <summary>
    /// Puts the current entity back in line and takes the one with the least virtual time, ties in the order of queueing; null when none
    /// is runnable (kernel: <c>pick_next_task_fair</c>). A new slice begins.
    /// </summary>
    public SchedEntity? PickNext()
    {
        if (Current is { } previous) Queue(previous);
        Current = _waiting.Leftmost;
        if (Current is not null) _waiting.Remove(Current);
        (_sliceRun, ShouldResched) = (0, false);
        return Current;
    }

    /// <summary>
    /// <paramref name="entity"/> ran for <paramref name="nanoseconds"/>; time taken by interrupts is nobody's (kernel: <c>update_curr</c>,
    /// <c>check_preempt_tick</c>).
    /// </summary>
    public void Account(SchedEntity entity, long nanoseconds)
    {
        entity.SumExecRuntime += nanoseconds;
        entity.Vruntime += entity.DeltaFair(nanoseconds);
        if (entity == Current)
        {
            _sliceRun += nanoseconds;
            ShouldResched |= _waiting.Leftmost is { } rival && IsOver(entity, rival);
        }
        else if (entity.Slot != SchedEntity.NotQueued)
        {
            _waiting.Moved(entity);
        }

        UpdateMinVruntime();
    }

    private bool IsOver(SchedEntity current, SchedEntity rival)
    {
        var slice = Slice(current);
        if (_sliceRun >= slice) return true;
        return _sliceRun >= parameters.MinGranularity.Nanoseconds && current.Vruntime - rival.Vruntime > slice;
    }

    private bool Enter(SchedEntity entity, long vruntime)
    {
        if (entity.IsRunnable) throw new InvalidOperationException("the entity is runnable already");
        (entity.Vruntime, entity.Home, entity.IsRunnable) = (vruntime, this, true);
        _weight += entity.Weight;
        Queue(entity);
        UpdateMinVruntime();
        var preempts = Current is null || Current.Vruntime - vruntime > entity.DeltaFair(parameters.WakeupGranularity.Nanoseconds);
        ShouldResched |= preempts;
        return preempts;
    }

    /// <summary>Its virtual time in terms of this queue (kernel: <c>migrate_task_rq_fair</c>).</summary>
    private long Arrive(SchedEntity entity) =>
        entity.Home == this ? entity.Vruntime : entity.Vruntime - entity.Home!.MinVruntime + MinVruntime;

    private void Queue(SchedEntity entity)
    {
        entity.Sequence = ++_queueings;
        _waiting.Add(entity);
    }

    private long Slice(SchedEntity entity) => Share(entity, NrRunning, _weight);

    private long Share(SchedEntity entity, long running, long weight)
    {
        var period = running > parameters.NrLatency ? running * parameters.MinGranularity.Nanoseconds : parameters.Latency.Nanoseconds;
        return (long)((Int128)period * entity.Weight / weight);
    }

    private void UpdateMinVruntime()
    {
        var least = (Current, _waiting.Leftmost) switch
        {
            ({ } current, { } left) => Math.Min(current.Vruntime, left.Vruntime),
            ({ } current, null) => current.Vruntime,
            (null, { } left) => left.Vruntime,
            _ => MinVruntime,
        };
        MinVruntime = Math.Max(MinVruntime, least);
    }
}
