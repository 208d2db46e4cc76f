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
          - { name: flood, to: server.eth0, kind: udp-flood, rate: 40kpps, size: 64, flows: 32, source: 10.0.1.0/24, destination: "10.0.0.1:PORTS" }
        """;

    private const string Pair = """
        duration: 20ms
        hosts:
          client:
            cpus: 2
            devices: { eth0: { mac: "02:00:00:00:00:02", addresses: [10.0.0.2/24], queues: 2, coalesce: { rx-usecs: 50, rx-frames: 0 } } }
            neighbours: [ NEIGHBOURS ]
            tasks:
              - { name: asker, program: udp-closed-loop, threads: 2, connect: "10.0.0.1:9000", outstanding: 4, timeout: 50ms, stop: 30ms }
          server:
            cpus: 2
            devices: { eth0: { mac: "02:00:00:00:00:01", addresses: [10.0.0.1/24], queues: 1, coalesce: { rx-usecs: 50, rx-frames: 0 } } }
            neighbours: [ NEIGHBOURS ]
            tasks:
              - { name: echo, program: udp-echo, threads: 2, REUSE, bind: "0.0.0.0:9000", batch: 4 }
        wires:
          - { between: [client.eth0, server.eth0], rate: 10Gbit, delay: 20us, FAULTS }
        """;

    private const string Known = "\"10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0\", \"10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0\"";

    public static TheoryData<string, string> Scenarios => new()
    {
        { "flood, a socket a thread", Flood.Replace("PORTS", "9000").Replace("REUSE", "reuseport: on").Replace(" RPS", "") },
        { "flood, one socket", Flood.Replace("PORTS", "9000").Replace("REUSE", "reuseport: off").Replace(" RPS", "") },
        { "flood, steered", Flood.Replace("PORTS", "9000").Replace("REUSE", "reuseport: on").Replace(" RPS", ", queues-sysfs: { rx-*: { rps_cpus: f } }") },
        { "pair", Pair.Replace("NEIGHBOURS", Known).Replace("REUSE", "reuseport: on").Replace("FAULTS", "loss: 0%") },
        { "pair, one socket", Pair.Replace("NEIGHBOURS", Known).Replace("REUSE", "reuseport: off").Replace("FAULTS", "loss: 0%") },
        { "pair, in pieces", Pair.Replace("NEIGHBOURS", Known).Replace("cpus: 2", "cpus: 2\n    sysctl: { net.ipv4.ipfrag_time: 1 }").Replace("outstanding: 4,", "outstanding: 4, size: 5000,").Replace("REUSE", "reuseport: on").Replace("FAULTS", "duplicate: 2%, reorder: 2%") },
        { "pair, faulty wire", Pair.Replace("NEIGHBOURS", Known).Replace("REUSE", "reuseport: on").Replace("FAULTS", "loss: 2%, duplicate: 2%, reorder: 2%, corrupt: 2%") },
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void On_the_machines_clock_no_packet_is_lost_unaccounted_and_none_held_when_idle(string name, string text)
    {
        var scenario = Runs.Text(text);
        var taken = 0L; // in one run none may come: on a machine under load the tasks begin when their time is over
        for (var run = 0; run < 3; run++)
        {
            using var simulation = Simulation.Start(scenario, new SimulationOptions { Clock = ClockKind.Real });
            simulation.RunUntil(scenario.Duration);
            taken += Idle(simulation);
            Balances.Check(simulation, idle: true, $"{name}, run {run}");
        }

        Assert.True(taken > 0, "no packet came");
    }

    [Fact]
    public void On_the_machines_clock_packets_that_wait_for_an_address_are_all_sent() =>
        On_the_machines_clock_no_packet_is_lost_unaccounted_and_none_held_when_idle(
            "pair, unresolved", Pair.Replace("NEIGHBOURS", "").Replace("REUSE", "reuseport: on").Replace("FAULTS", "loss: 5%, duplicate: 5%"));

    [Fact]
    public void On_the_machines_clock_several_CPUs_refuse_datagrams_at_once() =>
        On_the_machines_clock_no_packet_is_lost_unaccounted_and_none_held_when_idle(
            "flood, refused", Flood.Replace("PORTS", "9000-9001").Replace("REUSE", "reuseport: on").Replace(" RPS", ""));

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

    [Fact]
    public void On_the_machines_clock_several_CPUs_answer_pings_at_once() =>
        On_the_machines_clock_no_packet_is_lost_unaccounted_and_none_held_when_idle(
            "pings", Pair.Replace("NEIGHBOURS", "").Replace("REUSE", "reuseport: on").Replace("FAULTS", "duplicate: 5%").Replace(
                "- { name: asker",
                """
                - { name: one, program: ping, destination: 10.0.0.1, interval: 200us, count: 60, cpus: "0" }
                      - { name: two, program: ping, destination: 10.0.0.1, interval: 200us, count: 60, cpus: "1" }
                      - { name: asker
                """));

    /// <summary>Waits until nothing has waited for 50 ms, at most ten seconds. Answers how many packets were delivered.</summary>
    private static long Idle(Simulation simulation)
    {
        var quiet = 0;
        for (var i = 0; i < 1000 && quiet < 5; i++)
        {
            quiet = Balances.Faults(simulation, idle: true).Count == 0 ? quiet + 1 : 0;
            simulation.RunUntil(simulation.Now + KernelTime.FromMilliseconds(10));
        }

        return simulation.Snapshot().Conservation.Delivered;
    }
}
