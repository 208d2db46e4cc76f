using NetActors.Costs;
using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>A whole scenario, checked: what <c>config/scenarios/*.yaml</c> says, with every default filled in.</summary>
public sealed record ScenarioFile
{
    /// <summary>File it came from, as it was named.</summary>
    public required string Source { get; init; }

    /// <summary>The file's name without directory and ending.</summary>
    public required string Name { get; init; }

    /// <summary>One line of what it shows; empty when it says nothing.</summary>
    public required string Description { get; init; }

    /// <summary>Seed of all randomness.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How long the simulation runs.</summary>
    public required KernelTime Duration { get; init; }

    /// <summary>Whose behaviour is emulated.</summary>
    public required KernelVersion Kernel { get; init; }

    /// <summary>The clock.</summary>
    public required ClockSettings Clock { get; init; }

    /// <summary>What operations cost; <see cref="CostModel.Zero"/> for <c>none</c>.</summary>
    public required CostModel CostModel { get; init; }

    /// <summary>The emulated machines, in the order of the file.</summary>
    public required IReadOnlyList<HostSettings> Hosts { get; init; }

    /// <summary>The links between their devices.</summary>
    public required IReadOnlyList<WireSettings> Wires { get; init; }

    /// <summary>Sources outside any host.</summary>
    public required IReadOnlyList<TrafficSettings> Traffic { get; init; }

    /// <summary>What is changed while it runs, in the order of the file.</summary>
    public IReadOnlyList<EventSettings> Events { get; init; } = [];

    /// <summary>What is observed.</summary>
    public required ReportSettings Report { get; init; }
}
