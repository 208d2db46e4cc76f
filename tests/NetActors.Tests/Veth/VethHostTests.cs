using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Tests.Apps.Streams;
using NetActors.Tests.Hosts;
using NetActors.Time;

namespace NetActors.Tests.Veth;

/// <summary>veth pairs and loopback: who runs the receive side, and on which CPU (kernel: <c>veth_xmit</c>, <c>loopback_xmit</c>; specification section 0.4).</summary>
public sealed class VethHostTests
{
    private static VethDevice End(Running run, string host) => run.Plan.Hosts.Single(h => h.Name == host).Veths[0];

    private static (long First, long Second) Processed(Running run) => (run.Cpu(0).Softnet.Processed, run.Cpu(1).Softnet.Processed);

    [Theory]
    [InlineData("", "10.5.0.2")]
    [InlineData(", features: { gro: on }", "10.5.0.2")] // what may be large already is for no NAPI
    [InlineData("", "127.0.0.1")]
    [InlineData("", "10.5.0.1")] // our own address is loopback's
    public void The_receive_side_runs_in_the_backlog_of_the_cpu_that_sends(string far, string to)
    {
        var local = to != "10.5.0.2";
        using var run = new Running(VethYaml.Text(VethYaml.Flood("1", to) + (local ? ", " + VethYaml.Sink() : ""), local ? "" : VethYaml.Sink(), far: far));
        run.Until(20_000);
        var sent = run.Socket("sink").Delivered;
        Assert.InRange(sent, 90, 110);
        Assert.Equal((0L, sent), (run.Cpu(0).Softnet.Processed, run.Cpu(1).Softnet.Processed - (local ? 0 : 2))); // ARP there and back
        Assert.InRange(run.Cpu(1).Softirqs.NetRx, sent, sent + 3); // one run a packet, as seen live
        Assert.Equal(0, run.Cpu(0).Softirqs.NetRx);
        if (End(run, "box").Queue is { } queue) Assert.Equal(0, queue.Napi.Polls);
        if (local) return;
        Assert.Equal((sent + 1, sent + 1), (run.Device("veth0").Stats.TxPackets, run.Device("eth0", 1).Stats.RxPackets));
        Assert.Equal(sent, run.Snapshot.Hosts[1].Mib[IpMib.InDelivers]);
        Assert.Equal((0L, sent), (run.Mib[IpMib.InDelivers], run.Mib[IpMib.OutRequests]));
    }

    [Theory]
    [InlineData("10.5.0.2")]
    [InlineData("127.0.0.1")]
    public void What_one_sendmmsg_sends_is_received_one_by_one(string to)
    {
        var local = to == "127.0.0.1";
        var flood = $$"""{ name: flood, program: packet-flood, cpus: "1", pin: on, destination: "{{to}}:9000", rate: 1Mpps, batch: 16, size: 100, stop: 2ms }""";
        var costs = CostModel.Zero.With(CostOp.SyscallEntry, 20_000); // so that sixteen are due when a call begins
        var yaml = VethYaml.Text(flood + (local ? ", " + VethYaml.Sink() : ""), local ? "" : VethYaml.Sink(), sysctl: "net.core.netdev_max_backlog: 4");
        using var run = new Running(yaml, costs);
        run.Until(20_000);
        var sent = run.Socket("flood").TxPackets;
        Assert.True(sent > 1000, $"{sent} sent");
        Assert.Equal(sent, run.Socket("sink").Delivered); // none found the backlog full
        Assert.InRange(run.Cpu(1).Softirqs.NetRx, sent, sent + 3); // local_bh_enable after each (__dev_queue_xmit)
    }

    [Fact]
    public void A_capture_shows_both_ends()
    {
        using var run = new Running(VethYaml.Text(VethYaml.Flood("1"), VethYaml.Sink()), capture: true);
        run.Until(20_000);
        var sent = run.Socket("sink").Delivered;
        Assert.Equal(["server/veth0", "box/eth0"], run.Captured.Interfaces);
        Assert.Equal(run.Captured.Sent(), run.Captured.Frames.Where(f => f is { Interface: 1, Direction: NetActors.Links.CaptureDirection.Inbound }).Select(f => f.Frame));
        Assert.Equal(sent, run.Captured.Sent().Count(f => f.Length == 14 + 28 + 100));
    }

