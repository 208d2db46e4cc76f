using NetActors.Buffers;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Sockets;
using NetActors.Tests.Apps.Streams;
using NetActors.Tests.Hosts;
using NetActors.Tests.Scenarios;
using NetActors.Time;

namespace NetActors.Tests.Forwarding;

/// <summary>A host as router (kernel: net/ipv4/ip_forward.c), between frames put in front of it and between whole hosts.</summary>
public sealed class ForwardHostTests
{
    private const string Stopped = "stop: 300ms";

    private static string Three(string features = "", int clientMtu = 1500, int routerMtu = 1500, string qdisc = "", string kernel = "6.x") => $$"""
        duration: 1000s
        kernel: "{{kernel}}"
        hosts:
          client:
            cpus: 2
            devices: { eth0: { addresses: [10.1.0.2/24], queues: 2, mtu: {{clientMtu}}, features: { {{features}} } } }
            routes: [ "default via 10.1.0.1" ]
            tasks: [ { name: streams, program: tcp-stream, threads: 2, pin: on, connect: "10.2.0.2:5001", bytes: 300000B, {{Stopped}} } ]
          router:
            cpus: 2
            sysctl: { net.ipv4.ip_forward: 1 }
            devices:
              eth0: { addresses: [10.1.0.1/24], queues: 2, mtu: {{clientMtu}}, features: { {{features}} } }
              eth1: { addresses: [10.2.0.1/24], queues: 2, mtu: {{routerMtu}}, features: { {{features}} } {{qdisc}} }
          server:
            cpus: 2
            devices: { eth0: { addresses: [10.2.0.2/24], queues: 2, mtu: {{routerMtu}}, features: { {{features}} } } }
            routes: [ "default via 10.2.0.1" ]
            tasks: [ { name: sink, program: tcp-server, threads: 2, pin: on, does: discard, bind: "0.0.0.0:5001", stop: 400ms } ]
        wires:
          - { between: [client.eth0, router.eth0], rate: 10Gbit, delay: 10us }
          - { between: [router.eth1, server.eth0], rate: 10Gbit, delay: 10us }
        """;

