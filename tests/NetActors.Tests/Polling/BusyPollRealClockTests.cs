using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Tests.Simulations;
using NetActors.Time;

namespace NetActors.Tests.Polling;

/// <summary>Busy polling when every emulated CPU is a thread.</summary>
[Collection(MachineCollection.Name)]
public sealed class BusyPollRealClockTests
{
    [Theory]
    [InlineData("busy_poll: 20ms", "queues: 1")]
    [InlineData("busy_poll: 20ms, prefer_busy_poll: on", "queues: 2, napi: { napi_defer_hard_irqs: 10, gro_flush_timeout: 100us }")]
    public void Tasks_that_poll_lose_nothing_and_go_on(string poll, string device)
    {
        var scenario = Runs.Text($$"""
            duration: 500ms
            hosts:
              client:
                cpus: 1
                devices: { eth0: { mac: "02:00:00:00:00:02", addresses: [10.0.0.2/24], queues: 1, coalesce: { rx-usecs: 50, rx-frames: 0 } } }
                neighbours: [ "10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0" ]
                tasks:
                  - { name: asker, program: udp-closed-loop, connect: "10.0.0.1:9000", outstanding: 4, timeout: 1s, stop: 450ms }
              server:
                cpus: 2
                devices: { eth0: { mac: "02:00:00:00:00:01", addresses: [10.0.0.1/24], {{device}} } }
                neighbours: [ "10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0" ]
                tasks:
                  - { name: echo, program: udp-echo, threads: 2, pin: on, reuseport: on, bind: "0.0.0.0:9000", batch: 4, {{poll}} }
            wires:
              - { between: [client.eth0, server.eth0], rate: 10Gbit, delay: 20us }
            """);
        using var simulation = Simulation.Start(scenario, new SimulationOptions { Clock = ClockKind.Real });
        simulation.RunUntil(scenario.Duration);
        for (var i = 0; i < 100 && Balances.Faults(simulation, idle: true).Count > 0; i++) simulation.RunUntil(simulation.Now + KernelTime.FromMilliseconds(20));
        Balances.Check(simulation, idle: true);
        var snapshot = simulation.Snapshot();
        Assert.True(snapshot.Latency.Single().Count > 10, "nothing was answered");
        Assert.True(snapshot.Hosts[1].Mib[LinuxMib.BusyPollRxPackets] > 0, "nothing was polled");
        Assert.Empty(simulation.Failures);
    }
}
