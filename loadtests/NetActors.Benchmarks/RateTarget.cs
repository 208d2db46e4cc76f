using System.Diagnostics;
using System.Globalization;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>
/// <c>rate SCENARIO [--clock virtual|real] [--runs N] [--allocations] [--set key=value]...</c>: what programs got per second of the machine's time, run by
/// run until the JIT has settled and then N times more; the median and the best are printed, and the best by CPU time, which other
/// programs on the machine disturb least. The first tenth of each run is not measured.
/// </summary>
internal static class RateTarget
{
    private const int Settling = 8;

    public static int Run(string[] args)
    {
        var name = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "rss-udp-flood";
        var (clock, runs, overrides) = (ClockKind.Virtual, 5, new List<string>());
        for (var i = 0; i + 1 < args.Length; i++)
        {
            if (args[i] == "--clock") clock = Enum.Parse<ClockKind>(args[i + 1], ignoreCase: true);
            else if (args[i] == "--runs") runs = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            else if (args[i] == "--set") overrides.Add(args[i + 1]);
        }

        var read = ScenarioReader.Read(File.Exists(name) ? name : ScenarioFiles.Find(name), [.. overrides]);
        if (read.Scenario is not { } scenario)
        {
            foreach (var fault in read.Faults) Console.Error.WriteLine(fault);
            return 2;
        }

        using var watch = Array.IndexOf(args, "--allocations") >= 0 ? new AllocationWatch() : null;
        var measured = new List<RateSample>();
        for (var run = -Settling; run < runs; run++)
        {
            var sample = RateSample.Of(scenario, clock);
            Console.WriteLine(sample + (run < 0 ? " (settling)" : ""));
            if (run >= 0) measured.Add(sample);
        }

        foreach (var (what, count) in measured[0].Counts)
        {
            if (count == 0) continue;
            var (wall, cpu) = (Rates(measured, what, s => s.Seconds), Rates(measured, what, s => s.CpuSeconds));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: median {wall[wall.Length / 2]:N0} and best {wall[^1]:N0} a second of wall time, best {cpu[^1]:N0} a second of CPU time"));
        }

        foreach (var line in watch?.Top(15) ?? []) Console.WriteLine(line);
        Console.WriteLine($"{clock} clock, machine with {Environment.ProcessorCount} CPUs");
        return 0;
    }

    private static double[] Rates(List<RateSample> samples, string what, Func<RateSample, double> seconds) =>
        [.. samples.Select(s => s.Counts[what] / seconds(s)).Order()];
}

/// <summary>What one run did in its last nine tenths.</summary>
internal sealed record RateSample(IReadOnlyDictionary<string, long> Counts, double Seconds, double CpuSeconds, long Messages, long Bytes)
{
    /// <summary>Runs the scenario once.</summary>
    public static RateSample Of(ScenarioFile scenario, ClockKind clock)
    {
        using var simulation = Simulation.Start(scenario, new SimulationOptions { Clock = clock });
        simulation.RunUntil(new KernelTime(scenario.Duration.Nanoseconds / 10));
        var (before, messages, bytes, cpu) = (Count(simulation), simulation.Messages, GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime);
        var watch = Stopwatch.StartNew();
        simulation.RunUntil(scenario.Duration);
        var (elapsed, used) = (watch.Elapsed, Environment.CpuUsage.TotalTime - cpu);
        bytes = GC.GetTotalAllocatedBytes() - bytes;
        var counts = Count(simulation).ToDictionary(c => c.Key, c => c.Value - before[c.Key]);
        return new RateSample(counts, elapsed.TotalSeconds, used.TotalSeconds, simulation.Messages - messages, bytes);
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var packets = (double)Math.Max(1, Math.Max(Counts["frames"], Math.Max(Counts["datagrams"], Counts["segments"])));
        var rates = Counts.Where(c => c.Value > 0).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value / Seconds:N0} {c.Key}/s"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", rates)}; {Messages / packets:F2} messages and {Bytes / packets:F3} bytes a packet; {CpuSeconds / Seconds:F2} CPUs busy");
    }

    private static Dictionary<string, long> Count(Simulation simulation)
    {
        var hosts = simulation.Snapshot().Hosts;
        var clients = hosts.SelectMany(h => h.TcpTasks).Where(t => t.Connected > 0).ToList();
        return new Dictionary<string, long>
        {
            ["frames"] = hosts.SelectMany(h => h.Devices).Sum(d => d.Stats.RxPackets),
            ["datagrams"] = hosts.SelectMany(h => h.Sockets).Sum(s => s.Delivered),
            ["segments"] = hosts.Sum(h => h.Mib[TcpMib.OutSegs] + h.Mib[TcpMib.RetransSegs]), // ACKs among them
            ["requests"] = clients.Sum(t => t.Requests),
            ["connections"] = clients.Sum(t => t.Closed),
        };
    }
}
