using System.Collections.Concurrent;
using Akka.Actor;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Irq;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Hosts;

/// <content>Wakes tasks and moves them from CPU to CPU (kernel: kernel/sched/core.c).</content>
internal sealed partial class HostCpu : ITimerTarget
{
    private const int BusyBalanceTicks = 16; // sd->busy_factor: CPUs that all have work compare it so much less often
    private readonly TimerEntry _balance;
    private short _runQueueLastCpu; // who had the lock of this CPU's run queue last
    private int _ticks;

    /// <summary>Tasks that other CPUs woke, from when on, and this one has to take in (kernel: <c>wake_list</c>).</summary>
    public ConcurrentQueue<(TaskEntity Task, KernelTime From)> WakeList { get; } = new();

    /// <summary>Every CPU of the host, by number.</summary>
    public HostCpu[] Siblings { get; set; } = [];

    /// <summary>What they know of each other's tasks; null in real time, where tasks stay where they are.</summary>
    public RootDomain? Domain { get; set; }

    /// <summary>A task waits to be taken in, without an interrupt.</summary>
    private CpuProtocol.Ipi Activation { get; }

    /// <summary>
    /// Wakes a task from this CPU: here at once, on another's run queue, or there with a reschedule interrupt (kernel:
    /// <c>try_to_wake_up</c>, <c>ttwu_queue</c>).
    /// </summary>
    /// <param name="task">Who is woken.</param>
    /// <param name="sync">Who wakes it is about to sleep (<c>WF_SYNC</c>).</param>
    public void Wake(TaskEntity task, bool sync = false)
    {
        var isReal = !Cpu.Layer.IsVirtual;
        var isElsewhere = task.Cpu is not null && !ReferenceEquals(task.Cpu, Cpu);
        if (task.State != TaskState.Sleeping && !(isReal && isElsewhere)) return; // on its way to sleep elsewhere: only its own CPU knows
        var target = Place(task, sync);
        Emit(TracePoint.sched_wakeup, arg1: task.Pid, arg2: target.Cpu.LocalId);
        Cpu.Charge(CostOp.Wakeup);
        if (!ReferenceEquals(target, this))
        {
            SendTo(task, target);
            return;
        }

        if (isElsewhere) Migrate(task, this);
        Cpu.Touch(ref _runQueueLastCpu, CacheLines.RunQueue);
        Cpu.Scheduler.Activate(task);
    }

    /// <summary>Wakes a task and tells it why.</summary>
    public void WakeWith(TaskEntity task, object message, bool sync = false)
    {
        Wake(task, sync);
        task.Actor.Tell(message, ActorRefs.NoSender);
    }

    /// <summary>Takes in what other CPUs had woken when this interrupt came (kernel: <c>sched_ttwu_pending</c>).</summary>
    public void TakeWoken()
    {
        var isReal = !Cpu.Layer.IsVirtual;
        var until = isReal ? KernelTime.Never : Cpu.HandlerStart;
        for (var left = WakeList.Count; left > 0 && WakeList.TryDequeue(out var woken); left--)
        {
            var (task, from) = woken;
            if (from > until)
            {
                WakeList.Enqueue(woken); // its own interrupt is under way
                continue;
            }

            if (!isReal) Cpu.Scheduler.Expect(-1);
            if (task.State == TaskState.Dead) continue;
            if (!task.MayRunOn(Cpu)) SendTo(task, Siblings[task.Allowed!.First]);
            else if (!isReal || task.State == TaskState.Sleeping) Cpu.Scheduler.Activate(task);
        }
    }

    /// <inheritdoc />
    public void PushAway(TaskEntity task)
    {
        Cpu.Charge(CostOp.TaskMigrate);
        SendTo(task, Siblings[task.Allowed!.First]);
    }

    /// <summary>
    /// Changes the CPUs that a task may run on (kernel: <c>sched_setaffinity</c>). One that is on a CPU it may not use any more leaves it at
    /// once; one that sleeps, when it is woken. From outside of all CPUs; in virtual time only.
    /// </summary>
    public static void SetAffinity(TaskEntity task, CpuMask allowed)
    {
        var cpu = task.Cpu!;
        var here = (HostCpu)cpu.Hooks!;
        task.Allowed = allowed;
        if (allowed.Count > 1) here.Domain?.Activate();
        if (task.IsOnWay || task.State is TaskState.Sleeping or TaskState.Dead || task.MayRunOn(cpu)) return;
        if (ReferenceEquals(cpu.Scheduler.Current, task))
        {
            cpu.Scheduler.Resched();
        }
        else
        {
            cpu.Scheduler.Detach(task);
            here.PutOn(task, here.Siblings[allowed.First], KernelTime.Max(cpu.Now, cpu.Layer.Now), quiet: false);
        }

        cpu.Layer.Rekey(cpu);
    }

