
namespace NetActors.Tests.Hosts;

/// <summary>Settings that a scenario changes at a virtual time.</summary>
public sealed class ScenarioEventTests
{
    private const string Top = """
        events:
          - { at: 4950us, host: server, set: { "/sys/class/net/eth0/queues/rx-0/rps_cpus": "4", "net.core.netdev_budget": 100 } }
          - { at: 9950us, host: server, set: { "/sys/class/net/eth0/queues/rx-0/rps_cpus": "8" } }
          - { at: 14950us, host: server, set: { "ethtool -X eth0": "equal 9" } }
        """;

    [Fact]
    public void Events_happen_at_their_time_and_each_is_kept_with_its_answer()
    {
        using var run = new Running(Scenario());
        run.Until(30_000);
        Assert.Equal([50, 0, 50, 100], run.Snapshot.Hosts[0].Cpus.Select(c => c.Softnet.Processed));
        var writes = run.Snapshot.Hosts[0].Writes;
        Assert.Equal([4_950_000, 4_950_000, 9_950_000, 14_950_000], writes.Select(w => w.AtNs));
        Assert.Equal("8", writes[2].Value);
        Assert.StartsWith("EINVAL", writes[3].Error, StringComparison.Ordinal);
        Assert.All(writes.Take(3), write => Assert.Empty(write.Error));
    }

    [Fact]
    public void Scenario_with_events_runs_alike_each_time()
    {
        static List<long> Once()
        {
            var trace = new TraceLog();
            using var run = new Running(Scenario(), trace: trace);
            run.Until(30_000);
            return [.. trace.Events.Select(e => e.Time.Nanoseconds ^ (long)e.Point ^ (e.Cpu << 20))];
        }

        Assert.Equal(Once(), Once());
    }

    [Theory]
    [InlineData("{ at: 1ms, host: serve, set: { net.core.netdev_budget: 1 } }", "no host is called `serve`", "server")]
    [InlineData("{ at: 1ms, host: server, set: { net.core.netdev_bugdet: 1 } }", "no sysctl here is called", "net.core.netdev_budget")]
    [InlineData("{ at: 1ms, host: server, set: { net.core.rmem_max: 99999 } }", "only at the start", null)]
    [InlineData("{ at: 1ms, host: server, set: { net.core.netdev_budget: x } }", "net.core.netdev_budget", null)]
    [InlineData("{ at: 1ms, host: server, set: { /sys/class/net/eth1/queues/rx-0/rps_cpus: 1 } }", "no device of this host is called `eth1`", "eth0")]
    [InlineData("{ at: 1ms, host: server, set: { /sys/class/net/eth0/queues/rx-7/rps_cpus: 1 } }", "queue 7 is out of range", null)]
    [InlineData("{ at: 1ms, host: server, set: { /sys/class/net/eth0/queues/rx-0/rps_cpus: 100 } }", "CPU 8 is out of range", null)]
    [InlineData("{ at: 1ms, host: server, set: { /sys/class/net/eth0/queues/rx-0/rps_cpu: 1 } }", "nothing that can be written", null)]
    [InlineData("{ at: 1ms, host: server, set: { /proc/irq/eth0-TxRx-3/smp_affinity_list: 1 } }", "no interrupt is called", "eth0-TxRx-0")]
    [InlineData("{ at: 1ms, host: server, set: { taskset -cp snik: 1 } }", "no task is called `snik`", "sink")]
    [InlineData("{ host: server, set: { net.core.netdev_budget: 1 } }", "`at` is missing", null)]
    [InlineData("{ at: 1ms, host: server }", "`set` is missing", null)]
    public void Faulty_event_is_told_with_the_nearest_name(string item, string fault, string? near)
    {
        var result = NetActors.Scenarios.ScenarioReader.ReadText(Scenario($"events: [ {item} ]"), "test.yaml");
        Assert.Contains(result.Faults, f => f.Message.Contains(fault, StringComparison.Ordinal) && (near is null || f.Suggestion == near));
    }

    [Fact]
    public void Mask_of_isolated_cpus_alone_is_a_fault()
    {
        var text = Scenario("").Replace("cpus: 4", "cpus: { count: 4, isolcpus: \"3\" }", StringComparison.Ordinal)
            .Replace("queues: 1", "queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"8\" } }", StringComparison.Ordinal);
        Assert.Contains(NetActors.Scenarios.ScenarioReader.ReadText(text, "test.yaml").Faults, f => f.Message.Contains("isolated", StringComparison.Ordinal));
    }

    private static string Scenario(string? top = null) => Yaml.Server(
        cpus: 4, device: "queues: 1", tasks: Yaml.Sink("batch: 1"), traffic: Yaml.Flood("10kpps", ", stop: 20ms"), top: top ?? Top);
}
