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
    private const long VirtualBytes = 64 * 1024;
    private const long RealBytes = 256 * 1024; // the machine's own threads and timers are counted too

    [Theory]
    [InlineData("rss-udp-flood", 200_000)]
    [InlineData("single-queue-host", 1_000)]
    [InlineData("udp-echo", 1_000)]
    public void Nothing_is_allocated_per_packet_in_virtual_time(string name, long atLeast)
    {
        var scenario = Read(name);
        using var simulation = Simulation.Start(scenario);
        simulation.RunUntil(new KernelTime(scenario.Duration.Nanoseconds * 2 / 5));
        Measure(simulation, scenario.Duration, atLeast, VirtualBytes, GC.GetAllocatedBytesForCurrentThread);
    }

    [Fact]
    public void Nothing_is_allocated_per_packet_in_real_time()
    {
        var scenario = Read("rss-udp-flood", "duration=3s", "traffic.flood.rate=200kpps");
        using var simulation = Simulation.Start(scenario, new SimulationOptions { Clock = ClockKind.Real });
        simulation.RunUntil(KernelTime.FromMilliseconds(1000));
        Measure(simulation, KernelTime.FromMilliseconds(2500), 50_000, RealBytes, () => GC.GetTotalAllocatedBytes(precise: true));
    }

    private static void Measure(Simulation simulation, KernelTime until, long atLeast, long limit, Func<long> allocated)
    {
        var before = Sent(simulation);
        var bytes = allocated();
        simulation.RunUntil(until);
        bytes = allocated() - bytes;
        var packets = Sent(simulation) - before;
        Assert.True(packets >= atLeast, $"{packets} packets are too few to judge by");
        Assert.True(bytes <= limit, $"{bytes} bytes for {packets} packets: {(double)bytes / packets:F2} each");
        Assert.Empty(simulation.Failures);
    }

    private static long Sent(Simulation simulation) => simulation.Snapshot().Conservation.Sent;

    private static ScenarioFile Read(string name, params string[] overrides)
    {
        var result = ScenarioReader.Read(ShippedFiles.Scenario(name), overrides);
        Assert.Equal("", string.Join('\n', result.Faults));
        return result.Scenario!;
    }
}
