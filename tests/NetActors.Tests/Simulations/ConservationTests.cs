using CsCheck;
using NetActors.Hosts;
using NetActors.Tests.Scenarios;
using NetActors.Time;

namespace NetActors.Tests.Simulations;

/// <summary>Every packet that was sent was delivered, dropped for a counted reason, or waits: at every layer, at any time.</summary>
public sealed class ConservationTests
{
    public static TheoryData<string> Shipped =>
        [.. ShippedFiles.Scenarios.Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_scenario_loses_no_packet_unaccounted_and_holds_none_when_idle(string name) =>
        Runs.CheckThrough(Runs.Shipped(name, "duration=20ms", "report.warm-up=0ns"), steps: 7, name);

    [Fact]
    public void Random_scenario_loses_no_packet_unaccounted_and_holds_none_when_idle() =>
        RandomScenarios.Any.Sample(text => Runs.CheckThrough(Runs.Text(text), steps: 5, text), threads: 1);

    [Fact]
    public void Random_scenario_stopped_at_any_time_gives_every_packet_back() =>
        Gen.Select(RandomScenarios.Any, Gen.Long[0, 12_000_000]).Sample(
            (text, nanoseconds) =>
            {
                var simulation = Simulation.Start(Runs.Text(text));
                Runs.To(simulation, new KernelTime(nanoseconds), text);
                simulation.Dispose();
                Assert.True(simulation.OutstandingPackets == 0, $"{simulation.OutstandingPackets} packets are left of a stop at {nanoseconds} ns\n{text}");
                Assert.True(simulation.Failures.Count == 0, string.Join('\n', simulation.Failures) + "\n" + text);
            },
            threads: 1);

    [Fact]
    public void With_a_quantum_a_backlog_shows_no_packet_before_it_came_in() // its reader died of a latency below zero
    {
        const string Steered = """
            seed: 833011
            duration: 20ms
            kernel: "6.x"
            clock: { quantum: 20us, hz: 1000 }
            cost-model: bdw6-2018
            hosts:
              server:
                cpus: 3
                sysctl: { net.core.netdev_budget: 20, net.ipv4.icmp_echo_ignore_all: 0 }
                devices:
                  eth0: { addresses: [10.0.0.1/24], queues: 5, ring: { rx: 512, tx: 512 }, coalesce: { rx-usecs: 30, model: throttle }, pause: { rx: on, tx: on }, features: { gro: off, rx: on }, rx-flow-hash: { udp4: sdfn }, napi: { weight: 64 }, queues-sysfs: { rx-*: { rps_cpus: 7 } } }
                routes: [ "default via 10.0.0.254 dev eth0" ]
                tasks:
                  - { name: server0, program: udp-sink, bind: "0.0.0.0:9000", threads: 3, reuseport: on, batch: 4, service: 0ns, rcvbuf: 20KiB }
                  - { name: server1, program: udp-sink, bind: "0.0.0.0:9001", threads: 3, reuseport: on, batch: 4, service: 5us }
                  - { name: hog, program: cpu-hog, threads: 2, nice: 0, burst: 300us, pause: 0ns }
            traffic:
              - { name: flood0, to: server.eth0, kind: udp-flood, rate: 458kpps, arrival: constant, size: 1518, flows: 86, source: 10.0.1.0/24, destination: "10.0.0.1:9000-9003", start: 0ms, stop: 6ms }
              - { name: flood1, to: server.eth0, kind: udp-flood, rate: 1154kpps, arrival: constant, size: { 64: 7, 576: 4, 1518: 1 }, flows: 161, distribution: elephant, elephant-share: 68%, source: 10.0.1.0/24, destination: "10.0.0.1:9000", start: 1ms, stop: 3ms }
            """;
        using var simulation = Simulation.Start(Runs.Text(Steered));
        Runs.To(simulation, KernelTime.FromMilliseconds(20), Steered);
        Assert.Empty(simulation.Failures);
        Assert.True(simulation.Snapshot().Hosts[0].Cpus.Sum(c => c.IpisReceived) > 0);
    }
}
