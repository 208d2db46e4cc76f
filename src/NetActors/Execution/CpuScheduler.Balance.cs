namespace NetActors.Execution;

/// <content>What other CPUs see of this one when they place and move tasks.</content>
public sealed partial class CpuScheduler
{
    private const int FullCapacity = 1024; // SCHED_CAPACITY_SCALE
    private const long AverageSpan = 46_000_000; // of a decay that halves in 32 ms, as PELT's does
    private const long UpdateAfter = 1_000_000;
    private WakeeFlips _idleFlips;
    private long _lastInterrupts;
    private long _lastUpdate;
    private long _interrupted; // share of FullCapacity, averaged

    /// <summary>The host's CPUs; null where tasks stay where they are.</summary>
    internal RootDomain? Domain { get; set; }

    internal EmulatedCpu Cpu => _cpu;

    /// <summary>Tasks that were sent here and have not been taken in (kernel: <c>ttwu_pending</c>).</summary>
    internal int Incoming { get; private set; }

    /// <summary>Nobody has the CPU or is about to (kernel: <c>idle_cpu</c>).</summary>
    internal bool IsIdle => Current is null && _runQueue.NrRunning == 0 && Incoming == 0;

    /// <summary>More is runnable here than one CPU runs.</summary>
    internal bool IsOverloaded => _runQueue.NrRunning > 1;

    /// <summary>Tasks that run, wait or are on their way (kernel: <c>nr_running</c>).</summary>
    internal int NrRunning => _runQueue.NrRunning + Incoming;

    /// <summary>Their weight (kernel: <c>cpu_load</c>).</summary>
    internal long Load => _runQueue.Weight + (Incoming * (long)SchedWeight.Nice0);

    /// <summary>Whom it has woken, for the task that has the CPU.</summary>
    internal ref WakeeFlips Flips
    {
        get
        {
            if (Current is null) return ref _idleFlips;
            return ref Current.Flips;
        }
    }

    /// <summary>What interrupts and softirqs leave of the CPU, of 1024, averaged (kernel: <c>capacity_of</c>, <c>scale_rt_capacity</c>).</summary>
    internal long CapacityAt(long now)
    {
        var passed = now - _lastUpdate;
        if (passed >= UpdateAfter)
        {
            ref readonly var times = ref _cpu.Times;
            var interrupts = times.HardIrq + times.Softirq;
            var share = Math.Clamp((interrupts - _lastInterrupts) * FullCapacity / passed, 0, FullCapacity);
            _interrupted += (share - _interrupted) * Math.Min(passed, AverageSpan) / AverageSpan;
            (_lastInterrupts, _lastUpdate) = (interrupts, now);
        }

        return Math.Max(1, FullCapacity - _interrupted);
    }

    /// <summary>A task that was woken would have the CPU at once (kernel: <c>wakeup_preempt</c>).</summary>
    internal bool WouldPreempt(TaskEntity task) => Current is null || _runQueue.WouldPreempt(task.Sched);

    /// <summary>A task is sent here, or has arrived.</summary>
    internal void Expect(int tasks)
    {
        Incoming += tasks;
        Changed();
    }

    /// <summary>
    /// A task that waits here, may run on <paramref name="to"/> and is not hot: has not run within the migration cost, nor later than
    /// <paramref name="now"/> (kernel: <c>task_hot</c>, <c>detach_one_task</c>).
    /// </summary>
    internal TaskEntity? FindMovable(EmulatedCpu to, long now, SchedParameters parameters)
    {
        for (var i = 0; i < _runQueue.Waiting; i++)
        {
            var task = (TaskEntity)_runQueue.WaitingAt(i).Owner;
            if (task.State != TaskState.Runnable || task.Allowed is not { Count: > 1 } allowed || !allowed.Contains(to.LocalId)) continue;
            if (task.QueuedAt > now || now - task.LastRan < parameters.MigrationCost.Nanoseconds) continue;
            return task;
        }

        return null;
    }

    private void Changed()
    {
        if (Domain is not { IsActive: true } domain) return;
        domain.Update(this);
        if (IsOverloaded) _cpu.Hooks?.OnOverload();
    }
}
