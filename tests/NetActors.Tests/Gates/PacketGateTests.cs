using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Tests.Scenarios;
using NetActors.Time;

namespace NetActors.Tests.Gates;

/// <summary>A packet's whole way, wire to application, allocates nothing once pools and queues have their size.</summary>
[Collection(GateCollection.Name)]
[Trait("Category", "Gate")]
public class PacketGateTests
{
    private const long VirtualLimit = 128 * 1024; // whatever the number of packets: pools and queues grow when a late peak is higher
    private const long RealLimit = 512 * 1024; // the process's other threads are counted, and queues that grow with the machine's load

    [Theory]
    [InlineData("rss-udp-flood", 200_000)]
    [InlineData("single-queue-host", 1_000)]
    [InlineData("udp-echo", 1_000)]
    public void Nothing_is_allocated_per_packet_in_virtual_time(string name, long atLeast)
    {
        var scenario = Read(name);
        using var simulation = Simulation.Start(scenario);
        simulation.RunUntil(new KernelTime(scenario.Duration.Nanoseconds * 2 / 5));
        var (packets, bytes) = Measure(simulation, scenario.Duration, GC.GetAllocatedBytesForCurrentThread);
        Judge(packets, atLeast, bytes, VirtualLimit);
    }

    [Theory]
    [InlineData("hosts.server.devices.eth0.xdp={program: drop}")]
    [InlineData("hosts.server.devices.eth0.xdp={program: echo}")]
    [InlineData("hosts.server.devices.eth0.xdp={program: cpumap, cpus: '1', qsize: 128}")]
    [InlineData("hosts.server.devices.eth0.xdp={program: xsk}", "hosts.server.tasks=[{name: app, program: af-xdp, device: eth0, cpus: '1', action: echo}]")]
    [InlineData("hosts.server.devices.eth0.xdp={program: xsk}", "hosts.server.tasks=[{name: app, program: af-xdp, device: eth0, cpus: '1', action: echo, mode: zero-copy, wait: spin}]")]
    [InlineData("hosts.server.devices.eth0.addresses=[]", "hosts.server.tasks=[{name: app, program: poll-mode, device: eth0, cpus: '1', action: echo}]")]
    public void Nothing_is_allocated_past_the_stack(params string[] overrides)
    {
        var scenario = Read("xdp-ladder", ["duration=40ms", "traffic.flood.rate=4Mpps", .. overrides]);
        using var simulation = Simulation.Start(scenario);
        simulation.RunUntil(KernelTime.FromMilliseconds(20));
        var (packets, bytes) = Measure(simulation, scenario.Duration, GC.GetAllocatedBytesForCurrentThread);
        Judge(packets, 50_000, bytes, VirtualLimit);
    }

    [Fact]
    public void Nothing_is_allocated_per_packet_in_real_time()
    {
        var scenario = Read("rss-udp-flood", "duration=5s", "traffic.flood.rate=200kpps");
        using var simulation = Simulation.Start(scenario, new SimulationOptions { Clock = ClockKind.Real });
        simulation.RunUntil(KernelTime.FromSeconds(1));
        (long Packets, long Bytes) best = (0, long.MaxValue); // an object for each packet would be five times the limit in every second
        for (var second = 2; second <= 4; second++)
        {
            var window = Measure(simulation, KernelTime.FromSeconds(second), () => GC.GetTotalAllocatedBytes(precise: true));
            if (window.Packets >= 100_000 && window.Bytes < best.Bytes) best = window; // a machine that stands still proves nothing
        }

        Judge(best.Packets, 100_000, best.Bytes, RealLimit);
    }

    private static (long Packets, long Bytes) Measure(Simulation simulation, KernelTime until, Func<long> allocated)
    {
        var packets = Sent(simulation);
        var bytes = allocated();
        simulation.RunUntil(until);
        bytes = allocated() - bytes;
        Assert.Empty(simulation.Failures);
        return (Sent(simulation) - packets, bytes);
    }

    private static void Judge(long packets, long atLeast, long bytes, long limit)
    {
        Assert.True(packets >= atLeast, $"{packets} packets are too few to judge by");
        Assert.True(bytes <= limit, $"{bytes} bytes for {packets} packets: {(double)bytes / packets:F2} each");
    }

    private static long Sent(Simulation simulation) => simulation.Snapshot().Conservation.Sent;

    private static ScenarioFile Read(string name, params string[] overrides)
    {
        var result = ScenarioReader.Read(ShippedFiles.Scenario(name), overrides);
        Assert.Equal("", string.Join('\n', result.Faults));
        return result.Scenario!;
    }
}
