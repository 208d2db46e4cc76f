using BenchmarkDotNet.Attributes;
using NetActors.Hosts;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>
/// The way from the wire to the application on the 16-CPU host of rss-udp-flood, per packet in virtual time: allocated bytes first, then
/// the mean, whose inverse is packets a second of wall time.
/// </summary>
[MemoryDiagnoser]
public class PathBenchmarks : IDisposable
{
    private const int PacketsPerSlice = 40_000;
    private Simulation _simulation = null!;
    private KernelTime _until;
    private KernelTime _slice;

    /// <summary>How far a CPU may run ahead (clock.quantum).</summary>
    [Params("0ns", "5us")]
    public string Quantum { get; set; } = "0ns";

    /// <summary>Packets a second offered; 4 Mpps leaves the readers time to sleep, 8 Mpps on four readers hardly.</summary>
    [Params("4Mpps/12", "8Mpps/4")]
    public string Load { get; set; } = "4Mpps/12";

    [GlobalSetup]
    public void Start()
    {
        var (rate, threads) = (Load.Split('/')[0], Load.Split('/')[1]);
        var read = ScenarioReader.Read(
            ScenarioFiles.Find("rss-udp-flood"),
            ["duration=1000s", $"clock.quantum={Quantum}", $"traffic.flood.rate={rate}", $"hosts.server.tasks[0].threads={threads}", "traffic.flood.arrival=constant"]);
        if (read.Scenario is not { } scenario) throw new InvalidOperationException(string.Join('\n', read.Faults));
        _simulation = Simulation.Start(scenario);
        _slice = KernelTime.FromMicroseconds(rate == "4Mpps" ? PacketsPerSlice / 4 : PacketsPerSlice / 8);
        _until = KernelTime.FromMilliseconds(20);
        _simulation.RunUntil(_until);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _simulation.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Mean of one packet.</summary>
    [Benchmark(OperationsPerInvoke = PacketsPerSlice)]
    public void WireToApplication()
    {
        _until += _slice;
        _simulation.RunUntil(_until);
    }
}
