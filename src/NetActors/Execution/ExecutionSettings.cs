using NetActors.Costs;
using NetActors.Time;

namespace NetActors.Execution;

/// <summary>What an execution layer is built with.</summary>
public sealed record ExecutionSettings
{
    /// <summary>How far a handler may run ahead of the rest in virtual time; zero is exact interleaving (design section 2, "skew").</summary>
    public KernelTime Quantum { get; init; }

    /// <summary>Nanoseconds an operation, by <see cref="CostOp"/>.</summary>
    public CostModel Costs { get; init; } = CostModel.Zero;

    /// <summary>The tick, or exact times (specification section 0.2).</summary>
    public Jiffies Jiffies { get; init; } = Jiffies.Hz250;

    /// <summary>How CPU time is shared among tasks.</summary>
    public SchedParameters Scheduling { get; init; } = SchedParameters.Default;

    /// <summary>Seed of all randomness.</summary>
    public ulong Seed { get; init; } = 1;
}
