using Akka.Actor;
using NetActors.Costs;
using NetActors.Time;

namespace NetActors.Execution;

/// <summary>
/// One CPU's task scheduler (kernel: <c>__schedule</c>, <c>try_to_wake_up</c>): which task has the CPU, what is left of its burst, who
/// waits. Interrupts and softirqs split a burst as they come, without this class knowing of them.
/// </summary>
public sealed partial class CpuScheduler
{
    private readonly EmulatedCpu _cpu;
    private readonly FairRunQueue _runQueue;
    private bool _needResched;

    internal CpuScheduler(EmulatedCpu cpu, SchedParameters parameters) => (_cpu, _runQueue) = (cpu, new FairRunQueue(parameters));

    /// <summary>The task that has the CPU; null when it is idle.</summary>
    public TaskEntity? Current { get; private set; }

    /// <summary>A better task waits, or the current one sleeps (kernel: <c>TIF_NEED_RESCHED</c>).</summary>
    public bool NeedResched => _needResched || _runQueue.ShouldResched;

    /// <summary>The current task keeps its CPU until it says otherwise, whoever waits (kernel: <c>preempt_disable</c>).</summary>
    internal bool IsPreemptDisabled { get; set; }

    private bool MustSwitch => !IsPreemptDisabled && NeedResched;

    /// <summary>Tasks that wait for the CPU.</summary>
    public int WaitingTasks => _runQueue.NrRunning - (_runQueue.Current is null ? 0 : 1);

    /// <summary>Context switches (kernel: <c>nr_switches</c>).</summary>
    public long Switches { get; private set; }

    /// <summary>Puts the current task to sleep until a wakeup: what a blocking call does.</summary>
    public void BlockCurrent()
    {
        if (Current is null) throw new InvalidOperationException("only a task can sleep");
        Current.State = TaskState.Sleeping;
        _needResched = true;
    }

    /// <summary>The same inside of a call on an actor, which gets <paramref name="call"/> again when the task goes on.</summary>
    internal void BlockCurrent(ActorQueue actor, object call)
    {
        BlockCurrent();
        (Current!.SleepsIn, Current.Call) = (actor, call);
    }

    /// <summary>The current task ended.</summary>
    public void ExitCurrent()
    {
        if (Current is null) return;
        Current.State = TaskState.Dead;
        _needResched = true;
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
        if (WaitingTasks > 0) _needResched = true;
    }

    /// <summary>Makes a sleeping task run on this CPU (kernel: <c>ttwu_do_activate</c>). On this CPU only.</summary>
    public void Activate(TaskEntity task)
    {
        (task.Cpu, task.IsOnWay) = (_cpu, false);
        if (ReferenceEquals(Current, task))
        {
            task.State = TaskState.Running; // had not left the CPU yet
            return;
        }

        (task.State, task.QueuedAt) = (TaskState.Runnable, _cpu.NowNanoseconds);
        _runQueue.Wake(task.Sched);
        Changed();
    }

    /// <summary>Takes a task that waits for this CPU off its run queue (kernel: <c>detach_task</c>).</summary>
    internal void Detach(TaskEntity task)
    {
        _runQueue.Dequeue(task.Sched);
        Changed();
    }

    /// <summary>The task has to leave this CPU, which it has or waits for, when it can be interrupted (kernel: <c>migration_cpu_stop</c>).</summary>
    internal void Resched() => _needResched = true;

    /// <summary>When something happens at task level, if nothing interrupts; <see cref="long.MaxValue"/> for an idle CPU.</summary>
    internal long NextTime(long now)
    {
        if (MustSwitch) return now;
        if (Current is null) return long.MaxValue;
        if (Current.Burst > 0) return now + Math.Min(Current.Burst, _runQueue.SliceLeft.Nanoseconds);
        if (Current.BurstDone is not null || Current.SleepsIn is not null) return now;
        return Current.Pending.Count > 0 ? Math.Max(now, Current.Pending.Head.Time) : long.MaxValue;
    }

    /// <summary>Order of what <see cref="NextTime"/> says among others of the same time: switches and bursts come first.</summary>
    internal long NextSequence => Current is { Burst: 0, SleepsIn: null, Pending.Count: > 0 } && !MustSwitch ? Current.Pending.Head.Sequence : 0;

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

        _runQueue.Account(Current.Sched, nanoseconds);
    }

    /// <summary>Time that a handler charged in the task's name.</summary>
    internal void Account(long nanoseconds)
    {
        if (Current is not null) _runQueue.Account(Current.Sched, nanoseconds);
    }

    /// <summary>
    /// Switches at the end of an interrupt or call that asked for it: interrupts stay off until the other task has the CPU (kernel:
    /// <c>preempt_schedule_irq</c>, <c>schedule</c>).
    /// </summary>
    internal void SwitchIfNeeded()
    {
        if (MustSwitch) Schedule();
    }

    /// <summary>Does what is due at task level now: a switch, the end of a burst or slice, or one message of the current task.</summary>
    internal void Step()
    {
        if (MustSwitch || Current is null)
        {
            Schedule();
        }
        else if (Current.BurstDone is not null)
        {
            if (Current.Burst <= 0) EndBurst(Current);
            else if (_runQueue.SliceLeft <= KernelTime.Zero) _needResched = true;
        }
        else if (Current.SleepsIn is { } actor)
        {
            Current.SleepsIn = null;
            _cpu.Handle(
                new RunEntry { Time = _cpu.NowNanoseconds, Queue = actor, Message = Current.Call, Sender = Current.Actor },
                CpuContext.Task);
        }
        else if (Current.Pending.Count > 0)
        {
            _cpu.Handle(Current.Pending.Take(), CpuContext.Task);
        }
    }

    private TaskEntity? PickNext()
    {
        var next = (TaskEntity?)_runQueue.PickNext()?.Owner;
        while (next is { State: TaskState.Dead }) // ended while it waited for the CPU
        {
            _runQueue.Dequeue(next.Sched);
            next = (TaskEntity?)_runQueue.PickNext()?.Owner;
        }

        return next;
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
        _needResched = false;
        var previous = Current;
        var stays = previous is { State: TaskState.Running } && previous.MayRunOn(_cpu);
        if (stays) previous!.State = TaskState.Runnable;
        else if (previous is not null) _runQueue.Dequeue(previous.Sched);
        if (!stays && previous is { State: TaskState.Running }) _cpu.Hooks!.PushAway(previous);
        if (previous is not null) (previous.QueuedAt, previous.LastRan) = (_cpu.NowNanoseconds, _cpu.NowNanoseconds);
        var next = PickNext();
        if (next is null && Domain is { IsActive: true } && _cpu.Hooks!.NewIdle()) next = PickNext();
        Current = next;
        Changed();
        if (next is null) return;
        next.State = TaskState.Running;
        if (!ReferenceEquals(next, previous))
        {
            Switches++;
            next.Switches++;
            _cpu.OnSwitch(previous, next);
            _cpu.Charge(CostOp.ContextSwitch);
        }
    }
}
