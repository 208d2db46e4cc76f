using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Observe;

namespace NetActors.Lab.Runs;

/// <summary>All that was counted until one moment; a measurement is the difference of two.</summary>
/// <param name="All">The figures of the whole simulation.</param>
/// <param name="Host">Those of the host under study.</param>
/// <param name="Costs">What its CPUs' time went into, by CPU.</param>
internal sealed record Instant(SimulationSnapshot All, HostSnapshot Host, CpuCosts[] Costs)
{
    /// <summary>Takes it of a simulation in virtual time that stands still.</summary>
    public static Instant Of(Simulation simulation, string host)
    {
        var all = simulation.Snapshot();
        return new Instant(all, all.Hosts.First(h => h.Name == host), [.. PlanOf(simulation, host).Cpus.Select(c => CpuCosts.Of(c.Cpu))]);
    }

    /// <summary>The host's parts.</summary>
    public static Host PlanOf(Simulation simulation, string host) => simulation.Plan.Hosts.Find(h => h.Name == host)!;
}

/// <summary>What one CPU's time went into, by <see cref="CostOp"/>.</summary>
/// <param name="Counts">How often each operation was done.</param>
/// <param name="Nanoseconds">Time it took.</param>
internal sealed record CpuCosts(long[] Counts, long[] Nanoseconds)
{
    /// <summary>Those of a CPU so far.</summary>
    public static CpuCosts Of(Execution.EmulatedCpu cpu) => new(cpu.Operations.ToArray(), cpu.OperationNanoseconds.ToArray());

    /// <summary>What came on top of <paramref name="begin"/>.</summary>
    public CpuCosts Since(CpuCosts begin) => new(Minus(Counts, begin.Counts), Minus(Nanoseconds, begin.Nanoseconds));

    private static long[] Minus(long[] a, long[] b) => [.. a.Zip(b, (x, y) => x - y)];
}
