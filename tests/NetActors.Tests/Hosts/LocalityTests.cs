using NetActors.Costs;
using NetActors.Scenarios;

namespace NetActors.Tests.Hosts;

/// <summary>What another CPU had last costs its way over (design section 9).</summary>
public sealed class LocalityTests
{
    private static readonly CostModel Misses = CostModel.Zero.With(CostOp.CacheMissSmt, 10).With(CostOp.CacheMissSameNode, 40)
        .With(CostOp.CacheMissOtherCache, 100).With(CostOp.CacheMissRemoteNode, 200);

    private const string Cpus = "{ count: 8, nodes: 2, smt: 2, llc: 1 }"; // 0 and 4 are a core

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 10)]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    public void A_datagram_read_elsewhere_costs_its_lines_by_distance(int reader, int line)
    {
        var yaml = Yaml.Server(tasks: Yaml.Sink($"cpus: \"{reader}\""), traffic: Yaml.Flood("10kpps", ", stop: 10ms")).Replace("cpus: 1\n", $"cpus: {Cpus}\n", StringComparison.Ordinal);
        using var run = new Running(yaml, Misses);
        run.Until(20_000);
        Assert.Equal(100, run.Socket("sink").Delivered);
        const int Read = 2 + 3; // the socket's queue and the packet
        const int Queued = 2; // the queue comes back to the softirq, but for the first time
        Assert.Equal(100L * Read * line, run.Cpu(reader).TaskNs);
        Assert.Equal(99L * Queued * line, run.Cpu(0).SoftirqNs);
    }

    [Fact]
    public void Nothing_is_counted_where_no_distance_costs_anything()
    {
        using var run = new Running(Yaml.Server(cpus: 2, tasks: Yaml.Sink("cpus: \"1\""), traffic: Yaml.Flood("10kpps", ", stop: 10ms")));
        run.Until(20_000);
        Assert.All(run.Host.Cpus, cpu => Assert.Equal(0, cpu.Cpu.Operations[(int)CostOp.CacheMissSameNode]));
    }

    [Fact]
    public void A_steered_packet_brings_its_lines_and_the_backlog_s_along()
    {
        using var run = new Running(
            Yaml.Server(cpus: 2, device: "queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"2\" } }", tasks: Yaml.Sink("cpus: \"1\""), traffic: Yaml.Flood("10kpps", ", stop: 10ms")),
            Misses);
        run.Until(20_000);
        Assert.Equal(99L * 2 * 40, run.Cpu(0).SoftirqNs); // the backlog comes back
        Assert.Equal(100L * (2 + 3) * 40, run.Cpu(1).SoftirqNs); // the backlog and the packet; the socket is its own
        Assert.Equal(0, run.Cpu(1).TaskNs);
    }

    [Theory]
    [InlineData("{ count: 8, sockets: 3 }", "sockets")]
    [InlineData("{ count: 8, nodes: 2, llc: 3 }", "caches of 3")]
    [InlineData("{ count: 8, nodes: 2, sockets: 3 }", "sockets")]
    public void What_does_not_divide_is_refused(string cpus, string fault)
    {
        var read = ScenarioReader.ReadText(Yaml.Server().Replace("cpus: 1\n", $"cpus: {cpus}\n", StringComparison.Ordinal), "test.yaml");
        Assert.Contains(fault, Assert.Single(read.Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_may_have_costs_of_its_own()
    {
        var yaml = Yaml.Pair("""{ name: asker, program: udp-closed-loop, connect: "10.0.0.1:7" }""", """{ name: echo, program: udp-echo, bind: "0.0.0.0:7" }""")
            .Replace("cost-model: none", "cost-model: bdw6-2018", StringComparison.Ordinal)
            .Replace("  client:\n    cpus: 1", "  client:\n    cost-model: none\n    cpus: 1", StringComparison.Ordinal);
        using var run = new Running(yaml);
        run.Until(10_000);
        Assert.Equal(0, run.Cpu(0, host: 0).TaskNs + run.Cpu(0, host: 0).SoftirqNs);
        Assert.True(run.Cpu(0, host: 1).TaskNs > 0);
    }
}
