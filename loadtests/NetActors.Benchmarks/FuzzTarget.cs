using System.Diagnostics;
using System.Globalization;
using NetActors.Tests.Simulations;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>
/// <c>fuzz --inputs N --seed S</c>: damaged frames into whole hosts, a simulation for every half million and both kernels in turn, until
/// N were sent. Each must fail no actor, account for every packet and give all of them back; the first that does not ends the run with 1.
/// </summary>
internal static class FuzzTarget
{
    private const long PerSimulation = 500_000;
    private static readonly KernelTime Settle = KernelTime.FromMilliseconds(6000); // for neighbours that do not answer

    public static int Run(string[] args)
    {
        var (inputs, first) = (Option(args, "--inputs", 1_000_000), Option(args, "--seed", 1));
        var watch = Stopwatch.StartNew();
        var done = 0L;
        for (var seed = (ulong)first; done < inputs; seed++)
        {
            var count = Math.Min(PerSimulation, inputs - done);
            var kernel = seed % 2 == 0 ? KernelVersion.V310 : KernelVersion.V6;
            var (simulation, end) = FuzzedHost.Start([], seed, count, kernel);
            simulation.RunUntil(end + Settle);
            var conservation = simulation.Snapshot().Conservation;
            simulation.Dispose();
            done += count;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{watch.Elapsed:hh\\:mm\\:ss} {done} inputs; seed {seed}, {kernel}: {conservation.Delivered} delivered, {conservation.Dropped} dropped"));
            if (simulation.Failures.Count == 0 && conservation is { Holds: true, InFlight: 0 } && simulation.OutstandingPackets == 0) continue;
            Console.WriteLine($"missing {conservation.Missing}, waiting {conservation.InFlight}, rented {simulation.OutstandingPackets}");
            foreach (var failure in simulation.Failures) Console.WriteLine(failure);
            return 1;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} inputs in {watch.Elapsed}: nothing found"));
        return 0;
    }

    private static long Option(string[] args, string name, long otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? long.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
