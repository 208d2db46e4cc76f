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
    /// <param name="least">How many it must have runnable at least.</param>
    /// <param name="parameters">What is too hot to move.</param>
    public static TaskEntity? Busiest(RootDomain domain, EmulatedCpu to, int least, SchedParameters parameters)
    {
        TaskEntity? found = null;
        var (nearest, most) = (int.MaxValue, 0);
        for (var cpu = domain.NextOverloaded(0); cpu >= 0; cpu = domain.NextOverloaded(cpu + 1))
        {
            var scheduler = domain[cpu].Scheduler;
            if (cpu == to.LocalId || scheduler.NrRunning < least) continue;
            var distance = (int)domain.Topology.Distance(to.LocalId, cpu);
            if (distance > nearest || (distance == nearest && scheduler.NrRunning <= most)) continue;
            if (scheduler.FindMovable(to, parameters) is not { } task) continue;
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
        {
            var distance = (int)domain.Topology.Distance(from.LocalId, cpu);
            if (distance >= nearest || from.Scheduler.FindMovable(domain[cpu], parameters) is not { } task) continue;
            (found, nearest) = ((task, domain[cpu]), distance);
        }

        return found;
    }
}
