using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Softirq;
using NetActors.Tests.Nic;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Tests.Hosts;

/// <summary>
/// A scenario that runs in virtual time, with frames put in front of its devices by hand. At its end every packet must be accounted for
/// and back in its pool.
/// </summary>
internal sealed class Running : IDisposable
{
    private readonly Simulation _simulation;

    public Running(
        string yaml,
        CostModel? costs = null,
        IEnumerable<(string Device, WireFrame Frame)>? frames = null,
        ITraceSink? trace = null,
        bool capture = false,
        Action<SimulationPlan>? prepare = null,
        IReadOnlyDictionary<string, IFrameSource>? forged = null)
    {
        var result = ScenarioReader.ReadText(yaml, "test.yaml");
        Assert.True(result.Scenario is not null, string.Join('\n', result.Faults));
        var scenario = result.Scenario! with { CostModel = costs ?? result.Scenario!.CostModel };
        var sources = new Dictionary<string, ListSource>();
        foreach (var (device, frame) in frames ?? [])
        {
            if (!sources.TryGetValue(device, out var source)) sources.Add(device, source = new ListSource());
            source.Add(frame);
        }

        var replays = sources.ToDictionary(s => s.Key, s => (IFrameSource)s.Value);
        foreach (var (device, source) in forged ?? new Dictionary<string, IFrameSource>()) replays.Add(device, source);
        TrafficSettings[] scripted = [.. replays.Keys.Select(d => new ReplaySettings
        {
            Name = d, To = new DevicePort(d.Split('.')[0], d.Split('.')[1]), File = d, Timing = ReplayTiming.Original, Speed = 1,
        })];
        scenario = scenario with { Traffic = [.. scenario.Traffic, .. scripted] };
        var options = new SimulationOptions { Trace = trace, Capture = capture ? Captured : null, OpenReplay = r => replays[r.File] };
        _simulation = Simulation.Start(scenario, options, prepare);
    }

    /// <summary>What passed the devices.</summary>
    public CaptureLog Captured { get; } = new();

    public SimulationPlan Plan => _simulation.Plan;

    public Simulation Simulation => _simulation;

    public Host Host => Plan.Hosts[0];

    public SimulationSnapshot Snapshot => _simulation.Snapshot();

    public MibSet Mib => Snapshot.Hosts[0].Mib;

    public CpuSnapshot Cpu(int number, int host = 0) => Snapshot.Hosts[host].Cpus[number];

    public DeviceSnapshot Device(string name, int host = 0) => Snapshot.Hosts[host].Devices.Single(d => d.Name == name);

    public UdpSocket Socket(string task) => Plan.Hosts.SelectMany(h => h.Sockets).First(s => s.Task == task);

    public static long Runs(CpuSnapshot cpu, SoftirqVector vector) => vector switch
    {
        SoftirqVector.NetRx => cpu.Softirqs.NetRx,
        SoftirqVector.Timer => cpu.Softirqs.Timer,
        _ => throw new ArgumentOutOfRangeException(nameof(vector)),
    };

    public long Dropped(SkbDropReason reason) => Snapshot.Hosts.Sum(h => h.Drops.Where(d => d.Reason == reason).Sum(d => d.Count));

    public Running Until(long microseconds)
    {
        Assert.True(_simulation.RunUntil(KernelTime.FromMicroseconds(microseconds)));
        CheckConservation();
        return this;
    }

    public void CheckConservation()
    {
        var ledger = Snapshot.Conservation;
        Assert.True(ledger.Holds, $"missing {ledger.Missing}: {ledger} {string.Join(", ", ledger.Drops)}");
    }

    public void Dispose()
    {
        _simulation.Dispose();
        Assert.Equal(0, _simulation.OutstandingPackets);
    }
}

/// <summary>Keeps what passes the devices.</summary>
internal sealed class CaptureLog : ICaptureSink
{
    public List<(KernelTime At, byte[] Frame, CaptureDirection Direction, int Interface)> Frames { get; } = [];

    public List<string> Interfaces { get; } = [];

    public IEnumerable<byte[]> Sent(int device = 0) =>
        Frames.Where(f => f.Interface == device && f.Direction == CaptureDirection.Outbound).Select(f => f.Frame);

    public int AddInterface(string name, int linkType)
    {
        Interfaces.Add(name);
        return Interfaces.Count - 1;
    }

    public void Write(
        int interfaceId, KernelTime time, ReadOnlySpan<byte> frame, int originalLength, CaptureDirection direction, int cpu,
        SkbDropReason dropReason, long packetId) => Frames.Add((time, frame.ToArray(), direction, interfaceId));
}

/// <summary>Keeps the trace.</summary>
internal sealed class TraceLog : ITraceSink
{
    public List<TraceEvent> Events { get; } = [];

    public void Emit(in TraceEvent e) => Events.Add(e);
}
