using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Tests.Simulations;
using NetActors.Time;

namespace NetActors.Tests.Transmit;

/// <summary>Threads that share one qdisc: one at a time is at it, and what the others bring is not lost.</summary>
[Collection(MachineCollection.Name)]
public sealed class RealClockQdiscTests
{
    [Theory]
    [InlineData("pfifo_fast")]
    [InlineData("fq")]
    [InlineData("fq_codel")]
    [InlineData("tbf rate 100mbit burst 20kb latency 20ms")]
    [InlineData("netem delay 2ms 1ms")]
    public void Every_packet_of_several_threads_arrives_or_is_a_counted_drop(string qdisc)
    {
        var floods = string.Join(", ", Enumerable.Range(0, 3).Select(i => Path.Flood($"f{i}", 9000 + i, "5kpps", more: $", cpus: \"{i}\", stop: 300ms")));
        var yaml = Path.Yaml($"qdisc add dev eth0 root {qdisc}", floods, Path.Sink("sink", 9000), cpus: 3);
        var scenario = ScenarioReader.ReadText(yaml, "test.yaml").Scenario!;
        using var simulation = Simulation.Start(scenario, new SimulationOptions { Clock = ClockKind.Real });
        Assert.True(simulation.RunUntil(KernelTime.FromMilliseconds(1500)));
        Assert.True(simulation.Failures.Count == 0, string.Join('\n', simulation.Failures.Take(3)));
        var snapshot = simulation.Snapshot();
        Assert.True(snapshot.Conservation.Holds, $"{snapshot.Conservation}");
        var root = snapshot.Hosts[0].Devices.Single(d => d.Name == "eth0").Qdiscs[0];
        Assert.Equal((0L, 0L), (root.BacklogPackets, root.BacklogBytes));
        Assert.True(root.Packets > 100, $"{root}");
    }
}
