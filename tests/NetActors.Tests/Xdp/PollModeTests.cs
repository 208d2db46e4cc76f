using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Tests.Hosts;
using NetActors.Tests.Simulations;

namespace NetActors.Tests.Xdp;

/// <summary>Programs that drive a card themselves.</summary>
public sealed class PollModeTests
{
    private static readonly CostModel Costs = CostModel.Zero.With(CostOp.PmdReceive, 20).With(CostOp.PmdTransmit, 30).With(CostOp.PmdPoll, 10).With(CostOp.HardIrqEntry, 500);

    private static string Scenario(string task, string device = "queues: 1", string traffic = "rate: 1Mpps, stop: 500us", int cpus = 2) => $$"""
        duration: 1s
        cost-model: none
        hosts:
          server:
            cpus: {{cpus}}
            devices: { eth0: { mac: "02:00:00:00:00:01", {{device}} } }
            tasks: [ { name: app, program: poll-mode, device: eth0, {{task}} } ]
        traffic: [ { name: flood, to: server.eth0, kind: udp-flood, arrival: constant, size: 64, source: 10.0.0.2/32, source-ports: 1024-2047, flows: 64, destination: "10.0.0.1:9000", {{traffic}} } ]
        """;

    private static BypassTaskSnapshot App(Running run) => run.Snapshot.Hosts[0].BypassTasks.Single();

    [Fact]
    public void It_reads_all_with_its_cpu_busy_in_user_mode_and_no_interrupts()
    {
        using var run = new Running(Scenario("cpus: \"1\""), Costs);
        run.Until(1_000);
        Assert.Equal(500, App(run).Handled);
        Assert.Equal((0L, 0L), (run.Cpu(1).IdleNs, run.Cpu(1).SystemNs));
        Assert.InRange(run.Cpu(1).UserNs, 999_000, 1_001_000);
        Assert.Equal((0L, 0L), (run.Cpu(0).Hardirqs + run.Cpu(1).Hardirqs, run.Cpu(0).SoftirqNs));
        Assert.Equal(500, run.Device("eth0").Stats.RxPackets);
        Balances.Check(run.Simulation, idle: true);
    }

    [Fact]
    public void A_frame_is_found_when_it_comes()
    {
        using var run = new Running(Scenario("cpus: \"1\"", traffic: "rate: 100kpps, stop: 5ms"), Costs);
        run.Until(6_000);
        var latency = run.Snapshot.Latency.Single(l => l.Name.EndsWith("/app", StringComparison.Ordinal));
        Assert.Equal(500, latency.Count);
        Assert.InRange(latency.MaxNs, 20, 60); // nanoseconds: a poll and the descriptor
    }

    [Fact]
    public void An_echo_sends_back_and_frees_what_was_sent()
    {
        using var run = new Running(Scenario("action: echo, cpus: \"1\""), Costs);
        run.Until(1_000);
        Assert.Equal((500L, 500L, 0L), (App(run).Handled, run.Device("eth0").Stats.TxPackets, App(run).TxDropped));
        Balances.Check(run.Simulation, idle: true);
    }

    [Fact]
    public void Past_what_a_core_can_do_the_card_drops()
    {
        using var run = new Running(Scenario("cpus: \"1\"", "queues: 2, ring: { rx: 64 }, pause: { rx: off, tx: off }", "rate: 60Mpps, stop: 1ms"), Costs);
        run.Until(2_000);
        var handled = App(run).Handled;
        Assert.InRange(handled, 45_000, 52_000); // 20 ns a frame and 10 for every 32
        Assert.Equal(60_000, handled + run.Snapshot.Hosts[0].Drops.Sum(d => d.Count));
    }

    [Fact]
    public void It_stops_where_the_run_stops_though_its_ring_is_never_empty()
    {
        using var run = new Running(Scenario("cpus: \"1\"", "queues: 1", "rate: 60Mpps, stop: 4ms"), Costs);
        run.Until(1_000);
        Assert.InRange(App(run).Handled, 48_000, 50_000);
        Assert.InRange(run.Cpu(1).UserNs, 999_000, 1_001_000);
        run.Until(2_000);
        Assert.InRange(App(run).Handled, 97_000, 100_000);
    }

    [Fact]
    public void A_full_transmit_ring_drops_counted()
    {
        using var run = new Running(Scenario("action: echo, cpus: \"1\"", "queues: 1, ring: { tx: 64 }, speed: 10Mbit", "rate: 1Mpps, stop: 500us"), Costs, prepare: null);
        run.Until(20_000);
        Assert.Equal(App(run).TxDropped, run.Dropped(SkbDropReason.FULL_RING));
        Assert.Equal(500, App(run).TxDropped + run.Device("eth0").Stats.TxPackets);
    }

    [Fact]
    public void Threads_share_the_queues()
    {
        using var run = new Running(Scenario("threads: 2, pin: on", "queues: 4"), Costs);
        run.Until(1_000);
        Assert.Equal(500, App(run).Handled);
        Assert.Equal((0L, 0L), (run.Cpu(0).IdleNs, run.Cpu(1).IdleNs));
    }

    [Fact]
    public void Frames_of_others_are_ignored_and_it_ends_when_told()
    {
        using var run = new Running(Scenario("port: 9, stop: 300us, cpus: \"1\""), Costs);
        run.Until(1_000);
        Assert.InRange(App(run).Ignored, 295, 301);
        Assert.Equal(0, App(run).Handled);
        Assert.True(run.Cpu(1).IdleNs > 690_000);
    }

    [Theory]
    [InlineData("", "addresses: [10.0.0.1/24], queues: 1", "no `addresses`")]
    [InlineData("", "queues: 1, xdp: { program: drop }", "no `xdp`")]
    [InlineData("threads: 3", "queues: 2", "has 2 queue(s)")]
    public void The_kernel_has_nothing_of_its_card(string task, string device, string why) =>
        Assert.Contains(why, string.Join('\n', ScenarioReader.ReadText(Scenario(task, device), "t.yaml").Faults), StringComparison.Ordinal);
}
