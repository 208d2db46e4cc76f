
namespace NetActors.Tests.Hosts;

/// <summary>Members of a reuseport group chosen by CPU (specification section 11.1, 13 item 13). Queue N interrupts CPU N.</summary>
public sealed class ReuseportByCpuTests
{
    [Theory]
    [InlineData("incoming-cpu")]
    [InlineData("cbpf")]
    public void Datagrams_reach_the_socket_of_the_cpu_that_handles_them(string choice)
    {
        using var run = Flooded(choice);
        run.Until(30_000);
        var sockets = run.Plan.Hosts[0].Sockets.Where(s => s.Task == "sink").Select(s => s.RxPackets).ToList();
        Assert.Equal(run.Snapshot.Hosts[0].Cpus.Select(c => c.Softnet.Processed), sockets);
        Assert.All(sockets, packets => Assert.True(packets > 100));
    }

    [Fact]
    public void By_hash_it_has_nothing_to_do_with_the_cpu()
    {
        using var run = Flooded("hash");
        run.Until(30_000);
        Assert.NotEqual(run.Snapshot.Hosts[0].Cpus.Select(c => c.Softnet.Processed), run.Plan.Hosts[0].Sockets.Where(s => s.Task == "sink").Select(s => s.RxPackets));
        Assert.True(run.Snapshot.Hosts[0].Cpus.Sum(c => c.RescheduleIpis) > 0);
    }

    [Theory]
    [InlineData("incoming-cpu")]
    [InlineData("cbpf")]
    public void Connections_stay_on_the_cpu_that_their_queue_interrupts(string choice)
    {
        using var run = new Running(
            $$"""
            duration: 1s
            cost-model: none
            hosts:
              client:
                cpus: 1
                devices: { eth0: { addresses: [10.0.0.2/24], queues: 1, coalesce: { rx-usecs: 0, rx-frames: 1 } } }
                tasks: [ { name: ask, program: tcp-rr, connect: "10.0.0.1:9000", connections: 40 } ]
              server:
                cpus: 4
                devices: { eth0: { addresses: [10.0.0.1/24], queues: 4, coalesce: { rx-usecs: 0, rx-frames: 1 } } }
                tasks: [ { name: web, program: tcp-server, bind: "0.0.0.0:9000", threads: 4, pin: on, reuseport: on, reuseport-select: {{choice}} } ]
            wires: [ { between: [client.eth0, server.eth0], delay: 50us } ]
            """);
        run.Until(20_000);
        Assert.Equal(0, run.Snapshot.Hosts[1].Cpus.Sum(c => c.RescheduleIpis)); // nobody wakes a thread of another CPU
        Assert.All(run.Snapshot.Hosts[1].Cpus, cpu => Assert.True(cpu.Softnet.Processed > 100));
    }

    [Theory]
    [InlineData("reuseport-select: cbpf", "6.x", "needs `reuseport: on`")]
    [InlineData("reuseport: on, reuseport-select: incoming-cpu", "3.10", "3.10 has neither")]
    public void Choice_that_cannot_be_is_a_fault(string keys, string kernel, string fault)
    {
        var text = Yaml.Server(cpus: 4, tasks: Yaml.Sink(keys), top: $"kernel: \"{kernel}\"");
        Assert.Contains(NetActors.Scenarios.ScenarioReader.ReadText(text, "test.yaml").Faults, f => f.Message.Contains(fault, StringComparison.Ordinal));
    }

    private static Running Flooded(string choice) => new(Yaml.Server(
        cpus: 4, device: "queues: 4, rx-flow-hash: { udp4: sdfn }", tasks: Yaml.Sink($"threads: 4, pin: on, reuseport: on, reuseport-select: {choice}"),
        traffic: Yaml.Flood("100kpps", ", stop: 20ms, flows: 300").Replace("source-ports: 1024", "source-ports: 1024-9000", StringComparison.Ordinal)));
}
