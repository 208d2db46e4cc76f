using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Lab.Runs;

/// <summary>How a run is observed.</summary>
/// <param name="Host">Host to study; null to choose it by the scenario.</param>
/// <param name="Slices">Into how many stretches its time is cut for plots; 0 for none.</param>
/// <param name="AkkaConfig">Further HOCON for Akka; null for none.</param>
/// <param name="Trace">Takes trace events; null for none.</param>
internal sealed record LabOptions(string? Host = null, int Slices = 0, string? AkkaConfig = null, ITraceSink? Trace = null);

/// <summary>Runs a scenario in virtual time and measures it. Runs share nothing: several may be under way on threads of their own.</summary>
internal static class LabRun
{
    /// <summary>Runs to the end; null when <paramref name="stop"/> ended it before.</summary>
    /// <exception cref="ScenarioException">The scenario cannot be built, or replays a capture.</exception>
    public static Measurement? Execute(ScenarioFile scenario, LabOptions options, Func<bool>? stop = null)
    {
        if (scenario.Traffic.Any(t => t is ReplaySettings)) throw new ScenarioException("a replayed capture cannot be studied here: `netactors run` runs it");
        var subject = Subject.Of(scenario, options.Host);
        using var simulation = Simulation.Start(scenario, new SimulationOptions { AkkaConfig = options.AkkaConfig, Trace = options.Trace });
        if (scenario.Report.WarmUp > KernelTime.Zero && !simulation.RunUntil(scenario.Report.WarmUp, stop)) return null;
        simulation.EndWarmUp();
        var begin = Instant.Of(simulation, subject.Host);
        if (Slices(simulation, subject.Host, options.Slices, stop) is not { } slices) return null;
        var end = Instant.Of(simulation, subject.Host);
        var faults = simulation.Failures.Select(f => $"an actor failed: {f}").ToList();
        if (!end.All.Conservation.Holds) faults.Add($"{end.All.Conservation.Missing} packets are unaccounted for");
        return new Measurement
        {
            Scenario = scenario,
            Subject = subject,
            Begin = begin,
            End = end,
            Latency = Merged(scenario, simulation.Plan.Latency),
            Slices = slices,
            Faults = faults,
        };
    }

    private static List<Slice>? Slices(Simulation simulation, string host, int count, Func<bool>? stop)
    {
        var slices = new List<Slice>(count);
        var (begin, end) = (simulation.Now, simulation.Scenario.Duration);
        var cpus = Instant.PlanOf(simulation, host).Cpus;
        var before = Array.ConvertAll(cpus, cpu => cpu.Cpu.Times);
        for (var i = 1; i <= Math.Max(1, count); i++)
        {
            var (from, to) = (simulation.Now, new KernelTime(begin.Nanoseconds + (long)((Int128)(end - begin).Nanoseconds * i / Math.Max(1, count))));
            if (!simulation.RunUntil(to, stop)) return null;
            if (count == 0) break;
            var after = Array.ConvertAll(cpus, cpu => cpu.Cpu.Times);
            slices.Add(new Slice(from, to, Shares(before, after, to - from, Busy), Shares(before, after, to - from, t => t.HardIrq + t.Softirq),
                QueueDepths.Of(Instant.PlanOf(simulation, host))));
            before = after;
        }

        return slices;
    }

    private static long Busy(CpuTimes times) => times.HardIrq + times.Softirq + times.System + times.User;

    // A CPU's own clock may be ahead of the simulation's by one handler.
    private static double[] Shares(CpuTimes[] before, CpuTimes[] after, KernelTime width, Func<CpuTimes, long> part) =>
        [.. before.Zip(after, (b, a) => width <= KernelTime.Zero ? 0 : Math.Clamp((double)(part(a) - part(b)) / width.Nanoseconds, 0, 1))];

    private static LatencyHistogram Merged(ScenarioFile scenario, IReadOnlyList<LatencyHistogram> all)
    {
        var asking = scenario.Hosts.SelectMany(h => h.Tasks.Where(Subject.Asks).Select(t => $"{h.Name}/{t.Name}")).ToHashSet(StringComparer.Ordinal);
        var merged = new LatencyHistogram(asking.Count > 0 ? "answer" : "datagram");
        foreach (var latency in all)
        {
            if (asking.Count == 0 || asking.Contains(latency.Name)) merged.Add(latency);
        }

        return merged;
    }
}
