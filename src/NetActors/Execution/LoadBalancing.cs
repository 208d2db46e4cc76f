namespace NetActors.Execution;

/// <summary>
/// Finds tasks that wait on one CPU while another could run them (kernel: <c>load_balance</c>, <c>newidle_balance</c>, <c>can_migrate_task</c>).
/// </summary>
internal static class LoadBalancing
{
    /// <summary>
    /// The busiest CPU with a task that may come to <paramref name="to"/>: the nearest of those, and among them who has the most; null when
    /// there is none.
    /// </summary>
    /// <param name="domain">The host's CPUs.</param>
    /// <param name="to">Who has room.</param>
    /// <param name="parameters">What is too hot to move.</param>
    public static TaskEntity? Busiest(RootDomain domain, EmulatedCpu to, SchedParameters parameters)
    {
        TaskEntity? found = null;
        var (nearest, most) = (int.MaxValue, 0);
        for (var cpu = domain.NextOverloaded(0); cpu >= 0; cpu = domain.NextOverloaded(cpu + 1))
        {
            var scheduler = domain[cpu].Scheduler;
            if (cpu == to.LocalId) continue;
            var distance = (int)domain.Topology.Distance(to.LocalId, cpu);
            if (distance > nearest || (distance == nearest && scheduler.NrRunning <= most)) continue;
            if (scheduler.FindMovable(to, to.NowNanoseconds, parameters) is not { } task) continue;
            (found, nearest, most) = (task, distance, scheduler.NrRunning);
        }

        return found;
    }

    /// <summary>The nearest idle CPU to which a task that waits on <paramref name="from"/> may go (kernel: <c>nohz_balancer_kick</c>).</summary>
    public static (TaskEntity Task, EmulatedCpu To)? Idlest(RootDomain domain, EmulatedCpu from, SchedParameters parameters)
    {
        (TaskEntity, EmulatedCpu)? found = null;
        var nearest = int.MaxValue;
        for (var cpu = domain.NextIdle(0); cpu >= 0; cpu = domain.NextIdle(cpu + 1))
            Consider(domain, from, domain[cpu], parameters, ref nearest, ref found);
        return found;
    }

    /// <summary>
    /// The CPU with the least to do, two tasks less than <paramref name="from"/> at least, and a task that may go there. On Linux that CPU
    /// looks for itself, at its own tick (kernel: <c>sched_balance_domains</c>).
    /// </summary>
    public static (TaskEntity Task, EmulatedCpu To)? LessBusy(RootDomain domain, EmulatedCpu from, SchedParameters parameters)
    {
        (TaskEntity, EmulatedCpu)? found = null;
        var best = int.MaxValue;
        for (var cpu = 0; cpu < domain.Count; cpu++)
        {
            if (domain[cpu].Scheduler.NrRunning + 2 <= from.Scheduler.NrRunning)
                Consider(domain, from, domain[cpu], parameters, ref best, ref found, domain[cpu].Scheduler.NrRunning);
        }

        return found;
    }

    private static void Consider(
        RootDomain domain, EmulatedCpu from, EmulatedCpu to, SchedParameters parameters, ref int best, ref (TaskEntity, EmulatedCpu)? found, int running = 0)
    {
        const int Distances = 8;
        var rank = (running * Distances) + (int)domain.Topology.Distance(from.LocalId, to.LocalId);
        var now = from.NowNanoseconds; // the clock of an idle CPU stands where it last had work
        if (rank >= best || from.Scheduler.FindMovable(to, now, parameters) is not { } task) return;
        (found, best) = ((task, to), rank);
    }
}
