using NetActors.Costs;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>NET_RX, the softirq loop and ksoftirqd on a whole host (specification sections 3.4 and 4).</summary>
public sealed class SoftirqLoadTests
{
    private const int KsoftirqdPid = 10;
    private static readonly CostModel Packet1Us = CostModel.Zero.With(CostOp.RxDescriptor, 1000);
    private static readonly CostModel Packet10Us = CostModel.Zero.With(CostOp.RxDescriptor, 10_000);

    [Theory]
    [InlineData(65, false)]
    [InlineData(64, true)]
    [InlineData(300, false)]
    public void Saturated_napi_is_squeezed_only_by_a_budget_within_its_weight(int budget, bool squeezed) // section 13 item 4, live
    {
        using var run = new Running(
            Yaml.Server(sysctl: $"net.core.netdev_budget: {budget}", tasks: Yaml.Sink(), traffic: Yaml.Flood("2Mpps")), Packet1Us);
        run.Until(20_000);
        Assert.Equal(squeezed, run.Cpu(0).Softnet.TimeSqueeze > 0);
        Assert.InRange(run.Cpu(0).Softnet.Processed, 19_000L, 20_100L);
    }

    [Fact]
    public void Budget_1_squeezes_once_a_single_packet()
    {
        using var run = new Running(
            Yaml.Server(sysctl: "net.core.netdev_budget: 1", tasks: Yaml.Sink(), traffic: Yaml.Flood("10kpps", ", stop: 10ms")), Packet1Us);
        run.Until(20_000);
        Assert.Equal((100u, 100u), (run.Cpu(0).Softnet.Processed, run.Cpu(0).Softnet.TimeSqueeze));
    }

    [Fact]
    public void V310_single_packets_with_budget_1_are_no_squeeze()
    {
        using var run = new Running(
            Yaml.Server(sysctl: "net.core.netdev_budget: 1", top: "kernel: \"3.10\"", tasks: Yaml.Sink(), traffic: Yaml.Flood("10kpps", ", stop: 10ms")),
            Packet1Us);
        run.Until(20_000);
        Assert.Equal((100u, 0u), (run.Cpu(0).Softnet.Processed, run.Cpu(0).Softnet.TimeSqueeze));
    }

    [Theory]
    [InlineData("6.x", 64)]
    [InlineData("3.10", 320)]
    public void Saturated_napi_gets_so_many_packets_a_NET_RX_run(string kernel, int packets)
    {
        var trace = new TraceLog();
        using var run = new Running(Yaml.Server(top: $"kernel: \"{kernel}\"", tasks: Yaml.Sink(), traffic: Yaml.Flood("2Mpps")), Packet1Us, trace: trace);
        run.Until(10_000);
        Assert.Equal(packets, PacketsOfRun(trace, 3)); // the first runs catch up with what came meanwhile
    }

    [Theory]
    [InlineData("100", 640)] // a jiffy of 10 ms: the passes end it
    [InlineData("250", 448)] // the tick at 4 ms ends it after 7 passes of 640 us
    [InlineData("1000", 256)] // the second tick, at 2 ms
    [InlineData("exact", 256)] // 2 ms
    public void Saturated_napi_has_ten_passes_or_the_time_until_the_tick_and_then_ksoftirqd(string hz, int packets) // section 13 item 5
    {
        var trace = new TraceLog();
        using var run = new Running(Yaml.Server(top: $"clock: {{ hz: {hz} }}", traffic: Yaml.Flood("2Mpps", ", stop: 5ms")), Packet10Us, trace: trace);
        run.Until(12_000);
        Assert.Equal(packets, PacketsBeforeKsoftirqd(trace));
        Assert.True(run.Cpu(0).KsoftirqdWakeups >= 1);
    }

    [Theory]
    [InlineData("100")]
    [InlineData("250")]
    [InlineData("1000")]
    [InlineData("exact")]
    public void Saturated_napi_has_640_packets_when_no_tick_comes(string hz)
    {
        var trace = new TraceLog();
        using var run = new Running(Yaml.Server(top: $"clock: {{ hz: {hz} }}", traffic: Yaml.Flood("2Mpps", ", stop: 5ms")), Packet1Us, trace: trace);
        run.Until(12_000);
        Assert.Equal(640, PacketsBeforeKsoftirqd(trace));
    }

    [Fact]
    public void A_task_that_preempts_ends_the_loop_after_the_pass()
    {
        // The sink's wakeup preempts the hog: need_resched is set within the first pass, and ksoftirqd takes over after it.
        var trace = new TraceLog();
        using var run = new Running(
            Yaml.Server(tasks: """{ name: hog, program: cpu-hog, burst: 10ms }, """ + Yaml.Sink("batch: 32, nice: -20"), traffic: Yaml.Flood("2Mpps", ", start: 50ms, stop: 55ms")),
            Packet1Us, trace: trace);
        run.Until(60_000);
        Assert.InRange(PacketsBeforeKsoftirqd(trace), 1, 128);
    }

