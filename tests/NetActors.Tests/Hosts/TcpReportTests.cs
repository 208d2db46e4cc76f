using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Tests.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>What is seen of TCP while connections come, work and go, on two hosts in virtual time.</summary>
public class TcpReportTests
{
    private static readonly Action<TcpSteps>[] Reply = [p => p.Receive(100), p => p.Send(50_000), p => p.Sleep(2000), p => p.Close()];
    private static readonly Action<TcpSteps>[] Ask = [p => p.Sleep(10), p => p.Send(100), p => p.Receive(50_000), p => p.Sleep(1000), p => p.Close()];

    /// <summary>RFC 4022: each end counts one open; both are established until they leave ESTABLISHED and CLOSE_WAIT.</summary>
    [Fact]
    public void A_whole_connection_is_counted_by_both_ends()
    {
        using var run = Talk();
        run.Until(5_000);
        Assert.Equal([1, 0, 1], Counts(run, 0));
        Assert.Equal([0, 1, 1], Counts(run, 1));
        run.Until(1_500_000); // the client has closed: FIN_WAIT2 there, CLOSE_WAIT here
        Assert.Equal([1, 0, 0], Counts(run, 0));
        Assert.Equal([0, 1, 1], Counts(run, 1));
        run.Until(3_000_000);
        Assert.Equal([1, 0, 0], Counts(run, 0));
        Assert.Equal([0, 1, 0], Counts(run, 1));
        var (client, server) = (run.Snapshot.Hosts[0].Mib, run.Snapshot.Hosts[1].Mib);
        Assert.Equal(client[TcpMib.OutSegs], server[TcpMib.InSegs]);
        Assert.Equal(server[TcpMib.OutSegs], client[TcpMib.InSegs]);
        Assert.Equal(0, client[TcpMib.RetransSegs] + server[TcpMib.RetransSegs] + client[TcpMib.EstabResets] + server[TcpMib.EstabResets]);
        Assert.Equal(35 + 1, server[LinuxMib.TCPOrigDataSent]); // 50,000 bytes in segments of 1,448, and the FIN (tcp_event_new_data_sent)
        Assert.Equal(1 + 1, client[LinuxMib.TCPOrigDataSent]);
    }

    [Fact]
    public void Sockets_are_listed_in_each_state_from_listen_to_time_wait()
    {
        using var run = Talk();
        run.Until(5_000);
        Assert.Equal(["LISTEN 0.0.0.0:9000 0/8", "ESTAB 10.0.0.1:9000 0/0"], Listed(run, 1));
        Assert.Equal(["ESTAB 10.0.0.2 0/0"], Listed(run, 0));
        run.Until(1_500_000);
        Assert.Equal(["LISTEN 0.0.0.0:9000 0/8", "CLOSE-WAIT 10.0.0.1:9000 1/0"], Listed(run, 1));
        Assert.Equal("timewait", Assert.Single(run.Snapshot.Hosts[0].TcpSockets).Timer.ToString().ToLowerInvariant());
        run.Until(3_000_000);
        Assert.Equal(["LISTEN 0.0.0.0:9000 0/8"], Listed(run, 1));
        var wait = Assert.Single(run.Snapshot.Hosts[0].TcpSockets);
        Assert.Equal(("TIME-WAIT", TcpTimer.Timewait), (wait.State, wait.Timer));
        Assert.InRange(wait.TimerNs, 58_000_000_000, 60_000_000_000);
    }

    [Fact]
    public void An_established_connection_tells_its_numbers()
    {
        using var run = Talk();
        run.Until(900_000);
        var server = run.Snapshot.Hosts[1].TcpSockets.Single(s => s.State == "ESTAB");
        var client = run.Snapshot.Hosts[0].TcpSockets.Single();
        Assert.Equal((50_000ul, 50_000ul, 100ul), (server.Info!.BytesSent, server.Info.BytesAcked, server.Info.BytesReceived));
        Assert.Equal((100ul, 50_000ul), (client.Info!.BytesSent, client.Info.BytesReceived));
        Assert.Equal(("cubic", 1448L, 1500L), (server.Info.Congestion, server.Info.SndMss, server.Info.Pmtu));
        Assert.True(server.Info is { Timestamps: true, Sack: true, Wscale: true, Ecn: false });
        Assert.Equal(server.Remote, client.Local);
        Assert.True(server.Inode > 0 && client.Inode > 0);
        Assert.Equal(0, server.Memory!.RmemAlloc + server.Memory.WmemQueued);
        Assert.Equal(131_072, server.Memory.RcvBuf);
    }

