using NetActors.Buffers;
using NetActors.Costs;

namespace NetActors.Tests.Hosts;

/// <summary>The flow limit on a whole host (specification section 5.7, 13 item 8; live). CPU 0 enqueues, CPU 1 is the slow target.</summary>
public sealed class FlowLimitHostTests
{
    private const int Limit = 200;
    private const int Sent = 1000;

    [Fact]
    public void Bit_of_the_target_only_has_no_effect() // live
    {
        using var run = Flooded(cpus: "2", Yaml.Flood("100kpps", ", stop: 10ms"));
        Assert.Equal((0L, 0L), (run.Cpu(0).Softnet.FlowLimitCount, run.Cpu(1).Softnet.FlowLimitCount));
        Assert.Equal(Limit + 1, run.Cpu(1).Softnet.InputQueueLength);
    }

    [Fact]
    public void Single_flow_gets_half_of_the_backlog_and_64_packets_more()
    {
        using var run = Flooded(cpus: "1", Yaml.Flood("100kpps", ", stop: 10ms"));
        var (source, target) = (run.Cpu(0).Softnet, run.Cpu(1).Softnet);
        Assert.Equal((Limit / 2) + 64, target.InputQueueLength);
        var refused = Sent - target.InputQueueLength;
        Assert.Equal((refused, 0L), (source.FlowLimitCount, target.FlowLimitCount)); // column 11: the row of who enqueues
        Assert.Equal((0L, refused), (source.Dropped, target.Dropped)); // column 2: the target's
        Assert.Equal(refused, run.Dropped(SkbDropReason.CPU_BACKLOG));
        Assert.Equal(refused, run.Device("eth0").Stats.RxDropped);
    }

    [Fact]
    public void Sixty_four_equal_flows_are_not_limited()
    {
        using var run = Flooded(cpus: "1", Yaml.Flood("100kpps", ", stop: 10ms, flows: 64")
            .Replace("source-ports: 1024", "source-ports: 1024-1199", StringComparison.Ordinal));
        Assert.Equal(0, run.Cpu(0).Softnet.FlowLimitCount);
        Assert.Equal(Limit + 1, run.Cpu(1).Softnet.InputQueueLength);
    }

    [Theory]
    [InlineData("1", 30)]
    [InlineData("0", 0)]
    public void Small_flow_gets_in_where_an_elephant_would_fill_the_backlog(string bitmap, int delivered)
    {
        var mouse = Yaml.Flood("10kpps", ", start: 5ms, stop: 8ms").Replace("1024", "2000", StringComparison.Ordinal)
            .Replace("name: flood", "name: mouse", StringComparison.Ordinal).Replace(":9000", ":9001", StringComparison.Ordinal);
        using var run = Flooded(bitmap, Yaml.Flood("100kpps", ", stop: 10ms") + ", " + mouse);
        run.Until(3_000_000);
        Assert.Equal(delivered, run.Socket("mouse").RxPackets);
    }

    private static Running Flooded(string cpus, string traffic)
    {
        var costs = CostModel.Zero.With(CostOp.IpiReceive, 1_000_000_000); // the target hears of it after a second
        var run = new Running(
            Yaml.Server(
                cpus: 2, tasks: "{ name: mouse, program: udp-sink, bind: \"0.0.0.0:9001\" }", device: "queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"2\" } }",
                sysctl: $"net.core.netdev_max_backlog: {Limit}, net.core.flow_limit_cpu_bitmap: \"{cpus}\"", traffic: traffic),
            costs);
        return run.Until(500_000);
    }
}