    [Fact]
    public void Saturation_shares_the_cpu_evenly_between_ksoftirqd_and_a_hog() // section 4.3
    {
        using var run = new Running(Yaml.Server(tasks: """{ name: hog, program: cpu-hog, burst: 10ms }""", traffic: Yaml.Flood("2Mpps")), Packet1Us);
        run.Until(500_000);
        var cpu = run.Cpu(0);
        Assert.InRange(cpu.UserNs / 500e6, 0.45, 0.55);
        Assert.InRange(cpu.SoftirqNs / 500e6, 0.45, 0.55);
        Assert.True(run.Device("eth0").Queues[0].Interrupts < 10); // the NAPI stays scheduled: its vector is masked
    }

    [Fact]
    public void Light_load_leaves_the_hog_all_but_the_softirqs_time_and_never_wakes_ksoftirqd()
    {
        using var run = new Running( // no ICMP error: the first would stop its queue, whose limit of bytes begins at 0, and NET_TX follow
            Yaml.Server(tasks: """{ name: hog, program: cpu-hog, burst: 10ms }""", traffic: Yaml.Flood("100kpps"), sysctl: "net.ipv4.icmp_msgs_per_sec: 0, net.ipv4.icmp_msgs_burst: 0"), Packet1Us);
        run.Until(100_000);
        Assert.Equal(0, run.Cpu(0).KsoftirqdWakeups);
        Assert.InRange(run.Cpu(0).UserNs / 100e6, 0.89, 0.91);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Interrupts_of_a_second_card_starve_the_hog_unless_softirqs_defer_to_ksoftirqd(bool defer) // section 4.3
    {
        var more = $"softirq: {{ defer_to_running_ksoftirqd: {(defer ? "on" : "off")} }}";
        var yaml = Yaml.Server(
            more: more, tasks: """{ name: hog, program: cpu-hog, burst: 10ms }""",
            traffic: Yaml.Flood("2Mpps") + """, { name: second, to: server.eth1, kind: udp-flood, rate: 1kpps, size: 64, source: 10.1.0.2/32, source-ports: 1024, destination: "10.1.0.1:9000" }""");
        yaml = yaml.Replace("    devices:\n", "    devices:\n      eth1: { addresses: [10.1.0.1/24], queues: 1, coalesce: { rx-usecs: 0, rx-frames: 1 } }\n", StringComparison.Ordinal);
        using var run = new Running(yaml, Packet1Us);
        run.Until(500_000);
        var share = run.Cpu(0).UserNs / 500e6;
        if (defer) Assert.InRange(share, 0.45, 0.55); // all softirq work queues behind the scheduler
        else Assert.True(share < 0.35, $"{share} {run.Cpu(0)} {string.Join(' ', run.Snapshot.Hosts[0].Interrupts.Select(i => $"{i.Action} {i.PerCpu[0]}"))}"); // each interrupt of eth1 that finds its vector unmasked runs ten passes inline in the time of the hog
    }

    [Fact]
    public void Interrupts_a_packet_fall_with_the_load_from_one_to_none()
    {
        string[] rates = ["10kpps", "200kpps", "500kpps", "800kpps", "950kpps", "2Mpps"];
        var costs = Packet1Us.With(CostOp.HardIrqEntry, 300).With(CostOp.NapiPollEntry, 300);
        var last = double.MaxValue;
        foreach (var rate in rates)
        {
            using var run = new Running(Yaml.Server(traffic: Yaml.Flood(rate).Replace("constant", "poisson", StringComparison.Ordinal)), costs);
            run.Until(50_000);
            var perPacket = run.Device("eth0").Queues[0].Interrupts / (double)run.Cpu(0).Softnet.Processed;
            Assert.True(perPacket < last, $"{rate}: {perPacket} after {last}");
            if (rate == rates[0]) Assert.InRange(perPacket, 0.95, 1);
            if (rate == rates[^1]) Assert.InRange(perPacket, 0, 0.001);
            last = perPacket;
        }
    }

    [Fact]
    public void Passes_after_the_first_do_not_count_as_interrupts_but_as_softirq_runs()
    {
        using var run = new Running(Yaml.Server(traffic: Yaml.Flood("2Mpps")), Packet1Us);
        run.Until(20_000);
        var cpu = run.Cpu(0);
        Assert.InRange(cpu.Softirqs.NetRx, cpu.Softnet.Processed / 64, (cpu.Softnet.Processed / 64) + 10);
    }

    private static int PacketsOfRun(TraceLog trace, int number)
    {
        var (runs, packets) = (0, 0);
        foreach (var e in trace.Events)
        {
            if (e is { Point: TracePoint.softirq_entry, Arg1: 3 }) runs++;
            else if (e.Point == TracePoint.napi_poll && runs == number) packets += (int)e.Arg2;
        }

        return packets;
    }

    private static int PacketsBeforeKsoftirqd(TraceLog trace)
    {
        var packets = 0;
        foreach (var e in trace.Events)
        {
            if (e is { Point: TracePoint.sched_wakeup, Arg1: KsoftirqdPid }) return packets;
            if (e is { Point: TracePoint.softirq_entry, Arg1: 3 } && e.Context == TraceContext.Task) return -1;
            if (e.Point == TracePoint.irq_handler_entry) packets = 0; // of the last loop only
            if (e.Point == TracePoint.napi_poll) packets += (int)e.Arg2;
        }

        return -2;
    }
}
