using System.Diagnostics;
using System.Globalization;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>
/// <c>rate SCENARIO [--clock virtual|real] [--runs N] [--set key=value]...</c>: packets that programs got per second of the machine's
/// time, run by run until the JIT has settled and then N times more, of which the median is printed. The first tenth of each run is not
/// measured.
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

        var rates = new List<double>();
        for (var run = -Settling; run < runs; run++)
        {
            var (rate, messages, bytes) = Measure(scenario, clock);
            var settling = run < 0 ? " (settling)" : "";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{rate / 1e6:F3} M packets/s, {messages:F2} messages and {bytes:F3} bytes a packet{settling}"));
            if (run >= 0) rates.Add(rate);
        }

        rates.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"median {rates[rates.Count / 2] / 1e6:F2} M packets a second of wall time, {clock} clock, machine with {Environment.ProcessorCount} CPUs"));
        return 0;
    }

    private static (double Rate, double Messages, double Bytes) Measure(ScenarioFile scenario, ClockKind clock)
    {
        using var simulation = Simulation.Start(scenario, new SimulationOptions { Clock = clock });
        simulation.RunUntil(new KernelTime(scenario.Duration.Nanoseconds / 10));
        var (before, messages, bytes) = (Delivered(simulation), simulation.Messages, GC.GetTotalAllocatedBytes());
        var watch = Stopwatch.StartNew();
        simulation.RunUntil(scenario.Duration);
        var elapsed = watch.Elapsed.TotalSeconds;
        bytes = GC.GetTotalAllocatedBytes() - bytes;
        double packets = Math.Max(1, Delivered(simulation) - before);
        return (packets / elapsed, (simulation.Messages - messages) / packets, bytes / packets);
    }

    private static long Delivered(Simulation simulation) => simulation.Snapshot().Hosts.SelectMany(h => h.Sockets).Sum(s => s.Delivered);
}
