using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>Receive packet steering and the backlog (specification sections 5.1 to 5.6, 13 items 6 and 7).</summary>
public sealed class RpsTests
{
    private const string ToCpu1 = "queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"2\" } }";

    [Fact]
    public void Spaced_packets_cost_one_NET_RX_run_on_the_source_and_one_ipi_on_the_target_each() // live
    {
        using var run = new Running(Yaml.Server(cpus: 2, device: ToCpu1, tasks: Yaml.Sink(), traffic: Yaml.Flood("10kpps", ", stop: 100ms")));
        run.Until(200_000);
        var (source, target) = (run.Cpu(0), run.Cpu(1));
        Assert.Equal(1000u, target.Softnet.Processed);
        Assert.Equal(0u, source.Softnet.Processed);
        Assert.Equal((1000, 1000u, 1000), (source.Softirqs.NetRx, target.Softnet.ReceivedRps, target.IpisReceived));
        Assert.Equal(1000, source.IpisSent);
    }

    [Fact]
    public void Bursts_cost_fewer_ipis_than_packets()
    {
        var costs = CostModel.Zero.With(CostOp.RxDescriptor, 100);
        using var run = new Running(Yaml.Server(cpus: 2, device: ToCpu1, traffic: Yaml.Flood("100kpps", ", burst: 20, stop: 100ms")), costs);
        run.Until(200_000);
        var target = run.Cpu(1);
        Assert.Equal(10_000u, target.Softnet.Processed);
        Assert.InRange(target.Softnet.ReceivedRps, 500u, 1500u);
        Assert.Equal(target.IpisReceived, target.Softnet.ReceivedRps);
    }

    [Fact]
    public void Cpus_are_interrupted_once_a_batch_the_last_listed_first() // section 5.6
    {
        var trace = new TraceLog();
        var flood = Yaml.Flood("1Mpps", ", burst: 60, stop: 50us, flows: 60").Replace("source-ports: 1024", "source-ports: 1024-9000", StringComparison.Ordinal);
        using var run = new Running(
            Yaml.Server(cpus: 4, device: "queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"e\" } }", traffic: flood), trace: trace);
        run.Until(1000);
        var listed = trace.Events.Where(e => e.Point == TracePoint.enqueue_to_backlog).Select(e => e.Arg1).Distinct().ToList();
        Assert.Equal(3, listed.Count);
        Assert.Equal(Enumerable.Reverse(listed), trace.Events.Where(e => e.Point == TracePoint.ipi_send).Select(e => e.Arg1).Take(3));
    }

    [Fact]
    public void Device_that_is_down_loses_what_it_would_enqueue_and_softnet_does_not_count_it() // section 5.4, 6.18
    {
        using var run = new Running(Yaml.Server(cpus: 2, device: ToCpu1, tasks: Yaml.Sink(), traffic: Yaml.Flood("10kpps", ", stop: 20ms")));
        run.Until(9_950);
        Assert.Equal(NetActors.Sockets.Errno.None, run.Simulation.ChangeNet("server", tables => tables.SetLink(2, up: false)));
        run.Until(30_000);
        Assert.Equal(100, run.Dropped(SkbDropReason.DEV_READY));
        Assert.Equal((100L, 0L, 0L), (run.Device("eth0").Stats.RxDropped, run.Cpu(0).Softnet.Dropped, run.Cpu(1).Softnet.Dropped));
        Assert.Equal(100, run.Cpu(1).Softnet.Processed);
    }

    [Fact]
    public void Own_cpu_as_target_queues_to_the_local_backlog_without_an_ipi() // section 5.3
    {
        using var run = new Running(Yaml.Server(cpus: 2, device: ToCpu1.Replace("\"2\"", "\"1\"", StringComparison.Ordinal), traffic: Yaml.Flood("10kpps", ", stop: 10ms")));
        run.Until(20_000);
        Assert.Equal((100u, 0u, 0L), (run.Cpu(0).Softnet.Processed, run.Cpu(0).Softnet.ReceivedRps, run.Cpu(0).IpisReceived));
    }

    [Fact]
    public void V310_with_one_cpu_in_the_map_steers_without_a_hash_and_so_ARP_too()
    {
        var arp = Nic.Frames.Arp();
        using var v310 = new Running(Yaml.Server(cpus: 2, device: ToCpu1, top: "kernel: \"3.10\""), frames: [("server.eth0", Nic.Frames.At(arp, 1000))]);
        v310.Until(1000);
        Assert.Equal((0u, 1u), (v310.Cpu(0).Softnet.Processed, v310.Cpu(1).Softnet.Processed));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public void Backlog_of_a_halted_target_holds_one_more_than_its_limit(int limit) // section 13 item 7
    {
        var costs = CostModel.Zero.With(CostOp.IpiReceive, 1_000_000_000); // the target hears of it after a second
        using var run = new Running(
            Yaml.Server(cpus: 2, device: ToCpu1, sysctl: $"net.core.netdev_max_backlog: {limit}", traffic: Yaml.Flood("100kpps", ", stop: 10ms")), costs);
        run.Until(500_000);
        var (source, target) = (run.Cpu(0).Softnet, run.Cpu(1).Softnet);
        Assert.Equal((uint)limit + 1, target.InputQueueLength);
        Assert.Equal((0u, (uint)(1000 - limit - 1)), (source.Dropped, target.Dropped)); // charged to the target's row only
        Assert.Equal(1000 - limit - 1, run.Device("eth0").Stats.RxDropped);
        Assert.Equal(1000 - limit - 1, run.Dropped(SkbDropReason.CPU_BACKLOG));
        run.Until(3_000_000);
        Assert.Equal((uint)limit + 1, run.Cpu(1).Softnet.Processed);
    }

    [Fact]
    public void Backlog_that_is_being_worked_on_holds_about_twice_its_limit() // live: 198 for a limit of 100
    {
        var costs = CostModel.Zero.With(CostOp.NetifReceiveSkb, 100_000);
        using var run = new Running(
            Yaml.Server(cpus: 2, device: ToCpu1, sysctl: "net.core.netdev_max_backlog: 100", traffic: Yaml.Flood("1Mpps", ", stop: 200ms")), costs);
        var most = 0L;
        for (var ms = 1; ms < 200; ms++)
        {
            var softnet = run.Until(ms * 1000).Cpu(1).Softnet;
            Assert.InRange<long>(softnet.InputQueueLength, 0, 101);
            most = Math.Max(most, softnet.InputQueueLength + softnet.ProcessQueueLength);
        }

        Assert.InRange(most, 190, 202);
    }

    [Fact]
    public void V310_completes_before_its_last_batch_and_so_gets_more_ipis_than_6x() // section 5.5
    {
        var costs = CostModel.Zero.With(CostOp.NetifReceiveSkb, 8000);
        long Ipis(string kernel)
        {
            using var run = new Running(
                Yaml.Server(cpus: 2, device: ToCpu1, top: $"kernel: \"{kernel}\"", traffic: Yaml.Flood("100kpps", ", arrival: poisson, stop: 50ms").Replace("arrival: constant, ", "", StringComparison.Ordinal)), costs);
            run.Until(200_000);
            Assert.Equal(run.Cpu(1).Softnet.Processed, run.Snapshot.Traffic[0].Sent);
            return run.Cpu(1).Softnet.ReceivedRps;
        }

        Assert.True(Ipis("3.10") > Ipis("6.x"));
    }
}
