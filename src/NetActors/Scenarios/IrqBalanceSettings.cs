using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>The program irqbalance on a host, with its options.</summary>
public sealed record IrqBalanceSettings
{
    /// <summary>Between two scans (<c>--interval</c>).</summary>
    public required KernelTime Interval { get; init; }

    /// <summary>CPUs that take no interrupt (<c>IRQBALANCE_BANNED_CPULIST</c>); null for those of <c>isolcpus</c>.</summary>
    public CpuSet? BannedCpus { get; init; }

    /// <summary>Interrupts that it leaves alone, by name (<c>--banirq</c>).</summary>
    public IReadOnlyList<string> BannedIrqs { get; init; } = [];

    /// <summary>Which cache makes a domain (<c>--deepestcache</c>).</summary>
    public int DeepestCache { get; init; } = 2;

    /// <summary>How much a move must bring, as a divisor of the difference; 0 for anything (<c>--migrateval</c>).</summary>
    public int MigrateRatio { get; init; }

    /// <summary>It ends after its first scan (<c>--oneshot</c>).</summary>
    public bool OneShot { get; init; }
}
