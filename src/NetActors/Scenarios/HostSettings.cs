using NetActors.Costs;

namespace NetActors.Scenarios;

/// <summary>One emulated machine.</summary>
public sealed record HostSettings
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The host of whose CPUs and kernel it is a network namespace; null for a machine of its own.</summary>
    public string? NetnsOf { get; init; }

    /// <summary>Its CPUs.</summary>
    public required CpuSettings Cpus { get; init; }

    /// <summary>What operations cost on it; null for the scenario's <see cref="ScenarioFile.CostModel"/>.</summary>
    public CostModel? CostModel { get; init; }

    /// <summary>Its sysctls: those written, the kernel's defaults for the rest.</summary>
    public required SysctlSettings Sysctl { get; init; }

    /// <summary>How softirqs and ksoftirqd share a CPU.</summary>
    public required SoftirqSettings Softirq { get; init; }

    /// <summary>What moves its interrupts between CPUs; null when nothing does.</summary>
    public IrqBalanceSettings? IrqBalance { get; init; }

    /// <summary>Its network devices, loopback not among them.</summary>
    public required IReadOnlyList<DeviceSettings> Devices { get; init; }

    /// <summary>Routes besides those that addresses bring.</summary>
    public required IReadOnlyList<RouteSettings> Routes { get; init; }

    /// <summary>Rules of table raw, in their order.</summary>
    public IReadOnlyList<RawRuleSettings> RawRules { get; init; } = [];

    /// <summary>Neighbours known from the start.</summary>
    public required IReadOnlyList<NeighbourSettings> Neighbours { get; init; }

    /// <summary>Programs it runs.</summary>
    public required IReadOnlyList<TaskSettings> Tasks { get; init; }
}

/// <summary>The CPUs of a host. CPU numbers go through the cores of all nodes first, then through their second threads, as on x86.</summary>
/// <param name="Count">How many the kernel sees: nodes * cores * <paramref name="Smt"/>.</param>
/// <param name="Nodes">NUMA nodes, each with as many.</param>
/// <param name="Smt">Hardware threads a core, 1 or 2.</param>
public sealed record CpuSettings(int Count, int Nodes, int Smt)
{
    /// <summary>CPUs kept free of the kernel's own work (<c>isolcpus</c>).</summary>
    public CpuSet Isolated { get; init; } = CpuSet.Empty;

    /// <summary>Sockets; 0 for one a node.</summary>
    public int Sockets { get; init; }

    /// <summary>Cores that share a last-level cache; 0 for all of a node or socket, whichever is smaller.</summary>
    public int CoresPerCache { get; init; }

    /// <summary>What is near to what.</summary>
    public CpuTopology Topology => new(Count, Nodes, Smt, Sockets, CoresPerCache);
}

/// <summary>How softirqs and ksoftirqd share a CPU.</summary>
/// <param name="DeferToRunningKsoftirqd">Leave softirqs to a runnable ksoftirqd, as 4.9 to 6.4 did (specification section 4.3).</param>
public sealed record SoftirqSettings(bool DeferToRunningKsoftirqd);