    /// <summary>
    /// The minimum of 200 ms and the round trip, rounded up to ticks: Linux 6.18 with HZ=250 showed rto:204 beside rtt:0.023/0.011
    /// (kernel: <c>__tcp_set_rto</c>).
    /// </summary>
    [Theory]
    [InlineData("250", 204_000)]
    [InlineData("1000", 201_000)]
    [InlineData("100", 210_000)]
    public void The_timeout_is_rounded_to_the_scenarios_tick(string hz, long rto)
    {
        using var run = new Running($"clock: {{ hz: {hz} }}\n" + Yaml.Pair(), prepare: Programs);
        run.Until(900_000);
        Assert.Equal(rto, run.Snapshot.Hosts[0].TcpSockets.Single().Info!.Rto);
    }

    /// <summary>iproute2 prints what BBR tells as <c>bbr:(bw:...,mrtt:...,pacing_gain:...,cwnd_gain:...)</c>.</summary>
    [Fact]
    public void A_hosts_congestion_control_is_named_and_tells_of_itself()
    {
        using var run = new Running(Yaml.Pair(clientSysctl: "net.ipv4.tcp_congestion_control: bbr"), prepare: Programs);
        run.Until(900_000);
        var client = run.Snapshot.Hosts[0].TcpSockets.Single();
        Assert.Equal("bbr", client.Info!.Congestion);
        Assert.Matches(@"^bbr:\(bw:\d+bps,mrtt:[\d.]+,pacing_gain:[\d.]+,cwnd_gain:[\d.]+\)$", client.Info.CongestionDetail);
        Assert.Equal("cubic", run.Snapshot.Hosts[1].TcpSockets[1].Info!.Congestion);
        Assert.Equal("", run.Snapshot.Hosts[1].TcpSockets[1].Info!.CongestionDetail);
    }

    [Fact]
    public void Sockstat_counts_listeners_connections_orphans_and_time_wait()
    {
        using var run = Talk();
        run.Until(5_000);
        Assert.Equal((2L, 2L, 0L, 0L), Stat(run, 1));
        Assert.Equal((1L, 1L, 0L, 0L), Stat(run, 0));
        run.Until(3_000_000);
        Assert.Equal((1L, 1L, 0L, 0L), Stat(run, 1));
        Assert.Equal((0L, 0L, 0L, 1L), Stat(run, 0));
    }

    [Fact]
    public void A_half_open_connection_is_listed_with_its_timer()
    {
        using var run = new Running(
            Yaml.Pair(wire: "delay: 40ms"), prepare: plan =>
            {
                TcpSteps.Client(plan.Hosts[0]);
                TcpSteps.Server(plan.Hosts[1]);
            });
        run.Until(190_000); // ARP took a round trip of 80 ms, the SYN comes at 120 ms, its ACK at 200 ms
        var half = run.Snapshot.Hosts[1].TcpSockets.Single(s => s.State == "SYN-RECV");
        Assert.Equal(("10.0.0.1:9000", TcpTimer.On), (half.Local, half.Timer));
        Assert.InRange(half.TimerNs, 900_000_000, 1_000_000_000);
        Assert.Null(half.Info);
        Assert.Equal("ESTAB", Assert.Single(run.Snapshot.Hosts[0].TcpSockets).State); // its ACK is under way
    }

    [Fact]
    public void A_result_with_connections_conforms_to_its_schema()
    {
        using var run = Talk();
        run.Until(1_500_000);
        using var stream = new MemoryStream();
        ResultJson.Write(stream, run.Snapshot);
        using var document = System.Text.Json.JsonDocument.Parse(stream.ToArray());
        Assert.Empty(ResultSchema.Faults(document.RootElement));
    }

    /// <summary>Client and server on a quick wire.</summary>
    private static Running Talk() => new(Yaml.Pair(), prepare: Programs);

    private static void Programs(SimulationPlan plan)
    {
        TcpSteps.Client(plan.Hosts[0], Ask);
        TcpSteps.Server(plan.Hosts[1], Reply);
    }

    private static long[] Counts(Running run, int host)
    {
        var mib = run.Snapshot.Hosts[host].Mib;
        return [mib[TcpMib.ActiveOpens], mib[TcpMib.PassiveOpens], mib[TcpMib.CurrEstab]];
    }

    private static IEnumerable<string> Listed(Running run, int host) => run.Snapshot.Hosts[host].TcpSockets
        .Select(s => $"{s.State} {(host == 0 ? s.Local.Split(':')[0] : s.Local)} {s.RecvQ}/{s.SendQ}");

    private static (long Inuse, long Alloc, long Orphan, long Tw) Stat(Running run, int host)
    {
        var s = run.Snapshot.Hosts[host].Sockstat;
        return (s.TcpInuse, s.TcpAlloc, s.TcpOrphan, s.TcpTw);
    }
}