    [Theory]
    [InlineData("")]
    [InlineData("gro: off")]
    [InlineData("tso: off")]
    [InlineData("tso: off, gso: off, tx: off, sg: off")]
    public void Every_byte_of_a_stream_comes_through_once_and_in_order(string features)
    {
        var (run, audit) = StreamRun.ToTheEnd(Three(features), 1);
        using var _ = run;
        Assert.Equal(4, audit.Whole); // there and back
        var router = run.Snapshot.Hosts[1];
        var frames = router.Devices.Single(d => d.Name == "eth0").Stats.RxPackets;
        Assert.Equal(frames, router.Devices.Single(d => d.Name == "eth1").Stats.TxPackets);
        Assert.Equal(0, router.Mib[IpMib.InDelivers]);
        if (features != "gro: off") Assert.True(router.Mib[IpMib.ForwDatagrams] < frames, "merged packets are one");
        Assert.Equal(router.Mib[IpMib.ForwDatagrams], router.Mib[IpMib.OutTransmits]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gro: off")]
    public void Jumbo_frames_pass_whole_where_the_way_takes_them(string features)
    {
        var (run, audit) = StreamRun.ToTheEnd(Three(features, 9000, 9000), 1);
        using var _ = run;
        Assert.Equal(4, audit.Whole);
        var sent = run.Device("eth1", 1).Stats;
        Assert.True(sent.TxBytes / sent.TxPackets > 5000, $"{sent.TxBytes} bytes in {sent.TxPackets} frames");
    }

    [Fact]
    public void A_narrower_way_on_makes_the_sender_send_less_at_once()
    {
        var (run, audit) = StreamRun.ToTheEnd(Three(clientMtu: 9000, routerMtu: 1500), 1);
        using var _ = run;
        Assert.Equal(4, audit.Whole);
        Assert.Equal(0, run.Snapshot.Hosts[1].Mib[IpMib.FragCreates]); // the server's MSS says it before
        var (small, whole) = StreamRun.ToTheEnd(Three(clientMtu: 1500, routerMtu: 1500)
            .Replace("sysctl: { net.ipv4.ip_forward: 1 }", "sysctl: { net.ipv4.ip_forward: 1 }\n    routes: [ \"10.2.0.2/32 dev eth1 mtu 1000\" ]", StringComparison.Ordinal), 1);
        using var __ = small;
        Assert.Equal(4, whole.Whole);
        var router = small.Snapshot.Hosts[1].Mib;
        Assert.True(router[IpMib.FragFails] > 0);
        Assert.Equal(router[IpMib.FragFails], router[IcmpMib.OutDestUnreachs]); // path MTU discovery is not limited
        Assert.Equal(0, router[IpMib.FragCreates]);
    }

    [Fact]
    public void Version_3_10_routes_too_and_counts_bytes_twice_over()
    {
        var frame = RouterFrames.Udp("10.2.0.2");
        using var old = new Running(RouterYaml.Text(kernel: "3.10"), frames: [("router.eth0", KernelForwardTests.Frame(frame, 0))], capture: true);
        old.Until(1000);
        Assert.Single(old.Captured.Sent(1));
        Assert.Equal((1L, 2L * (frame.Length - 14)), (old.Mib[IpMib.ForwDatagrams], old.Mib[IpExtMib.OutOctets]));
    }

    [Fact]
    public void Only_a_forwarding_host_sends_on_and_it_may_become_one_while_it_runs()
    {
        var frames = Enumerable.Range(0, 3).Select(i => ("router.eth0", KernelForwardTests.Frame(RouterFrames.Udp("10.2.0.2"), i, 1_000_000)));
        using var run = new Running(RouterYaml.Text(sysctl: ", net.ipv4.conf.eth0.forwarding: 0"), frames: frames, capture: true);
        run.Until(500);
        Assert.Equal((1L, 0L, 1L), (run.Mib[IpMib.InAddrErrors], run.Mib[IpMib.ForwDatagrams], run.Dropped(SkbDropReason.IP_INADDRERRORS)));
        Assert.Equal(Errno.None, run.Simulation.ChangeNet("router", t => t.SetForwarding(true, 2)));
        run.Until(1500);
        Assert.Equal(1, run.Mib[IpMib.ForwDatagrams]);
        Assert.Equal(Errno.None, run.Simulation.ChangeNet("router", t => t.SetForwarding(false)));
        Assert.Equal(Errno.ENODEV, run.Simulation.ChangeNet("router", t => t.SetForwarding(false, 99)));
        run.Until(2500);
        Assert.Equal((2L, 1L), (run.Mib[IpMib.InAddrErrors], run.Mib[IpMib.ForwDatagrams]));
    }

    [Fact]
    public void Packet_sockets_see_the_packet_as_it_came_and_as_it_left()
    {
        var frame = RouterFrames.Udp("10.2.0.2", ttl: 9);
        using var run = new Running(RouterYaml.Text(), frames: [("router.eth0", KernelForwardTests.Frame(frame, 0))], capture: true,
            prepare: plan => plan.Hosts[0].NewPacket(isCooked: false, protocol: 3));
        run.Until(1000);
        var socket = run.Plan.Hosts[0].RawSockets[0];
        var seen = new List<byte>();
        while (socket.TryDequeue(KernelTime.Never, out var skb))
        {
            seen.Add(skb.From(skb.NetworkHeader)[8]);
            socket.Buffer.Uncharge(skb.Cb.ChargedBytes);
            socket.Delivered++;
            skb.Free(SkbDropReason.CONSUMED);
        }

        Assert.Equal([9, 8], seen);
        Assert.Equal(8, Assert.Single(run.Captured.Sent(1))[22]);
    }

    [Fact]
    public void Nobody_there_makes_the_router_say_host_unreachable()
    {
        using var run = new Running(RouterYaml.Text(), frames: [("router.eth0", KernelForwardTests.Frame(RouterFrames.Udp("10.2.0.77", source: "10.1.0.2"), 0))], capture: true);
        run.Until(5_000_000);
        Assert.Equal(1, run.Dropped(SkbDropReason.NEIGH_FAILED));
        var error = Assert.Single(run.Captured.Sent(0));
        Assert.Equal((3, 1), (error[34], error[35]));
        Assert.Equal(1, run.Mib[IcmpMib.OutDestUnreachs]);
    }

    [Theory]
    [InlineData("", 575)]
    [InlineData("16.0.0.0/4 split 24 via 10.2.0.2", 728)]
    public void A_packet_costs_what_was_measured_with_one_route_and_with_many(string more, double nanoseconds)
    {
        // Calibration 2: 1 739 672 and 1 373 550 packets a second through one core.
        var text = File.ReadAllText(ShippedFiles.Scenario("router-flood"));
        if (more.Length > 0) text = text.Replace("routes: [ ", $"routes: [ \"{more}\", ", StringComparison.Ordinal);
        using var run = new Running(text);
        run.Until(20_000);
        var sent = run.Device("eth1").Stats.TxPackets;
        Assert.InRange(20e6 / sent, nanoseconds * 0.95, nanoseconds * 1.05);
        Assert.InRange(run.Mib[IpMib.ForwDatagrams] - sent, 0, 1); // one may be between the two
    }

    [Fact]
    public void In_real_time_too_every_packet_leaves_or_is_a_counted_drop()
    {
        var yaml = RouterYaml.Text(cpus: 2, features: "gro: on", sysctl: "", top: "") + """

            traffic:
              - { name: flood, to: router.eth0, kind: udp-flood, rate: 20kpps, size: 200, flows: 100, source: 10.7.0.0/16, destination: "10.9.0.1:9", stop: 300ms }
            """;
        var scenario = ScenarioReader.ReadText(yaml, "test.yaml").Scenario!;
        using var simulation = Simulation.Start(scenario, new SimulationOptions { Clock = NetActors.Observe.ClockKind.Real });
        Assert.True(simulation.RunUntil(KernelTime.FromMilliseconds(1000)));
        Assert.True(simulation.Failures.Count == 0, string.Join('\n', simulation.Failures.Take(3)));
        var snapshot = simulation.Snapshot();
        Assert.True(snapshot.Conservation.Holds, $"{snapshot.Conservation}");
        Assert.True(snapshot.Hosts[0].Devices.Single(d => d.Name == "eth1").Stats.TxPackets > 1000);
    }
}
