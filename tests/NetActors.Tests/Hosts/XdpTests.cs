using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Xdp;

namespace NetActors.Tests.Hosts;

/// <summary>XDP programs in the driver and in the stack.</summary>
public sealed class XdpTests
{
    private static readonly CostModel Costs = CostModel.Zero.With(CostOp.RxDescriptor, 300).With(CostOp.XdpReceive, 100).With(CostOp.SkbDrop, 1000).With(CostOp.NetifReceiveSkb, 500);

    private static Running Run(string xdp, string kernel = "", int packets = 100) => new(
        Yaml.Server(device: $"queues: 1, xdp: {{ {xdp} }}", tasks: Yaml.Sink(), top: kernel, traffic: Yaml.Flood("100kpps", $", stop: {packets * 10}us")), Costs);

    [Fact]
    public void A_native_program_that_drops_costs_its_share_of_the_poll_and_no_sk_buff()
    {
        using var run = Run("program: drop");
        run.Until(10_000);
        Assert.Equal((0L, 100L), (run.Socket("sink").Delivered, run.Dropped(SkbDropReason.XDP)));
        Assert.Equal(100 * 100, run.Cpu(0).SoftirqNs);
        Assert.Equal(100, run.Device("eth0").Stats.RxPackets);
        Assert.Equal(100, run.Device("eth0").Ethtool.Single(e => e.Name == "rx_queue_0_xdp_drops").Value);
    }

    [Fact]
    public void A_generic_one_costs_the_sk_buff_too()
    {
        using var run = Run("mode: generic, program: drop");
        run.Until(10_000);
        Assert.Equal((0L, 100L), (run.Socket("sink").Delivered, run.Dropped(SkbDropReason.XDP)));
        Assert.Equal(100 * (300 + 100 + 500 + 1000), run.Cpu(0).SoftirqNs);
    }

    [Theory]
    [InlineData("native")]
    [InlineData("generic")]
    public void What_passes_goes_into_the_stack(string mode)
    {
        using var run = Run($"mode: {mode}, program: pass");
        run.Until(10_000);
        Assert.Equal(100, run.Socket("sink").Delivered);
    }

    [Theory]
    [InlineData("native")]
    [InlineData("generic")]
    public void What_it_sends_back_leaves_by_the_same_device(string mode)
    {
        using var run = Run($"mode: {mode}, program: tx");
        run.Until(10_000);
        Assert.Equal((0L, 100L), (run.Socket("sink").Delivered, run.Device("eth0").Stats.TxPackets));
        Assert.Equal(0, run.Simulation.OutstandingPackets);
    }

    [Fact]
    public void Classic_instructions_choose_by_what_they_read()
    {
        // ldh [36]; jeq #9000 -> drop; pass: the destination port of a UDP datagram
        using var run = Run("program: \"40 0 0 36, 21 0 1 9000, 6 0 0 1, 6 0 0 2\"");
        run.Until(10_000);
        Assert.Equal(100, run.Dropped(SkbDropReason.XDP));
    }

    [Theory]
    [InlineData("dorp", "did you mean `drop`")]
    [InlineData("40 0 0 36", "may not run")]
    [InlineData("21 0 9 1, 6 0 0 2", "may not run")]
    [InlineData("6 0 0 -1", "no instruction")]
    public void A_program_that_may_not_run_is_refused(string program, string why)
    {
        var read = ScenarioReader.ReadText(Yaml.Server(device: $"queues: 1, xdp: {{ program: \"{program}\" }}"), "t.yaml");
        Assert.Contains(why, Assert.Single(read.Faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Version_3_10_has_none() =>
        Assert.NotEmpty(ScenarioReader.ReadText(Yaml.Server(device: "queues: 1, xdp: { program: drop }", top: "kernel: \"3.10\""), "t.yaml").Faults);

    [Fact]
    public void A_program_may_change_frames_redirect_them_or_fail_and_be_replaced_while_packets_flow()
    {
        using var run = Run("program: pass", packets: 400);
        run.Until(1_000);
        run.Simulation.SetXdp("server", "eth0", (ref XdpBuff packet) => packet.AdjustTail(-4) && packet.AdjustHead(0) ? XdpAction.Pass : XdpAction.Aborted);
        run.Until(2_000);
        var cut = run.Mib[IpExtMib.InTruncatedPkts];
        run.Simulation.SetXdp("server", "eth0", (ref XdpBuff packet) => throw new InvalidOperationException("a bug"));
        run.Until(3_000);
        run.Simulation.SetXdp("server", "eth0", (ref XdpBuff packet) => packet.RedirectTo(77));
        run.Until(10_000);
        var stats = run.Host.Nics[0].XdpStats[0];
        Assert.InRange(run.Socket("sink").Delivered, 99, 101);
        Assert.InRange(cut, 99, 101);
        Assert.InRange(stats[XdpAction.Aborted], 99, 101);
        Assert.Equal(stats[XdpAction.Redirect], stats.Errors);
        Assert.Equal(400, stats.Taken + stats[XdpAction.Pass]);
        Assert.Empty(run.Simulation.Failures);
    }

    [Fact]
    public void Frames_are_redirected_to_another_card_past_its_queues()
    {
        using var run = new Running(
            """
            duration: 1s
            cost-model: none
            hosts:
              router:
                devices:
                  eth0: { addresses: [10.0.0.1/24], mac: "02:00:00:00:00:01", queues: 1, coalesce: { rx-usecs: 0, rx-frames: 1 } }
                  eth1: { addresses: [10.1.0.1/24], queues: 1 }
              far:
                devices: { eth0: { addresses: [10.1.0.2/24], queues: 1, promisc: on } }
            wires: [ { between: [router.eth1, far.eth0], rate: 10Gbit, delay: 1us } ]
            traffic: [ { name: flood, to: router.eth0, kind: udp-flood, rate: 100kpps, size: 64, destination: "10.0.0.1:9000", stop: 1ms } ]
            """);
        run.Simulation.SetXdp("router", "eth0", (ref XdpBuff packet) => packet.RedirectTo(3));
        run.Until(10_000);
        var sent = run.Snapshot.Hosts[0].Devices.Single(d => d.Name == "eth1").Stats.TxPackets;
        Assert.InRange(sent, 90, 110);
        Assert.Equal(sent, run.Snapshot.Hosts[1].Devices.Single(d => d.Name == "eth0").Stats.RxPackets);
    }
}
