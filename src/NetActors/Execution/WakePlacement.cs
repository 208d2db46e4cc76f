namespace NetActors.Execution;

/// <summary>
/// Where a task that wakes up runs (kernel: <c>select_task_rq_fair</c>, kernel/sched/fair.c of 6.x; specification section 11.5). Load is what
/// is runnable at the moment, not an average over 32 ms; interrupts lessen a CPU's capacity by their average.
/// </summary>
internal static class WakePlacement
{
    private const int ImbalancePercent = 117; // sd->imbalance_pct of a domain that shares caches

    /// <summary>The CPU for <paramref name="task"/>, which may run on several.</summary>
    /// <param name="domain">The host's CPUs.</param>
    /// <param name="task">Who wakes up.</param>
    /// <param name="waker">The CPU on which it is woken.</param>
    /// <param name="sync">Who wakes it is about to sleep (<c>WF_SYNC</c>).</param>
    public static int Select(RootDomain domain, TaskEntity task, EmulatedCpu waker, bool sync)
    {
        var allowed = task.Allowed!;
        var prev = task.Cpu!.LocalId;
        if (!allowed.Contains(prev)) prev = allowed.First;
        var target = prev;
        ref var flips = ref waker.Scheduler.Flips;
        flips.Record(task, waker.NowNanoseconds);
        if (allowed.Contains(waker.LocalId) && prev != waker.LocalId && !IsWide(domain, flips.Count, task.Flips.Count, waker.LocalId))
            target = Affine(domain, task, waker, prev, sync);
        return IdleSibling(domain, task, prev, target);
    }

    /// <summary>One wakes so many that they had better spread (kernel: <c>wake_wide</c>).</summary>
    private static bool IsWide(RootDomain domain, int one, int other, int cpu)
    {
        var (master, slave) = (Math.Max(one, other), Math.Min(one, other));
        var factor = CacheSize(domain, cpu);
        return slave >= factor && master >= (long)slave * factor;
    }

    /// <summary>The waking CPU or the one it ran on (kernel: <c>wake_affine</c>, <c>wake_affine_idle</c>, <c>wake_affine_weight</c>).</summary>
    private static int Affine(RootDomain domain, TaskEntity task, EmulatedCpu waker, int prev, bool sync)
    {
        var here = waker.LocalId;
        if (domain.IsIdle(here) && domain.Topology.SharesCache(here, prev)) return domain.IsIdle(prev) ? prev : here;
        if (sync && waker.Scheduler.NrRunning == 1) return here;
        if (domain.IsIdle(prev)) return prev;
        var loadHere = waker.Scheduler.Load;
        if (sync && waker.Scheduler.Current is { } current)
        {
            if (current.Sched.Weight > loadHere) return here;
            loadHere -= current.Sched.Weight;
        }

        var previous = domain[prev];
        var weightHere = (loadHere + task.Sched.Weight) * 100 * previous.Scheduler.CapacityAt(waker.NowNanoseconds);
        var weightPrev = previous.Scheduler.Load * (100 + ((ImbalancePercent - 100) / 2)) * waker.Scheduler.CapacityAt(waker.NowNanoseconds);
        return weightHere < weightPrev + (sync ? 1 : 0) ? here : prev;
    }

    /// <summary>An idle CPU near <paramref name="target"/>, or that itself (kernel: <c>select_idle_sibling</c>).</summary>
    private static int IdleSibling(RootDomain domain, TaskEntity task, int prev, int target)
    {
        if (domain.IsIdle(target)) return target;
        var (topology, allowed) = (domain.Topology, task.Allowed!);
        if (prev != target && topology.SharesCache(prev, target) && domain.IsIdle(prev)) return prev;
        var recent = task.RecentCpu;
        task.RecentCpu = prev;
        if (recent >= 0 && recent != prev && recent != target && topology.SharesCache(recent, target) && domain.IsIdle(recent) && allowed.Contains(recent))
            return recent;
        var found = -1;
        for (var cpu = domain.NextIdle(0); cpu >= 0; cpu = domain.NextIdle(cpu + 1))
        {
            if (!topology.SharesCache(cpu, target) || !allowed.Contains(cpu)) continue;
            if (IsBetter(domain, cpu, found, target)) found = cpu;
        }

        return found >= 0 ? found : target;
    }

    /// <summary>A core whose threads are both idle comes first, then who is next after the target (kernel: <c>select_idle_core</c>).</summary>
    private static bool IsBetter(RootDomain domain, int cpu, int found, int target)
    {
        if (found < 0) return true;
        var (one, other) = (IsCoreIdle(domain, cpu), IsCoreIdle(domain, found));
        if (one != other) return one;
        var count = domain.Count;
        return (cpu - target + count) % count < (found - target + count) % count;
    }

    private static bool IsCoreIdle(RootDomain domain, int cpu)
    {
        var sibling = domain.Topology.SiblingOf(cpu);
        return sibling < 0 || domain.IsIdle(sibling);
    }

    private static int CacheSize(RootDomain domain, int cpu)
    {
        var size = 0;
        for (var other = 0; other < domain.Count; other++)
            if (domain.Topology.SharesCache(cpu, other)) size++;
        return size;
    }
}

/// <summary>How often somebody wakes another than the last one, halved each second (kernel: <c>record_wakee</c>).</summary>
internal struct WakeeFlips
{
    private const long Second = 1_000_000_000;
    private TaskEntity? _last;
    private long _decay;

    /// <summary>How often (kernel: <c>wakee_flips</c>).</summary>
    public int Count { get; private set; }

    /// <summary>It wakes <paramref name="task"/>.</summary>
    public void Record(TaskEntity task, long now)
    {
        if (now > _decay + Second) (Count, _decay) = (Count >> 1, now);
        if (ReferenceEquals(_last, task)) return;
        _last = task;
        Count++;
    }
}
