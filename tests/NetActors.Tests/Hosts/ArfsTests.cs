using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>Accelerated RFS on a whole host (specification section 6.5). Queue N interrupts CPU N.</summary>
public sealed class ArfsTests
{
    private const string Table = "net.core.rps_sock_flow_entries: 1024";

    [Fact]
    public void Hardware_leads_a_flow_to_the_queue_of_its_readers_cpu()
    {
        using var run = Tcp("cpus: \"3\"");
        run.Until(50_000);
        var queues = Rx(run);
        Assert.True(queues[3] > 400, string.Join(' ', queues));
        Assert.InRange(queues[0] + queues[1] + queues[2], 1, 12); // the handshake, and what came until the filter was there
        Assert.Equal(1, Counter(run, "rx_arfs_add"));
        Assert.InRange(run.Cpu(3, 1).Softnet.ReceivedRps, 0, 8); // no more interrupts between CPUs
    }

    [Theory]
    [InlineData("100us", 400)]
    [InlineData("2ms", 2300)]
    public void Flow_follows_a_migrating_task_within_the_documented_time(string delay, int within)
    {
        using var run = Tcp("cpus: \"3\"", $"arfs: {{ delay: {delay} }}");
        run.Until(20_000);
        Assert.Null(run.Simulation.Set("server", "taskset -cp answer", "1"));
        run.Until(20_000 + within); // a round trip to the first call there, one more to the next packet, the delay
        var before = Rx(run);
        run.Until(60_000);
        var after = Rx(run);
        Assert.Equal((1, 1), (run.Plan.Hosts[1].Tasks[0].Entity.Cpu!.LocalId, (int)Math.Min(1, run.Plan.Hosts[1].Tasks[0].Entity.Migrations)));
        Assert.Equal([before[0], before[2], before[3]], [after[0], after[2], after[3]]);
        Assert.True(after[1] > before[1] + 300);
        Assert.Equal((1, 1, 1), (Counter(run, "rx_arfs_add"), Counter(run, "rx_arfs_request_in"), Counter(run, "rx_arfs_request_out")));
        Assert.Equal(1, run.Plan.Hosts[1].Nics[0].Arfs.Filters);
    }

    [Theory]
    [InlineData("features: { ntuple: off }")]
    [InlineData("arfs: { rules: 0 }")]
    public void Without_ntuple_or_filters_software_steers(string device)
    {
        using var run = Tcp("cpus: \"3\"", device);
        run.Until(50_000);
        var (queues, home) = (Rx(run), Array.FindIndex(Rx(run).ToArray(), n => n > 400));
        Assert.NotEqual(3, home);
        Assert.True(run.Cpu(3, 1).Softnet.ReceivedRps > 400, string.Join(' ', queues));
    }

    [Fact]
    public void Filters_are_bounded_and_who_gets_none_is_steered_by_software()
    {
        using var run = Tcp("cpus: \"3\"", "arfs: { rules: 4 }", "connections: 20");
        run.Until(50_000);
        Assert.InRange(run.Plan.Hosts[1].Nics[0].Arfs.Filters, 1, 4);
        Assert.True(Counter(run, "rx_arfs_err") > 0);
        Assert.True(run.Cpu(3, 1).Softnet.Processed > run.Snapshot.Hosts[1].Cpus.Sum(c => c.Softnet.Processed) * 9 / 10);
    }

    [Fact]
    public void Filter_of_an_idle_flow_goes_once_its_cpu_has_dequeued_ten_tables()
    {
        using var run = Tcp("cpus: \"3\"", "arfs: { scan: 1ms }", "connections: 1, stop: 20ms",
            "- { name: late, program: tcp-rr, connect: \"10.0.0.1:9000\", connections: 4, start: 30ms }", flows: 4);
        run.Until(30_000);
        var arfs = run.Plan.Hosts[1].Nics[0].Arfs;
        Assert.Equal((1, 0L), (arfs.Count, arfs.Expired)); // idle, but its CPU has had nothing else to do
        run.Until(60_000);
        Assert.True(arfs.Expired >= 1);
        Assert.InRange(arfs.Count, 1, 4);
    }

    [Fact]
    public void Ntuple_off_takes_all_filters_away_while_frames_flow()
    {
        using var run = Tcp("cpus: \"3\"");
        run.Until(20_000);
        Assert.Null(run.Simulation.Set("server", "ethtool -K eth0", "ntuple off"));
        var before = Rx(run)[3];
        run.Until(50_000);
        Assert.Equal(0, run.Plan.Hosts[1].Nics[0].Arfs.Count);
        Assert.InRange(Rx(run)[3] - before, 0, 1);
    }

    [Fact]
    public void Interrupt_that_moves_takes_the_reverse_map_with_it() // 2.4, 6.5: updated on affinity change
    {
        using var run = Tcp("cpus: \"3\"");
        run.Simulation.Set("server", "/proc/irq/eth0-TxRx-3/smp_affinity_list", "0");
        run.Simulation.Set("server", "/proc/irq/eth0-TxRx-2/smp_affinity_list", "3");
        run.Until(50_000);
        Assert.True(Rx(run)[2] > 400, string.Join(' ', Rx(run)));
    }

    [Fact]
    public void Flow_rule_goes_before_the_filters() // 1.8: a matching rule overrides
    {
        using var run = Tcp("cpus: \"3\"", "ntuple: [ flow-type tcp4 dst-port 9000 action 1 ]");
        run.Until(50_000);
        Assert.True(Rx(run)[1] > 400);
    }

    private static Running Tcp(string task, string device = "", string client = "connections: 1", string more = "", int flows = 256) => new(
        $$"""
        duration: 1s
        cost-model: none
        hosts:
          client:
            cpus: 1
            devices: { eth0: { addresses: [10.0.0.2/24], queues: 1, coalesce: { rx-usecs: 0, rx-frames: 1 } } }
            tasks:
              - { name: ask, program: tcp-rr, connect: "10.0.0.1:9000", {{client}} }
              {{more}}
          server:
            cpus: 4
            sysctl: { {{Table}} }
            devices:
              eth0: { addresses: [10.0.0.1/24], queues: 4, coalesce: { rx-usecs: 0, rx-frames: 1 }, {{(device.Contains("features", StringComparison.Ordinal) ? device : "features: { ntuple: on }" + (device.Length > 0 ? ", " + device : ""))}}, queues-sysfs: { "rx-*": { rps_flow_cnt: {{flows}} } } }
            tasks: [ { name: answer, program: tcp-server, bind: "0.0.0.0:9000", {{task}} } ]
        wires: [ { between: [client.eth0, server.eth0], delay: 50us } ]
        """);

    private static List<long> Rx(Running run) =>
        [.. run.Device("eth0", 1).Queues.Where(q => q.Direction == QueueDirection.Rx).Select(q => q.Packets)];

    private static long Counter(Running run, string name) => run.Device("eth0", 1).Ethtool.Single(c => c.Name == name).Value;
}