    /// <inheritdoc />
    public bool NewIdle()
    {
        if (LoadBalancing.Busiest(Domain!, Cpu, Cpu.Layer.Settings.Scheduling) is not { } task) return false;
        Pull(task);
        return true;
    }

    /// <inheritdoc />
    public void OnOverload()
    {
        if (_balance.IsPending) return;
        HrTimers.Arm(_balance, NextTick(), Cpu.Now);
        Cpu.Layer.Rekey(Cpu); // another CPU may have done it
    }

    /// <summary>
    /// The tick of a CPU on which a task waits: an idle CPU takes it, or now and then one that has less to do (kernel:
    /// <c>trigger_load_balance</c>, <c>nohz_balancer_kick</c>).
    /// </summary>
    void ITimerTarget.OnTimer(TimerEntry timer, KernelTime now)
    {
        var parameters = Cpu.Layer.Settings.Scheduling;
        while (Cpu.Scheduler.IsOverloaded && LoadBalancing.Idlest(Domain!, Cpu, parameters) is var (idle, to)) MoveTo(idle, to);
        if (!Cpu.Scheduler.IsOverloaded) return;
        if (++_ticks % BusyBalanceTicks == 0 && LoadBalancing.LessBusy(Domain!, Cpu, parameters) is var (task, other)) MoveTo(task, other);
        HrTimers.Arm(_balance, NextTick(), Cpu.Now);
    }

    private void MoveTo(TaskEntity task, EmulatedCpu to)
    {
        Cpu.Charge(CostOp.TaskMigrate);
        Cpu.Scheduler.Detach(task);
        SendTo(task, (HostCpu)to.Hooks!);
    }

    private KernelTime NextTick()
    {
        var jiffies = Timers.Jiffies.IsExact ? Jiffies.Hz250 : Timers.Jiffies;
        return jiffies.ToTime(jiffies.At(Cpu.Now) + 1);
    }

    private void Pull(TaskEntity task)
    {
        var from = task.Cpu!;
        Cpu.Charge(CostOp.TaskMigrate);
        from.Scheduler.Detach(task);
        from.Layer.Rekey(from);
        Migrate(task, this);
        Cpu.Scheduler.Activate(task);
    }

    /// <summary>The CPU on which a task that wakes up runs (kernel: <c>select_task_rq</c>).</summary>
    private HostCpu Place(TaskEntity task, bool sync)
    {
        if (task.Cpu is not { } cpu) return this;
        if (task.Allowed is null || ReferenceEquals(cpu.Scheduler.Current, task)) return (HostCpu)cpu.Hooks!;
        if (Domain is not { IsActive: true }) return task.MayRunOn(cpu) ? (HostCpu)cpu.Hooks! : Siblings[task.Allowed.First];
        return Siblings[task.Allowed.Count == 1 ? task.Allowed.First : WakePlacement.Select(Domain, task, Cpu, sync)];
    }

    /// <summary>
    /// The task runs on <paramref name="target"/> next. One that shares our cache and is busy gets it on its run queue by our hand, and is
    /// interrupted only if the task preempts; others are left a note and interrupted (kernel: <c>ttwu_queue_cond</c>). Where every task is bound
    /// to its CPU nobody looks at another's run queue, whose clock may stand elsewhere, and it is always interrupted.
    /// </summary>
    private void SendTo(TaskEntity task, HostCpu target)
    {
        var there = target.Cpu;
        var quiet = Domain is { IsActive: true } && Cpu.Topology.SharesCache(Cpu.LocalId, there.LocalId) && there.Scheduler.NrRunning > 0
            && !there.Scheduler.WouldPreempt(task);
        if (quiet)
        {
            Cpu.Touch(ref target._runQueueLastCpu, CacheLines.RunQueue);
        }
        else
        {
            Cpu.Charge(CostOp.RemoteWakeup);
            IpisSent++;
        }

        PutOn(task, target, Cpu.Now, quiet);
    }

    private void PutOn(TaskEntity task, HostCpu target, KernelTime from, bool quiet)
    {
        target.WakeList.Enqueue((task, from));
        if (!Cpu.Layer.IsVirtual)
        {
            target.CpuActor.Tell(target.RescheduleIpi, ActorRefs.NoSender);
            return;
        }

        (task.State, task.IsOnWay) = (TaskState.Runnable, true);
        if (!ReferenceEquals(task.Cpu, target.Cpu)) Migrate(task, target);
        target.Cpu.Scheduler.Expect(1);
        Cpu.Layer.TellAt(target.CpuActor, quiet ? target.Activation : target.RescheduleIpi, from);
    }

    private void Migrate(TaskEntity task, HostCpu target)
    {
        task.Migrations++;
        task.Cpu = target.Cpu;
        Emit(TracePoint.sched_migrate_task, arg1: task.Pid, arg2: target.Cpu.LocalId);
    }
}
