using BenchmarkDotNet.Attributes;
using NetActors.Hosts;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>
/// A frame from the wire to where it ends, in virtual time and per frame, on one queue: in a socket's program, in table raw, in XDP, behind a CPU
/// map, in an AF_XDP program, in a poll-mode driver's. Allocated bytes first, then the mean, whose inverse is frames a second of wall time; XDP's
/// drop is to be at least three times as fast as the full stack.
/// </summary>
[MemoryDiagnoser]
public class BypassBenchmarks : IDisposable
{
    private const int FramesPerSlice = 20_000;
    private static readonly KernelTime Slice = KernelTime.FromMicroseconds(FramesPerSlice); // at 1 Mpps
    private Simulation _simulation = null!;
    private KernelTime _until;

    /// <summary>Where a frame ends.</summary>
    [Params("socket", "raw", "xdp-drop", "xdp-echo", "cpumap", "af-xdp", "af-xdp-zc", "poll-mode")]
    public string Way { get; set; } = "socket";

    [GlobalSetup]
    public void Start()
    {
        string[] overrides = Way switch
        {
            "socket" => ["hosts.server.iptables=[]", Tasks("program: udp-sink, bind: '0.0.0.0:9', batch: 32")],
            "raw" => [],
            "xdp-drop" => ["hosts.server.devices.eth0.xdp={program: drop}"],
            "xdp-echo" => ["hosts.server.devices.eth0.xdp={program: echo}"],
            "cpumap" => ["hosts.server.devices.eth0.xdp={program: cpumap, cpus: '1', qsize: 1024}"],
            "af-xdp" => ["hosts.server.devices.eth0.xdp={program: xsk}", Tasks("program: af-xdp, device: eth0, mode: copy")],
            "af-xdp-zc" => ["hosts.server.devices.eth0.xdp={program: xsk}", Tasks("program: af-xdp, device: eth0, mode: zero-copy")],
            "poll-mode" => ["hosts.server.devices.eth0.addresses=[]", Tasks("program: poll-mode, device: eth0")],
            _ => throw new InvalidOperationException($"no way {Way}"),
        };
        var read = ScenarioReader.Read(ScenarioFiles.Find("xdp-ladder"), ["duration=1000s", "traffic.flood.rate=1Mpps", .. overrides]);
        if (read.Scenario is not { } scenario) throw new InvalidOperationException(string.Join('\n', read.Faults));
        _simulation = Simulation.Start(scenario);
        _until = KernelTime.FromMilliseconds(50);
        _simulation.RunUntil(_until);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _simulation.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Mean of one frame.</summary>
    [Benchmark(OperationsPerInvoke = FramesPerSlice)]
    public void WireToEnd()
    {
        _until += Slice;
        _simulation.RunUntil(_until);
    }

    private static string Tasks(string task) => $"hosts.server.tasks=[{{name: app, cpus: '1', {task}}}]";
}