    [Fact]
    public void Rps_on_the_far_end_moves_it_with_an_interrupt()
    {
        using var run = new Running(VethYaml.Text(VethYaml.Flood("1"), VethYaml.Sink("1"), far: ", queues-sysfs: { rx-0: { rps_cpus: 1 } }"));
        run.Until(20_000);
        var sent = run.Socket("sink").Delivered;
        Assert.InRange(sent, 90, 110);
        Assert.True(Processed(run).First >= sent);
        Assert.InRange(run.Cpu(0).Softnet.ReceivedRps, sent - 1, sent + 1);
    }

    [Fact]
    public void With_gro_and_without_tso_the_sender_s_cpu_polls_the_ring_of_the_far_end()
    {
        var audit = new StreamAudit();
        using var run = new Running(VethYaml.Text(VethYaml.Stream("1"), VethYaml.StreamSink("0"), ", features: { tso: off }", ", features: { gro: on }", top: ""), prepare: audit.Attach);
        run.Until(500_000);
        var napi = End(run, "box").Queue!.Napi;
        Assert.True(napi.Polls > 10);
        Assert.True(napi.Gro!.Merged > 100, $"{napi.Gro.Merged} merged");
        Assert.Equal(0, End(run, "server").Queue?.Napi.Polls ?? 0);
        Assert.Equal(300_000, run.Snapshot.Hosts[1].TcpTasks[0].BytesReceived);
        Assert.Empty(audit.Check().Faults);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("tso: off", "gro: on")]
    [InlineData("tso: off, gso: off", "gro: on")]
    [InlineData("tx: off, sg: off", "")]
    public void Every_byte_of_a_stream_comes_over_once_and_in_order(string near, string far)
    {
        var (run, audit) = StreamRun.ToTheEnd(VethYaml.Text(VethYaml.Stream("0-1"), VethYaml.StreamSink("0-1"), $", features: {{ {near} }}", $", features: {{ {far} }}", top: ""), 1);
        using var _ = run;
        Assert.Equal(2, audit.Whole);
        var frames = run.Device("veth0").Stats.TxPackets;
        if (near.Length > 0) Assert.True(frames > 300_000 / 1500, $"{frames} frames");
        else Assert.InRange(frames, 5, 150); // super-packets pass whole (specification section 8.7)
    }

    [Fact]
    public void Datagrams_are_merged_at_the_far_end_for_forwarding_only_where_that_is_on()
    {
        using var run = new Running(VethYaml.Text(VethYaml.Flood("1"), VethYaml.Sink(), far: ", features: { gro: on, rx-udp-gro-forwarding: on }"));
        run.Until(20_000);
        Assert.True(End(run, "box").Queue!.Napi.Polls > 90);
        Assert.InRange(run.Socket("sink").Delivered, 90, 110);
    }

    [Fact]
    public void What_the_ring_does_not_hold_is_a_drop_of_the_sender_s()
    {
        // One sendmmsg of 300: the softirq that polls runs when the call is over.
        var flood = """{ name: burst, program: packet-flood, cpus: "1", pin: on, destination: "10.5.0.2:9000", rate: 300kpps, batch: 300, sndbuf: 4000000, size: 20, start: 1ms, stop: 2ms }""";
        using var run = new Running(VethYaml.Text(
            VethYaml.Flood("1", stop: "500us") + ", " + flood, VethYaml.Sink(), ", features: { tso: off }", ", features: { gro: on }", sysctl: "net.core.wmem_max: 4000000"));
        run.Until(20_000);
        var dropped = run.Dropped(SkbDropReason.FULL_RING);
        Assert.Equal(run.Device("veth0").Stats.TxDropped, dropped);
        Assert.Equal(run.Device("veth0").Stats.TxPackets, run.Device("eth0", 1).Stats.RxPackets);
    }

    [Fact]
    public void The_ring_holds_two_hundred_and_fifty_six()
    {
        using var run = new Running(VethYaml.Text(far: ", features: { gro: on }"));
        var queue = End(run, "box").Queue!;
        var pool = new SkbPool(256, 1000);
        var packets = Enumerable.Range(0, 257).Select(_ => pool.Rent()!).ToArray();
        Assert.All(packets[..256], p => Assert.True(queue.TryProduce(p)));
        Assert.False(queue.TryProduce(packets[256]));
        Assert.False(queue.TryConsume(new KernelTime(-1), out _));
        for (var i = 0; i < 256; i++)
        {
            Assert.True(queue.TryConsume(KernelTime.Zero, out var skb));
            Assert.Same(packets[i], skb);
        }
    }

