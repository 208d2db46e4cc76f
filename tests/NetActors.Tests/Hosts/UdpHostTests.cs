using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>UDP sockets of a whole host (specification sections 0.4, 11.1 and 11.2).</summary>
public sealed class UdpHostTests
{
    private static string LoopbackFlood(int size, string more = "rate: 10kpps, stop: 100ms") =>
        $$"""{ name: sender, program: packet-flood, destination: "127.0.0.1:9000", size: {{size}}, {{more}} }""";

    [Fact]
    public void Default_buffer_holds_256_minimal_datagrams() // section 13 item 11: 832 bytes each, 256 * 832 = 212992
    {
        using var run = new Running(Yaml.Server(tasks: Yaml.DeafSink + ", " + LoopbackFlood(20)));
        run.Until(200_000);
        var socket = run.Socket("sink");
        Assert.Equal((256, 212_992), (socket.Queued, socket.Buffer.RmemAlloc));
        Assert.Equal((744, 744, 744), (run.Dropped(SkbDropReason.SOCKET_RCVBUFF), run.Mib[UdpMib.RcvbufErrors], run.Mib[UdpMib.InErrors])); // charged twice
        Assert.Equal(744, socket.Buffer.Drops);
    }

    [Theory]
    [InlineData("packet-flood, destination: \"10.0.0.1:9000\"")]
    [InlineData("udp-open-loop, connect: \"10.0.0.1:9000\"")]
    public void Rate_of_a_program_is_that_of_all_its_threads(string program)
    {
        using var run = new Running(Yaml.Pair($$"""{ name: sender, program: {{program}}, threads: 3, rate: 10kpps, stop: 100ms }""", Yaml.Sink()));
        run.Until(200_000);
        Assert.Equal(1000, run.Simulation.Plan.Hosts.Sum(h => h.Sockets.Where(s => s.Task == "sink").Sum(s => s.Delivered)));
    }

    [Fact]
    public void Frames_of_a_card_are_charged_2304_each()
    {
        using var run = new Running(Yaml.Server(tasks: Yaml.DeafSink, traffic: Yaml.Flood("10kpps", ", stop: 100ms")));
        run.Until(200_000);
        Assert.Equal(212_992 / 2304, run.Socket("sink").Queued);
        Assert.Equal(1000 - (212_992 / 2304), run.Mib[UdpMib.RcvbufErrors]);
    }

    [Fact]
    public void Buffer_of_2304_bytes_holds_two_small_datagrams() // live
    {
        using var run = new Running(Yaml.Server(tasks: Yaml.DeafSink.Replace("start", "rcvbuf: 1152, start", StringComparison.Ordinal) + ", " + LoopbackFlood(20)));
        run.Until(200_000);
        Assert.Equal(2, run.Socket("sink").Queued);
    }

    [Fact]
    public void Oversize_datagram_is_taken_only_by_an_empty_buffer() // live: one of 60832 into 2304
    {
        using var run = new Running(Yaml.Server(tasks: Yaml.DeafSink.Replace("start", "rcvbuf: 1152, start", StringComparison.Ordinal) + ", " + LoopbackFlood(60_000)));
        run.Until(200_000);
        Assert.Equal((1, 60_832), (run.Socket("sink").Queued, run.Socket("sink").Buffer.RmemAlloc));
    }

    [Fact]
    public void Loopback_goes_through_the_backlog_of_the_senders_cpu_a_run_each() // live: 20000 sends, about 20000 runs
    {
        using var run = new Running(Yaml.Server(cpus: 2, tasks: Yaml.Sink("batch: 1, cpus: \"1\"") + ", " + LoopbackFlood(20, "rate: 10kpps, stop: 100ms, cpus: \"0\", batch: 1")));
        run.Until(200_000);
        Assert.Equal((1000L, 1000u), (run.Cpu(0).Softirqs.NetRx, run.Cpu(0).Softnet.Processed));
        Assert.Equal((0L, 0u), (run.Cpu(1).Softirqs.NetRx, run.Cpu(1).Softnet.Processed));
        Assert.Equal(1000, run.Socket("sink").Delivered);
        var lo = run.Device("lo").Stats;
        Assert.Equal((1000, 1000), (lo.TxPackets, lo.RxPackets));
    }

    [Fact]
    public void Connected_socket_is_found_by_its_peers_answers()
    {
        using var run = new Running(Yaml.Pair(
            """{ name: asker, program: udp-closed-loop, connect: "10.0.0.1:7", stop: 5ms }""",
            """{ name: echo, program: udp-echo, bind: "0.0.0.0:7" }"""));
        run.Until(10_000);
        var client = (NetActors.Apps.UdpClientProgram)run.Host.Tasks[0].Program;
        Assert.True(client.Answered > 100);
        Assert.Equal(client.Asked, client.Answered);
    }

    [Fact]
    public void Bound_address_wins_over_the_wildcard()
    {
        using var run = new Running(
            Yaml.Server(tasks: """{ name: any, program: udp-sink, bind: "0.0.0.0:9001" }, { name: exact, program: udp-sink, bind: "10.0.0.1:9000" }, { name: wild, program: udp-sink, bind: "0.0.0.0:9002" }"""),
            frames: HostFrames.ToServer(HostFrames.Udp(9000), HostFrames.Udp(9001), HostFrames.Udp(9002), HostFrames.Udp(9003)));
        run.Until(1000);
        Assert.Equal((1, 1, 1), (run.Socket("exact").Delivered, run.Socket("any").Delivered, run.Socket("wild").Delivered));
        Assert.Equal(1, run.Mib[UdpMib.NoPorts]);
    }

    [Fact]
    public void Reuseport_spreads_flows_over_the_group_and_keeps_each_on_one_socket() // section 11.1
    {
        byte[][] frames = [.. Enumerable.Range(0, 800).Select(i => HostFrames.Udp(sourcePort: (ushort)(2000 + (i % 200))))];
        using var run = new Running(Yaml.Server(tasks: Yaml.Sink("reuseport: on, threads: 4")), frames: HostFrames.ToServer(1000, 1000, frames));
        run.Until(10_000);
        var shares = run.Host.Sockets.Select(s => s.Delivered).ToList();
        Assert.Equal(800, shares.Sum());
        Assert.All(shares, share => Assert.InRange(share, 100, 300));
        Assert.All(shares, share => Assert.Equal(0, share % 4)); // four datagrams a flow
    }

    [Fact]
    public void Broadcast_reaches_every_socket_on_the_port()
    {
        var frame = HostFrames.Udp(ends: HostFrames.Ends(destination: "10.0.0.255", mac: MacAddress.Broadcast));
        using var run = new Running(Yaml.Server(tasks: Yaml.Sink("reuseport: on, threads: 3")), frames: HostFrames.ToServer(frame, frame));
        run.Until(1000);
        Assert.All(run.Host.Sockets, s => Assert.Equal(2, s.Delivered));
        Assert.Equal((2, 6), (run.Mib[IpExtMib.InBcastPkts], run.Mib[UdpMib.InDatagrams]));
    }

    [Fact]
    public void Broadcast_without_a_socket_is_ignored()
    {
        var frame = HostFrames.Udp(port: 4242, ends: HostFrames.Ends(destination: "10.0.0.255", mac: MacAddress.Broadcast));
        using var run = new Running(Yaml.Server(), frames: HostFrames.ToServer(frame), capture: true);
        run.Until(1000);
        Assert.Equal((1, 0), (run.Mib[UdpMib.IgnoredMulti], run.Mib[UdpMib.NoPorts]));
        Assert.Empty(run.Captured.Sent());
    }
}
