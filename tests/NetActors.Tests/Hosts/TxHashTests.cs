using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Hosts;

/// <summary>What a socket's packets are to the queues below it (specification sections 5.2 and 7.1; kernel: <c>sk_txhash</c>, <c>ooo_okay</c>).</summary>
public sealed class TxHashTests
{
    private const string OverLoopback = """
        duration: 100ms
        cost-model: none
        kernel: "KERNEL"
        hosts:
          server:
            cpus: 8
            devices: { eth0: { addresses: [10.0.0.1/24], queues: 1 } }
            tasks:
              - { name: web, program: tcp-server, bind: "127.0.0.1:80" }
              - { name: ask, program: tcp-rr, connections: 40, connect: "127.0.0.1:80", think: 1ms }
        events: [ { at: 0us, host: server, set: { "/sys/class/net/lo/queues/rx-0/rps_cpus": "ff" } } ]
        """;

    [Theory]
    [InlineData("6.x", false)]
    [InlineData("3.10", true)] // the flow's own hash, which is symmetric
    public void Directions_of_a_connection_over_loopback_are_steered_apart_in_6x_only(string kernel, bool together) // 5.2
    {
        var trace = new TraceLog();
        using var run = new Running(OverLoopback.Replace("KERNEL", kernel, StringComparison.Ordinal), trace: trace);
        run.Until(50_000);
        // Behind the handshakes, whose SYN-ACK has the request's hash.
        var segments = trace.Events.Where(e => e.Point == TracePoint.tcp_v4_rcv && e.Time.Microseconds > 2_000).ToList();
        var requests = segments.Where(e => e.Arg1 == 80).Select(e => e.FlowHash).ToHashSet();
        var answers = segments.Where(e => e.Arg1 != 80).Select(e => e.FlowHash).ToHashSet();
        Assert.Equal((40, 40), (requests.Count, answers.Count));
        Assert.Equal(together ? 40 : 0, requests.Intersect(answers).Count());
        Assert.All(segments, e => Assert.Equal((long)(((ulong)e.FlowHash * 8) >> 32), e.Cpu));
    }

    [Fact]
    public void Timeout_lets_a_connection_draw_another_hash_and_counts_it() // 7.1: re-randomised on RTO
    {
        var trace = new TraceLog();
        using var run = new Running(Yaml.Pair(client: """{ name: ask, program: tcp-rr, connect: "10.0.0.1:80" }""", wire: "delay: 5us, loss: 100%"), trace: trace);
        run.Until(8_000_000);
        var hashes = trace.Events.Where(e => e.Point == TracePoint.tcp_transmit_skb).Select(e => e.FlowHash).ToList();
        Assert.True(hashes.Count > 3);
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
        Assert.Equal(hashes.Count - 1, run.Mib[LinuxMib.TcpTimeoutRehash]);
        Assert.Equal(run.Mib[LinuxMib.TCPTimeouts], run.Mib[LinuxMib.TcpTimeoutRehash]);
    }

    [Theory]
    [InlineData(KernelVersion.V6, 2, true, true)] // a pure ACK does not count
    [InlineData(KernelVersion.V6, 1280, true, false)]
    [InlineData(KernelVersion.V6, 1280, false, true)] // all is acknowledged: only the driver has not freed it
    [InlineData(KernelVersion.V310, 2, true, false)]
    [InlineData(KernelVersion.V310, 1280, false, false)]
    [InlineData(KernelVersion.V310, 0, true, true)]
    public void Connection_may_change_its_queue_when_none_of_its_payload_can_be_overtaken(KernelVersion kernel, int below, bool unacknowledged, bool may) // 7.1
    {
        var queue = new TcpSocketQueue(null!, 1, hasTxHash: true);
        queue.Charge(below);
        Assert.Equal(may, queue.MayChangeQueue(kernel, unacknowledged));
    }

    [Theory]
    [InlineData("udp-closed-loop, outstanding: 1, connect: \"10.0.0.1:9000\"", 0)] // ooo_okay is TCP's alone
    [InlineData("tcp-rr, connect: \"10.0.0.1:9000\"", 3)]
    public void Connected_udp_socket_keeps_its_first_queue_and_a_connection_follows_its_cpu(string program, int lastQueue) // 7.1
    {
        var server = program.StartsWith("tcp", StringComparison.Ordinal) ? "tcp-server" : "udp-echo";
        using var run = new Running($$"""
            duration: 1s
            cost-model: none
            hosts:
              client:
                cpus: 4
                devices: { eth0: { addresses: [10.0.0.2/24], queues: 4, coalesce: { rx-usecs: 0, rx-frames: 1 } } }
                tasks: [ { name: ask, program: {{program}}, cpus: "0" } ]
              server:
                cpus: 1
                devices: { eth0: { addresses: [10.0.0.1/24], queues: 1, coalesce: { rx-usecs: 0, rx-frames: 1 } } }
                tasks: [ { name: answer, program: {{server}}, bind: "0.0.0.0:9000" } ]
            wires: [ { between: [client.eth0, server.eth0], delay: 50us } ]
            """);
        run.Until(10_000);
        Assert.Null(run.Simulation.Set("client", "taskset -cp ask", "3"));
        run.Until(11_000);
        var before = Sent(run);
        run.Until(20_000);
        var busiest = Sent(run).Zip(before, (now, then) => now - then).ToList();
        Assert.Equal(lastQueue, busiest.IndexOf(busiest.Max()));
        Assert.True(busiest.Max() > 80);
    }

    private static List<long> Sent(Running run) => [.. run.Device("eth0").Queues.Where(q => q.Direction == QueueDirection.Tx).Select(q => q.Packets)];
}
