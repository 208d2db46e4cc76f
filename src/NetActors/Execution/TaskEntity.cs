using Akka.Actor;

namespace NetActors.Execution;

/// <summary>Whether a task can run (kernel: <c>__state</c>, <c>on_cpu</c>).</summary>
public enum TaskState : byte
{
    /// <summary>Waits for a wakeup (TASK_INTERRUPTIBLE).</summary>
    Sleeping,

    /// <summary>Waits for its CPU.</summary>
    Runnable,

    /// <summary>Has its CPU.</summary>
    Running,

    /// <summary>Ended (TASK_DEAD).</summary>
    Dead,
}

/// <summary>What a CPU's scheduler knows of a task (kernel: <c>struct task_struct</c>, <c>struct sched_entity</c>).</summary>
public sealed class TaskEntity
{
    /// <summary>A task that sleeps.</summary>
    public TaskEntity(int pid, string name, int nice = 0)
    {
        (Pid, Name) = (pid, name);
        Sched = new SchedEntity(this, nice);
    }

    /// <summary>Process id: unique on its host.</summary>
    public int Pid { get; }

    /// <summary>Name as <c>ps</c> and traces show it (kernel: <c>comm</c>).</summary>
    public string Name { get; }

    /// <summary>Whether it can run.</summary>
    public TaskState State { get; internal set; }

    /// <summary>The CPU it runs on or ran last.</summary>
    public EmulatedCpu? Cpu { get; internal set; }

    /// <summary>
    /// The CPUs it may run on, by their numbers on its host; null for one that stays where it is, as kernel threads of a CPU do.
    /// </summary>
    public CpuMask? Allowed { get; internal set; }

    /// <summary>Times it went to another CPU (kernel: <c>nr_migrations</c>).</summary>
    public long Migrations { get; internal set; }

    /// <summary>True for ksoftirqd: softirq time on its CPU is its own.</summary>
    public bool IsKsoftirqd { get; init; }

    /// <summary>When it was put on the run queue where it waits, or left its CPU, in nanoseconds of that CPU's clock.</summary>
    internal long QueuedAt { get; set; }

    /// <summary>When it had a CPU last (kernel: <c>exec_start</c>).</summary>
    internal long LastRan { get; set; } = long.MinValue / 2;

    /// <summary>The CPU before the last one; -1 for none (kernel: <c>recent_used_cpu</c>).</summary>
    internal int RecentCpu { get; set; } = -1;

    /// <summary>Whom it wakes.</summary>
    internal WakeeFlips Flips;

    /// <summary>It was woken or sent to <see cref="Cpu"/>, which has not taken it in yet (kernel: <c>on_rq == TASK_ON_RQ_MIGRATING</c>).</summary>
    internal bool IsOnWay { get; set; }

    /// <summary>The task may run on <paramref name="cpu"/>.</summary>
    internal bool MayRunOn(EmulatedCpu cpu) => Allowed is null || Allowed.Contains(cpu.LocalId);

    /// <summary>Messages of the task: its results, and its calls to sockets that have not been handled.</summary>
    internal RunQueue Pending { get; } = new();

    /// <summary>User time that the program asked for and did not have yet, in nanoseconds.</summary>
    internal long Burst { get; set; }

    /// <summary>The actor told when the burst is over, and what it is told.</summary>
    internal IActorRef Actor { get; set; } = ActorRefs.Nobody;

    /// <summary>Told at the end of a burst.</summary>
    internal object? BurstDone { get; set; }

    /// <summary>The actor inside of whose call the task sleeps, which goes on first; null when it sleeps in none.</summary>
    internal ActorQueue? SleepsIn { get; set; }

    /// <summary>That call.</summary>
    internal object? Call { get; set; }

    /// <summary>The call in which the task sleeps will not go on: it ended otherwise.</summary>
    internal void Forget() => SleepsIn = null;

    internal SchedEntity Sched { get; }

    /// <summary>Times the task got its CPU (kernel: <c>nr_switches</c>).</summary>
    public long Switches { get; internal set; }
}
