using System.Text.Json.Serialization;

namespace NetActors.Observe;

/// <summary>Everything a run counted, taken when it stood still. Equal seeds give equal snapshots under the virtual clock.</summary>
public sealed record SimulationSnapshot
{
    /// <summary>The layout of the JSON document; goes up when a key changes its meaning.</summary>
    public int Format { get; } = 1;

    /// <summary>Name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>The seed from which all randomness came.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Predicted (virtual) or measured (real).</summary>
    public required ClockKind Clock { get; init; }

    /// <summary>Whose behaviour was emulated.</summary>
    public required KernelVersion Kernel { get; init; }

    /// <summary>How long the run lasted on its own clock, in nanoseconds.</summary>
    public required long DurationNs { get; init; }

    /// <summary>Begin of the run that latencies leave out, in nanoseconds; counters have all of it.</summary>
    public long WarmUpNs { get; init; }

    /// <summary>The machines, in the scenario's order.</summary>
    public IReadOnlyList<HostSnapshot> Hosts { get; init; } = [];

    /// <summary>The links, in the scenario's order.</summary>
    public IReadOnlyList<WireSnapshot> Wires { get; init; } = [];

    /// <summary>The traffic sources, in the scenario's order.</summary>
    public IReadOnlyList<TrafficSnapshot> Traffic { get; init; } = [];

    /// <summary>Latencies, one for each stretch that was measured.</summary>
    public IReadOnlyList<LatencySnapshot> Latency { get; init; } = [];

    /// <summary>Whether every packet is accounted for.</summary>
    public ConservationSnapshot Conservation { get; init; } = ConservationSnapshot.Nothing;

    /// <summary>What the run cost on this machine; never part of the result document, which must not differ between machines.</summary>
    [JsonIgnore]
    public WallClockSnapshot? WallClock { get; init; }
}
