using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Lab.Runs;

/// <summary>A run, measured from the end of its warm-up to its end.</summary>
internal sealed class Measurement
{
    /// <summary>What ran.</summary>
    public required ScenarioFile Scenario { get; init; }

    /// <summary>Which host was studied, and what was counted.</summary>
    public required Subject Subject { get; init; }

    /// <summary>Counters at the end of the warm-up.</summary>
    public required Instant Begin { get; init; }

    /// <summary>Counters at the end.</summary>
    public required Instant End { get; init; }

    /// <summary>Latencies of answers; of datagrams in sinks where nobody asks. Those of the warm-up are left out.</summary>
    public required LatencyHistogram Latency { get; init; }

    /// <summary>The run in slices; empty when none were asked for.</summary>
    public IReadOnlyList<Slice> Slices { get; init; } = [];

    /// <summary>Why it may not be trusted; empty when it may.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>How long it was measured.</summary>
    public KernelTime Window => new(End.All.DurationNs - Begin.All.DurationNs);

    /// <summary>CPU time that each CPU's operations took while it was measured.</summary>
    public CpuCosts[] Costs => [.. End.Costs.Zip(Begin.Costs, (end, begin) => end.Since(begin))];

    /// <summary>What a counter of the host grew by.</summary>
    public long Grown(Func<HostSnapshot, long> counter) => counter(End.Host) - counter(Begin.Host);

    /// <summary>What a counter of one CPU of the host grew by.</summary>
    public long GrownOn(int cpu, Func<CpuSnapshot, long> counter) => counter(End.Host.Cpus[cpu]) - counter(Begin.Host.Cpus[cpu]);

    /// <summary>What a counter of all hosts grew by.</summary>
    public long GrownAnywhere(Func<HostSnapshot, long> counter) => End.All.Hosts.Sum(counter) - Begin.All.Hosts.Sum(counter);

    /// <summary>Units of work done.</summary>
    public long Units => Subject.Unit switch
    {
        WorkUnit.Transactions or WorkUnit.Datagrams => Latency.Count,
        WorkUnit.Bytes => GrownAnywhere(h => h.TcpTasks.Where(t => t.Accepted > 0).Sum(t => t.BytesReceived)),
        WorkUnit.Sent => Grown(h => h.Devices.Where(d => d.Name != "lo").Sum(d => d.Stats.TxPackets)),
        _ => Grown(h => h.Cpus.Sum(c => c.Packets)) is > 0 and var packets ? packets : Grown(h => Queues(h, q => q.Packets)),
    };

    /// <summary>The sum of a counter over the host's receive queues.</summary>
    public static long Queues(HostSnapshot host, Func<QueueSnapshot, long> counter) =>
        host.Devices.Sum(d => d.Queues.Where(q => q.Direction == QueueDirection.Rx).Sum(counter));
}
