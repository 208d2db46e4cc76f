using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tests.Simulations;

/// <summary>The same properties when every emulated CPU is a thread.</summary>
[Collection(MachineCollection.Name)]
public sealed class RealClockTests
{
    private const string Flood = """
        duration: 20ms
        hosts:
          server:
            cpus: 4
            devices:
              eth0: { addresses: [10.0.0.1/24], queues: 2, ring: { rx: 64, tx: 64 }, coalesce: { rx-usecs: 50, rx-frames: 0 }, rx-flow-hash: { udp4: sdfn } RPS }
            routes: [ "default via 10.0.0.254 dev eth0" ]
            neighbours: [ "10.0.0.254 lladdr 02:00:00:00:00:fe dev eth0" ]
            tasks:
              - { name: sink, program: udp-sink, threads: 3, REUSE, bind: "0.0.0.0:9000", batch: 8 }
        traffic:
          - { name: flood, to: server.eth0, kind: udp-flood, rate: 40kpps, size: 64, flows: 32, source: 10.0.1.0/24, destination: "10.0.0.1:9000-9001" }
        """;

    private const string Pair = """
        duration: 20ms
        hosts:
          client:
            cpus: 2
            devices: { eth0: { addresses: [10.0.0.2/24], queues: 2, coalesce: { rx-usecs: 50, rx-frames: 0 } } }
            tasks:
              - { name: asker, program: udp-closed-loop, threads: 2, connect: "10.0.0.1:9000", outstanding: 4, timeout: 50ms, stop: 30ms }
          server:
            cpus: 2
            devices: { eth0: { addresses: [10.0.0.1/24], queues: 1, coalesce: { rx-usecs: 50, rx-frames: 0 } } }
            tasks:
              - { name: echo, program: udp-echo, threads: 2, REUSE, bind: "0.0.0.0:9000", batch: 4 }
        wires:
          - { between: [client.eth0, server.eth0], rate: 10Gbit, delay: 20us, FAULTS }
        """;

    public static TheoryData<string, string> Scenarios => new()
    {
        { "flood, a socket a thread", Flood.Replace("REUSE", "reuseport: on").Replace(" RPS", "") },
        { "flood, one socket", Flood.Replace("REUSE", "reuseport: off").Replace(" RPS", "") },
        { "flood, steered", Flood.Replace("REUSE", "reuseport: on").Replace(" RPS", ", queues-sysfs: { rx-*: { rps_cpus: f } }") },
        { "pair", Pair.Replace("REUSE", "reuseport: on").Replace("FAULTS", "loss: 0%") },
        { "pair, one socket", Pair.Replace("REUSE", "reuseport: off").Replace("FAULTS", "loss: 0%") },
        { "pair, faulty wire", Pair.Replace("REUSE", "reuseport: on").Replace("FAULTS", "loss: 2%, duplicate: 2%, reorder: 2%, corrupt: 2%") },
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void On_the_machines_clock_no_packet_is_lost_unaccounted_and_none_held_when_idle(string name, string text)
    {
        var scenario = Runs.Text(text);
        for (var run = 0; run < 3; run++)
        {
            using var simulation = Simulation.Start(scenario, new SimulationOptions { Clock = ClockKind.Real });
            simulation.RunUntil(scenario.Duration);
            var taken = Idle(simulation);
            Balances.Check(simulation, idle: true, $"{name}, run {run}");
            Assert.True(taken > 0, "no packet came");
        }
    }

    [Fact]
    public void Damaged_frames_fail_no_actor_on_the_machines_clock()
    {
        var (simulation, end) = FuzzedHost.Start([], 4, 10_000, clock: ClockKind.Real);
        using (simulation)
        {
            simulation.RunUntil(end);
            simulation.RunUntil(simulation.Now + KernelTime.FromMilliseconds(3500)); // for neighbours that do not answer
            Idle(simulation);
            Balances.Check(simulation, idle: true);
        }

        Assert.Equal(0, simulation.OutstandingPackets);
    }

    /// <summary>Waits until nothing waits, at most five seconds. Answers how many packets were delivered.</summary>
    private static long Idle(Simulation simulation)
    {
        var snapshot = simulation.Snapshot();
        for (var i = 0; i < 100 && (snapshot.Conservation.InFlight != 0 || simulation.OutstandingPackets != 0 || !snapshot.Conservation.Holds); i++)
        {
            simulation.RunUntil(simulation.Now + KernelTime.FromMilliseconds(50));
            snapshot = simulation.Snapshot();
        }

        simulation.RunUntil(simulation.Now + KernelTime.FromMilliseconds(20));
        return snapshot.Conservation.Delivered;
    }
}