    [Fact]
    public void A_packet_too_large_for_the_far_end_is_lost_and_counted_at_both()
    {
        var flood = """{ name: flood, program: packet-flood, destination: "10.5.0.2:9000", rate: 1kpps, size: 1400, stop: 5ms }""";
        using var run = new Running(VethYaml.Text(flood, VethYaml.Sink(), far: ", mtu: 1000"));
        run.Until(20_000);
        Assert.Equal((0L, 5L, 5L), (run.Socket("sink").Delivered, run.Device("veth0").Stats.TxDropped, run.Device("eth0", 1).Stats.RxDropped));
    }

    [Theory]
    [InlineData(ClockKind.Virtual)]
    [InlineData(ClockKind.Real)]
    public void A_container_behind_the_host_s_card_is_reached_by_forwarding(ClockKind clock)
    {
        var yaml = VethYaml.Text("", VethYaml.Sink("0-1"), more: "eth0: { addresses: [10.1.0.1/24], queues: 2, mac: \"02:00:00:00:00:01\" }", sysctl: "net.ipv4.ip_forward: 1", boxMore: "routes: [ \"default via 10.5.0.1\" ]", top: "") + """

            traffic:
              - { name: flood, to: server.eth0, kind: udp-flood, rate: 20kpps, size: 200, flows: 50, source: 10.7.0.0/16, destination: "10.5.0.2:9000", stop: 200ms }
            """;
        var scenario = ScenarioReader.ReadText(yaml, "test.yaml");
        Assert.True(scenario.Scenario is not null, string.Join('\n', scenario.Faults));
        using var simulation = Simulation.Start(scenario.Scenario!, new SimulationOptions { Clock = clock });
        Assert.True(simulation.RunUntil(KernelTime.FromMilliseconds(clock == ClockKind.Real ? 1000 : 300)));
        Assert.True(simulation.Failures.Count == 0, string.Join('\n', simulation.Failures.Take(3)));
        var snapshot = simulation.Snapshot();
        Assert.True(snapshot.Conservation.Holds, $"{snapshot.Conservation}");
        var (server, box) = (snapshot.Hosts[0], snapshot.Hosts[1]);
        Assert.True(server.Mib[IpMib.ForwDatagrams] > 3000, $"{server.Mib[IpMib.ForwDatagrams]} forwarded");
        Assert.Equal((0L, 0L), (server.Mib[IpMib.InDelivers], box.Mib[IpMib.ForwDatagrams]));
        Assert.Equal(0, server.Mib[UdpMib.InDatagrams]);
        Assert.True(box.Mib[UdpMib.InDatagrams] + box.Mib[UdpMib.RcvbufErrors] > 3000, $"{box.Mib[UdpMib.InDatagrams]} and {box.Mib[UdpMib.RcvbufErrors]}");
        Assert.Empty(box.Cpus);
    }

    [Theory]
    [InlineData("netns-of: serve", "`netns-of`: no host above is called `serve`; did you mean `server`?")]
    [InlineData("netns-of: server\n    cpus: 4", "`cpus` is that of server, whose namespace this is")]
    [InlineData("netns-of: server\n    sysctl: { net.core.netdev_budget: 5 }", "`net.core.netdev_budget` is that of server, whose namespace this is")]
    public void A_namespace_is_refused_where_it_cannot_be(string key, string fault) =>
        Assert.Contains(fault, Faults(VethYaml.Text().Replace("netns-of: server", key, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Theory]
    [InlineData("peer: box.eth0", "peer: box.eth1", "server.veth0: its peer box.eth1 is not there")]
    [InlineData("peer: box.eth0", "peer: nowhere", "`peer`: `nowhere` is not host.device")]
    [InlineData("peer: server.veth0", "peer: box.eth0", "box.eth0: its peer box.eth0 has not it as peer")]
    [InlineData("netns-of: server", "cpus: 1", "server.veth0 and box.eth0 are on two machines")]
    [InlineData("peer: box.eth0", "peer: box.eth0, queues: 2", "a veth has no `queues`")]
    public void A_pair_is_refused_where_it_cannot_be(string from, string to, string fault) =>
        Assert.Contains(fault, Faults(VethYaml.Text().Replace(from, to, StringComparison.Ordinal)), StringComparison.Ordinal);

    private static string Faults(string yaml) => string.Join('\n', ScenarioReader.ReadText(yaml, "test.yaml").Faults);
}
