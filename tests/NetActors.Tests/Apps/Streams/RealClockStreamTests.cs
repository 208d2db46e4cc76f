using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Tests.Simulations;
using NetActors.Time;

namespace NetActors.Tests.Apps.Streams;

/// <summary>The programs against the machine's clock, where their CPUs are threads.</summary>
[Collection(MachineCollection.Name)]
public sealed class RealClockStreamTests
{
    [Theory]
    [InlineData("epoll", "epoll")]
    [InlineData("blocking", "poll")]
    [InlineData("poll", "blocking")]
    [InlineData("epoll-et", "epoll-et")]
    public void On_the_real_clock_requests_are_answered_and_streams_arrive_whole(string client, string server)
    {
        var connections = client == "blocking" || server == "blocking" ? 1 : 8;
        var yaml = $$"""
            duration: 10s
            hosts:
              client:
                cpus: 2
                devices: { eth0: { addresses: [10.0.0.2/24], queues: 2 } }
                tasks:
                  - { name: rr, program: tcp-rr, io: {{client}}, threads: 2, connections: {{connections}}, connect: "10.0.0.1:80", response: 3000, stop: 400ms }
                  - { name: crr, program: tcp-crr, io: {{client}}, threads: 2, connect: "10.0.0.1:80", think: 1ms, stop: 400ms }
                  - { name: stream, program: tcp-stream, io: {{client}}, threads: 2, connect: "10.0.0.1:81", bytes: 1MiB, stop: 5s }
              server:
                cpus: 2
                devices: { eth0: { addresses: [10.0.0.1/24], queues: 2 } }
                tasks:
                  - { name: web, program: tcp-server, io: {{server}}, threads: 4, bind: "0.0.0.0:80", stop: 2s }
                  - { name: sink, program: tcp-server, io: {{server}}, threads: 2, does: discard, bind: "0.0.0.0:81", stop: 2s }
            wires:
              - { between: [client.eth0, server.eth0], delay: 5us }
            """;
        var scenario = ScenarioReader.ReadText(yaml, "test.yaml").Scenario!;
        using var simulation = Simulation.Start(scenario, new SimulationOptions { Clock = ClockKind.Real });
        var sink = simulation.Plan.Hosts[1].Stack.Tcp;
        Assert.True(simulation.RunUntil(KernelTime.FromMilliseconds(2500)));
        var tasks = simulation.Snapshot().Hosts.SelectMany(h => h.TcpTasks).ToDictionary(t => t.Name);
        Assert.True(simulation.Failures.Count == 0, string.Join('\n', simulation.Failures.Take(3)));
        Assert.True(tasks["rr"].Requests > 0, $"{tasks["rr"]}");
        Assert.True(tasks["crr"].Requests > 0, $"{tasks["crr"]}");
        Assert.True(tasks["rr"].Requests + tasks["crr"].Requests <= tasks["web"].Requests); // each answer that was read was written
        Assert.Equal(2 << 20, tasks["sink"].BytesReceived);
        Assert.Equal(0, tasks.Values.Sum(t => t.Connected + t.Accepted - t.Closed));
        Assert.Equal(0, sink.Context.Chunks.Outstanding);
    }
}
