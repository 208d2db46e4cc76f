using Akka.Actor;
using NetActors.Costs;

namespace NetActors.Execution;

/// <summary>
/// One CPU's task scheduler (kernel: <c>__schedule</c>, <c>try_to_wake_up</c>): which task has the CPU, what is left of its burst, who
/// waits. Interrupts and softirqs split a burst as they come, without this class knowing of them.
/// </summary>
public sealed class CpuScheduler
{
    private readonly EmulatedCpu _cpu;
    private readonly FairRunQueue _waiting = new();
    private long _sliceEnd;

    internal CpuScheduler(EmulatedCpu cpu) => _cpu = cpu;

    /// <summary>The task that has the CPU; null when it is idle.</summary>
    public TaskEntity? Current { get; private set; }

    /// <summary>A better task waits, or the current one sleeps (kernel: <c>TIF_NEED_RESCHED</c>).</summary>
    public bool NeedResched { get; private set; }

    /// <summary>Tasks that wait for the CPU.</summary>
    public int WaitingTasks => _waiting.Count;

    /// <summary>Context switches (kernel: <c>nr_switches</c>).</summary>
    public long Switches { get; private set; }

    /// <summary>Puts the current task to sleep until a wakeup: what a blocking call does.</summary>
    public void BlockCurrent()
    {
        if (Current is null) throw new InvalidOperationException("only a task can sleep");
        Current.State = TaskState.Sleeping;
        NeedResched = true;
    }

    /// <summary>The current task ended.</summary>
    public void ExitCurrent()
    {
        if (Current is null) return;
        Current.State = TaskState.Dead;
        NeedResched = true;
    }

    /// <summary>Gives the current task <paramref name="nanoseconds"/> of user time; afterwards its actor gets <paramref name="done"/>.</summary>
    public void StartBurst(long nanoseconds, object done)
    {
        var task = Current ?? throw new InvalidOperationException("only a task has user time");
        task.Burst = nanoseconds;
        task.BurstDone = done;
        if (nanoseconds <= 0) EndBurst(task);
    }

    /// <summary>Lets another task run if one waits (kernel: <c>cond_resched</c>, <c>sched_yield</c>).</summary>
    public void Yield()
    {
        if (_waiting.Count > 0) NeedResched = true;
    }

    /// <summary>Makes a sleeping task run on this CPU (kernel: <c>ttwu_do_activate</c>). On this CPU only.</summary>
    public void Activate(TaskEntity task)
    {
        task.Cpu = _cpu;
        if (ReferenceEquals(Current, task))
        {
            task.State = TaskState.Running; // had not left the CPU yet
            return;
        }

        task.State = TaskState.Runnable;
        _waiting.Enqueue(task.Sched, wakeup: true);
        if (Current is null || _waiting.WakeupPreempts(Current.Sched, task.Sched)) NeedResched = true;
    }

    /// <summary>When something happens at task level, if nothing interrupts; <see cref="long.MaxValue"/> for an idle CPU.</summary>
    internal long NextTime(long now)
    {
        if (NeedResched || (Current is null && _waiting.Count > 0)) return now;
        if (Current is null) return long.MaxValue;
        if (Current.Burst > 0)
        {
            var end = now + Current.Burst;
            return _waiting.Count > 0 && _sliceEnd < end ? Math.Max(_sliceEnd, now) : end;
        }

        return Current.Pending.Count > 0 ? Math.Max(now, Current.Pending.Head.Time) : long.MaxValue;
    }

    /// <summary>Order of what <see cref="NextTime"/> says among others of the same time.</summary>
    internal long NextSequence => Current is { Burst: 0, Pending.Count: > 0 } && !NeedResched ? Current.Pending.Head.Sequence : long.MaxValue - 1;

    /// <summary>Time passes without a message: it belongs to the burst, to a task that waits inside the kernel, or to nobody.</summary>
    internal void Pass(long nanoseconds, ref CpuTimes times)
    {
        if (Current is null)
        {
            times.Idle += nanoseconds;
            return;
        }

        if (Current.Burst > 0)
        {
            var used = Math.Min(nanoseconds, Current.Burst);
            Current.Burst -= used;
            times.User += used;
            times.System += nanoseconds - used;
        }
        else
        {
            times.System += nanoseconds;
        }

        _waiting.Account(Current.Sched, nanoseconds);
    }

    /// <summary>Time that a handler charged in the task's name.</summary>
    internal void Account(long nanoseconds)
    {
        if (Current is not null) _waiting.Account(Current.Sched, nanoseconds);
    }

    /// <summary>Does what is due at task level now: a switch, the end of a burst or slice, or one message of the current task.</summary>
    internal void Step(long now)
    {
        if (NeedResched || Current is null)
        {
            Schedule();
        }
        else if (Current.BurstDone is not null)
        {
            if (Current.Burst <= 0) EndBurst(Current);
            else if (_waiting.Count > 0 && now >= _sliceEnd) NeedResched = true;
        }
        else if (Current.Pending.Count > 0)
        {
            _cpu.Handle(Current.Pending.Take(), CpuContext.Task);
        }
    }

    private static void EndBurst(TaskEntity task)
    {
        var done = task.BurstDone!;
        task.BurstDone = null;
        task.Burst = 0;
        task.Actor.Tell(done, ActorRefs.NoSender);
    }

    private void Schedule()
    {
        NeedResched = false;
        var previous = Current;
        if (previous is { State: TaskState.Running })
        {
            previous.State = TaskState.Runnable;
            _waiting.Enqueue(previous.Sched, wakeup: false);
        }

        var next = _waiting.PickNext()?.Task;
        Current = next;
        if (next is null) return;
        next.State = TaskState.Running;
        if (!ReferenceEquals(next, previous))
        {
            Switches++;
            next.Switches++;
            _cpu.OnSwitch(previous, next);
            _cpu.Charge(CostOp.ContextSwitch);
        }

        _sliceEnd = _cpu.NowNanoseconds + _waiting.Slice(next.Sched);
    }
}
