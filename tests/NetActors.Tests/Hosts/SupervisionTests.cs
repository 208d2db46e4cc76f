using NetActors.Apps;
using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tests.Hosts;

/// <summary>
/// Actors that are made to throw: the rest goes on, their packets are counted, nothing hangs and nothing leaks (design section 5).
/// </summary>
public sealed class SupervisionTests
{
    private static readonly CostModel Costs = CostModel.Zero.With(CostOp.RxDescriptor, 1000);

    /// <summary>Points that are reached inside actors only, and in which of them.</summary>
    public static TheoryData<TracePoint, int> Points()
    {
        var data = new TheoryData<TracePoint, int>();
        TracePoint[] points =
        [
            TracePoint.irq_handler_entry, TracePoint.irq_handler_exit, TracePoint.napi_schedule, TracePoint.softirq_raise,
            TracePoint.softirq_entry, TracePoint.softirq_exit, TracePoint.__napi_poll, TracePoint.napi_poll, TracePoint.napi_complete_done,
            TracePoint.napi_gro_receive, TracePoint.enqueue_to_backlog, TracePoint.process_backlog, TracePoint.netif_receive_skb,
            TracePoint.ip_rcv, TracePoint.ip_local_deliver, TracePoint.udp_rcv, TracePoint.udp_queue_rcv_skb, TracePoint.kfree_skb,
            TracePoint.ipi_send, TracePoint.ipi_entry, TracePoint.ipi_exit, TracePoint.icmp_send, TracePoint.ip_output, TracePoint.net_dev_queue, TracePoint.net_dev_xmit,
        ];
        foreach (var point in points)
        {
            data.Add(point, 1);
            data.Add(point, 7);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Points))]
    public void Receive_path_that_throws_anywhere_loses_a_packet_at_most_and_goes_on(TracePoint point, int nth)
    {
        var sink = new ThrowingSink(point, nth);
        using var run = new Running(
            Yaml.Server(
                cpus: 2, device: "queues: 1, queues-sysfs: { rx-0: { rps_cpus: \"2\" } }", sysctl: "net.ipv4.icmp_ratelimit: 0",
                tasks: Yaml.Sink("batch: 4, cpus: \"1\""),
                traffic: Yaml.Flood("20kpps", ", stop: 10ms") + ", " + Yaml.Flood("5kpps", ", stop: 10ms, burst: 4")
                    .Replace("9000", "4242", StringComparison.Ordinal).Replace("name: flood", "name: refused", StringComparison.Ordinal)),
            Costs, trace: sink);
        run.Until(5_000);
        var before = run.Socket("sink").Delivered;
        run.Until(100_000);

        Assert.True(sink.Thrown, $"{point} was never reached");
        Assert.Single(run.Simulation.Failures);
        Assert.InRange(run.Dropped(SkbDropReason.ACTOR_FAILED), 0, 4);
        Assert.InRange(run.Socket("sink").Delivered, 190, 200);
        Assert.InRange(run.Socket("sink").Delivered - before, 95, 105);
        Assert.Equal(0, run.Snapshot.Conservation.InFlight); // nobody waits for what will not come
    }

    [Theory]
    [InlineData(TracePoint.softirq_entry)]
    [InlineData(TracePoint.napi_poll)]
    [InlineData(TracePoint.ip_rcv)]
    [InlineData(TracePoint.napi_gro_receive)]
    public void Saturated_cpu_goes_on_in_ksoftirqd_after_a_failure(TracePoint point)
    {
        using var run = new Running(Yaml.Server(tasks: """{ name: hog, program: cpu-hog, burst: 10ms }""", traffic: Yaml.Flood("2Mpps")), Costs,
            trace: new ThrowingSink(point, 2000));
        run.Until(300_000);
        Assert.Single(run.Simulation.Failures);
        Assert.InRange(run.Cpu(0).UserNs / 300e6, 0.44, 0.56);
        Assert.InRange(run.Cpu(0).SoftirqNs / 300e6, 0.44, 0.56);
    }

    [Theory]
    [InlineData(TracePoint.udp_sendmsg)]
    [InlineData(TracePoint.skb_copy_datagram_iovec)]
    [InlineData(TracePoint.arp_send)]
    public void Socket_that_throws_is_closed_and_its_neighbour_goes_on(TracePoint point)
    {
        var sink = new ThrowingSink(point, point == TracePoint.arp_send ? 1 : 50);
        using var run = new Running(
            Yaml.Pair(
                """{ name: asker, program: udp-closed-loop, connect: "10.0.0.1:7", stop: 1100ms, timeout: 2ms, think: 100us }, { name: other, program: udp-closed-loop, connect: "10.0.0.1:8", stop: 1100ms, timeout: 2ms, think: 100us }""",
                """{ name: echo, program: udp-echo, bind: "0.0.0.0:7" }, { name: echo2, program: udp-echo, bind: "0.0.0.0:8" }"""),
            trace: sink);
        run.Until(1_200_000);
        Assert.True(sink.Thrown);
        Assert.Single(run.Simulation.Failures);
        var closed = Assert.Single(run.Plan.Hosts.SelectMany(h => h.Sockets), s => s.ClosedFor == SkbDropReason.ACTOR_FAILED);
        Assert.Equal(NetActors.Execution.TaskState.Dead, run.Plan.Hosts.SelectMany(h => h.Tasks).Single(t => t.Socket == closed).Entity.State);
        var goesOn = closed.Task is "asker" or "echo" ? "other" : "asker";
        Assert.True(((UdpClientProgram)run.Host.Tasks.Single(t => t.Entity.Name == goesOn).Program).Answered > 100);
    }

    [Fact]
    public void Task_that_throws_ends_and_its_datagrams_go_home()
    {
        using var run = new Running(
            Yaml.Server(tasks: Yaml.Sink("batch: 8") + """, { name: neighbour, program: udp-sink, bind: "0.0.0.0:9001" }"""), Costs,
            HostFrames.ToServer([.. Enumerable.Range(0, 100).Select(i => HostFrames.Udp((ushort)(9000 + (i & 1))))]),
            prepare: plan => plan.Hosts[0].Tasks[0] = plan.Hosts[0].Tasks[0] with
            {
                Program = new FailingSink((NetActors.Udp.UdpSocket)plan.Hosts[0].Tasks[0].Socket!, 5),
            });
        run.Until(10_000);
        Assert.EndsWith("InvalidOperationException: made to fail", Assert.Single(run.Simulation.Failures));
        Assert.Equal(NetActors.Execution.TaskState.Dead, run.Host.Tasks[0].Entity.State);
        Assert.Equal((5, 50), (run.Socket("sink").Delivered, run.Socket("neighbour").Delivered));
        Assert.Equal(45, run.Dropped(SkbDropReason.QUEUE_PURGE) + run.Dropped(SkbDropReason.NO_SOCKET)); // its end closed its socket
    }

    [Fact]
    public void Socket_of_a_task_that_ended_is_closed_and_what_waited_in_it_is_purged()
    {
        using var run = new Running(
            Yaml.Server(tasks: Yaml.Sink("batch: 8")), Costs,
            HostFrames.ToServer([.. Enumerable.Range(0, 50).Select(_ => HostFrames.Udp(9000))]),
            prepare: plan => plan.Hosts[0].Tasks[0] = plan.Hosts[0].Tasks[0] with
            {
                Start = KernelTime.FromMilliseconds(5),
                Program = new FailingSink((NetActors.Udp.UdpSocket)plan.Hosts[0].Tasks[0].Socket!, 5),
            });
        run.Until(10_000);
        Assert.Equal((8, 42, 0), (run.Socket("sink").Delivered, run.Dropped(SkbDropReason.QUEUE_PURGE), run.Socket("sink").Queued));
        Assert.Equal("CLOSE", run.Simulation.Snapshot().Hosts[0].Sockets.Single().State);
        Assert.Equal(0, run.Socket("sink").Buffer.RmemAlloc);
    }

    [Fact]
    public void Task_that_throws_while_others_share_its_cpu_leaves_the_cpu_to_them()
    {
        using var run = new Running(
            Yaml.Server(tasks: Yaml.Sink("batch: 8") + """, { name: hog, program: cpu-hog, burst: 1ms }"""),
            frames: HostFrames.ToServer(HostFrames.Udp()),
            prepare: plan => plan.Hosts[0].Tasks[0] = plan.Hosts[0].Tasks[0] with
            {
                Program = new FailingSink((NetActors.Udp.UdpSocket)plan.Hosts[0].Tasks[0].Socket!, 1),
            });
        run.Until(100_000);
        Assert.InRange(run.Cpu(0).UserNs / 100e6, 0.99, 1);
    }

    [Fact]
    public void Card_that_fails_is_taken_down_and_the_hosts_other_card_goes_on()
    {
        var source = new FailingSource(HostFrames.Udp(), 20);
        using var run = new Running(
            Yaml.Server(
                tasks: Yaml.Sink(),
                device: "queues: 1 }\n      eth1: { addresses: [10.0.1.1/24], mac: \"02:00:00:00:00:09\", coalesce: { rx-usecs: 0, rx-frames: 1 }",
                traffic: Yaml.Flood("10kpps", ", stop: 10ms").Replace("server.eth0", "server.eth1", StringComparison.Ordinal).Replace("10.0.0", "10.0.1", StringComparison.Ordinal)),
            prepare: plan =>
            {
                plan.Cards[0] = plan.Cards[0] with { Source = source };
                plan.Cards[0].Device.Receive.Attach(source);
            });
        run.Until(100_000);
        Assert.Contains("made to fail", Assert.Single(run.Simulation.Failures), StringComparison.Ordinal);
        Assert.InRange(run.Socket("sink").Delivered, 100, 120);
        Assert.Equal(100, run.Device("eth1").Stats.RxPackets);
    }

    [Fact]
    public void Wire_that_fails_is_pulled_and_what_is_sent_into_it_stays_in_ring_and_qdisc_or_is_dropped()
    {
        using var run = new Running(
            Yaml.Server(tasks: """{ name: flood, program: packet-flood, destination: "10.0.0.2:9", rate: 100kpps, size: 64, stop: 10ms }""", device: "queues: 1, txqueuelen: 100, ring: { rx: 64, tx: 64 }"),
            prepare: plan =>
            {
                var lossy = new WireModel(new NetActors.Links.WireSettings { BitsPerSecond = 0, Loss = 0.1 }, KernelRandom.For(1, "wire"), new FailingObserver(5));
                plan.Wires[0].Ends[0] = new WireEnd(plan.Wires[0].Ends[0].Device, lossy, plan.Wires[0].Ends[0].Peer);
            });
        run.Until(100_000);
        Assert.Contains("made to fail", Assert.Single(run.Simulation.Failures), StringComparison.Ordinal);
        Assert.True(run.Dropped(SkbDropReason.QDISC_OVERLIMIT) > 500);
        Assert.Equal(1000, run.Socket("flood").TxPackets);
    }

    [Fact]
    public void Failures_again_and_again_are_survived()
    {
        var sink = new ThrowingSink(TracePoint.ip_rcv, 10, again: true);
        using var run = new Running(Yaml.Server(tasks: Yaml.Sink(), traffic: Yaml.Flood("100kpps", ", stop: 10ms")), Costs, trace: sink);
        run.Until(100_000);
        Assert.Equal(100, run.Simulation.Failures.Count);
        Assert.Equal((900L, 100L), (run.Socket("sink").Delivered, run.Dropped(SkbDropReason.ACTOR_FAILED)));
    }

    /// <summary>A frame every 100 us, until the n-th is asked for.</summary>
    private sealed class FailingSource(byte[] bytes, int failAt) : IFrameSource
    {
        private int _next;

        public KernelTime NextArrival => _next > failAt ? KernelTime.Never : KernelTime.FromMicroseconds(100 * (_next + 1));

        public bool TryTake(KernelTime until, out WireFrame frame)
        {
            frame = default;
            if (NextArrival > until) return false;
            if (++_next > failAt) throw new InvalidOperationException("made to fail");
            frame = new WireFrame(bytes, 0, bytes.Length, KernelTime.FromMicroseconds(100 * _next));
            return true;
        }
    }

    private sealed class FailingObserver(int failAt) : IDropObserver
    {
        private int _seen;

        public void OnDrop(SkbDropReason reason, in WireFrame frame, KernelTime at)
        {
            if (++_seen == failAt) throw new InvalidOperationException("made to fail");
        }
    }

    private sealed class FailingSink(NetActors.Udp.UdpSocket socket, int failAt) : AppProgram
    {
        private RecvRequest _request = null!;
        private int _received;

        public override void Start()
        {
            _request = new RecvRequest(Task.Entity, 8);
            Task.Receive(socket, _request, KernelTime.Never);
        }

        public override void OnReceived(RecvRequest request)
        {
            _received += request.Count;
            if (_received >= failAt) throw new InvalidOperationException("made to fail");
            Task.Free(request);
            Task.Receive(socket, request, KernelTime.Never);
        }

        public override void OnStop() => Task.Free(_request);
    }
}
