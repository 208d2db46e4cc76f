using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Tests.Hosts;
using NetActors.Tests.Simulations;
using NetActors.Xdp;

namespace NetActors.Tests.Xdp;

/// <summary>Redirecting to other CPUs (kernel: kernel/bpf/cpumap.c).</summary>
public sealed class CpuMapTests
{
    private static readonly CostModel Costs = CostModel.Zero.With(CostOp.XdpReceive, 10).With(CostOp.XdpRedirect, 20).With(CostOp.CpuMapFrame, 100)
        .With(CostOp.NetifReceiveSkb, 500).With(CostOp.Wakeup, 50);

    private static Running Run(string xdp, string rate = "1Mpps", long packets = 800, string tasks = "", CostModel? costs = null, string flows = "")
    {
        var yaml = Yaml.Server(cpus: 3, device: $"queues: 1, xdp: {{ {xdp} }}", tasks: tasks.Length > 0 ? tasks : Yaml.Sink("batch: 32, cpus: \"1\""), traffic: Yaml.Flood(rate, $", stop: {packets}us {flows}"));
        if (flows.Length > 0) yaml = yaml.Replace("source-ports: 1024", "source-ports: 1024-2047", StringComparison.Ordinal);
        return new Running(yaml.Replace("rx-usecs: 0, rx-frames: 1", "rx-usecs: 50, rx-frames: 1000", StringComparison.Ordinal), costs ?? Costs);
    }

    private static CpuMapSnapshot Entry(Running run, int cpu) => run.Snapshot.Hosts[0].CpuMaps.Single(m => m.Cpu == cpu);

    [Fact]
    public void The_thread_of_the_other_cpu_takes_the_frames_up()
    {
        using var run = Run("program: cpumap, cpus: \"2\", qsize: 1024");
        run.Until(20_000);
        Assert.Equal(800, run.Socket("sink").Delivered);
        Assert.Equal((0L, 800L), (run.Cpu(0).Packets, run.Cpu(2).Packets));
        Assert.Equal((800L, 0L, 800L), (Entry(run, 2).Enqueued, Entry(run, 2).Drops, Entry(run, 2).KthreadPackets));
        Balances.Check(run.Simulation, idle: true);
    }

    [Fact]
    public void Who_redirects_pays_for_that_and_the_thread_as_system_time_for_the_rest()
    {
        using var run = Run("program: cpumap, cpus: \"2\", qsize: 1024", tasks: Yaml.DeafSink);
        run.Until(20_000);
        var wakeups = run.Cpu(0).SoftirqNs - (800 * (10 + 20));
        Assert.True(wakeups > 0 && wakeups % 50 == 0, $"{wakeups} ns");
        Assert.Equal(800 * (100 + 500), run.Cpu(2).SystemNs);
    }

    [Fact]
    public void Frames_of_a_poll_go_over_eight_at_a_time()
    {
        using var run = Run("program: cpumap, cpus: \"2\", qsize: 1024");
        run.Until(20_000);
        var entry = Entry(run, 2);
        Assert.InRange((double)entry.Enqueued / entry.Bulks, 6.5, 8); // 50 a poll: six of eight and one of two
    }

    [Fact]
    public void What_the_queue_does_not_hold_is_dropped_and_counted()
    {
        using var run = Run("program: cpumap, cpus: \"2\", qsize: 16", costs: Costs.With(CostOp.CpuMapFrame, 4_000));
        run.Until(20_000);
        var entry = Entry(run, 2);
        Assert.True(entry.Drops > 0);
        Assert.Equal(800, entry.Enqueued + entry.Drops);
        Assert.Equal(entry.Drops, run.Dropped(SkbDropReason.XDP));
        Assert.Equal(entry.Enqueued, run.Socket("sink").Delivered);
        Balances.Check(run.Simulation, idle: true);
    }

    [Fact]
    public void A_flow_stays_on_one_cpu_and_flows_spread_over_all()
    {
        using var run = Run("program: cpumap, cpus: \"1,2\", qsize: 1024", flows: ", flows: 64");
        run.Until(20_000);
        Assert.InRange(Entry(run, 1).KthreadPackets, 200, 600);
        Assert.Equal(800, Entry(run, 1).KthreadPackets + Entry(run, 2).KthreadPackets);
        using var one = Run("program: cpumap, cpus: \"1,2\", qsize: 1024");
        one.Until(20_000);
        Assert.Contains(0L, one.Snapshot.Hosts[0].CpuMaps.Select(m => m.KthreadPackets));
    }

    [Fact]
    public void Generic_mode_redirects_too()
    {
        using var run = Run("mode: generic, program: cpumap, cpus: \"2\", qsize: 1024");
        run.Until(20_000);
        Assert.Equal((800L, 800L), (run.Socket("sink").Delivered, Entry(run, 2).KthreadPackets));
        Assert.Equal(800, run.Host.Nics[0].XdpStats[0][XdpAction.Redirect]); // once: not again on the other CPU
    }

    [Fact]
    public void The_thread_knows_neither_hash_nor_checksum_and_a_wrong_one_is_found()
    {
        using var run = Run("program: cpumap, cpus: \"2\", qsize: 1024");
        run.Simulation.SetXdp("server", "eth0", (ref XdpBuff packet) =>
        {
            packet.Data[^1] ^= 1; // the card has tested it already
            return packet.RedirectTo(new CpuMap(run.Host.Nics[0].CpuMap.Select(t => t.Entry)), 2);
        });
        run.Until(20_000);
        Assert.Equal((0L, 800L), (run.Socket("sink").Delivered, run.Mib[UdpMib.InCsumErrors]));
    }

    [Fact]
    public void A_cpu_that_the_map_does_not_have_is_the_other_answer()
    {
        using var run = Run("program: cpumap, cpus: \"2\"", packets: 100);
        run.Simulation.SetXdp("server", "eth0", (ref XdpBuff packet) => packet.RedirectTo(new CpuMap(run.Host.Nics[0].CpuMap.Select(t => t.Entry)), 77, XdpAction.Pass));
        run.Until(20_000);
        Assert.Equal(100, run.Socket("sink").Delivered);
    }

    [Theory]
    [InlineData("program: cpumap", "needs `cpus`")]
    [InlineData("program: cpumap, cpus: \"9\"", "9")]
    [InlineData("program: drop, cpus: \"0\"", "is for `program: cpumap`")]
    [InlineData("program: cpumap, cpus: \"0\", qsize: 20000", "16384")]
    [InlineData("program: drop, port: 9", "is for `program: echo`")]
    public void A_map_that_cannot_be_is_refused(string xdp, string why)
    {
        var read = ScenarioReader.ReadText(Yaml.Server(device: $"queues: 1, xdp: {{ {xdp} }}"), "t.yaml");
        Assert.Contains(why, string.Join('\n', read.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Echo_answers_in_the_driver()
    {
        using var run = Run("program: echo, port: 9000", packets: 100);
        run.Until(20_000);
        Assert.Equal((0L, 100L), (run.Socket("sink").Delivered, run.Device("eth0").Stats.TxPackets));
    }
}
