using System.Globalization;
using NetActors.Observe;
using NetActors.Tests.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>Connections over time: the trace points tcp_probe and inet_sock_set_state, and the CSV.</summary>
public class TcpProbeTests
{
    private const string Lossy = "delay: 5ms, loss: 2%, rate: 100Mbit";

    /// <summary>RFC 9293 figure 5 by both ends, in the words of include/trace/events/sock.h; a child begins as a copy of its listener.</summary>
    [Fact]
    public void A_connections_walk_through_its_states_is_traced()
    {
        var trace = new TraceLog();
        using (var run = Talk("delay: 5us", trace)) run.Until(3_000_000);
        var walks = trace.Events.Where(e => e.Point == TracePoint.inet_sock_set_state).Select(e => (e.Host, Text: Arguments(e))).ToList();
        Assert.Equal(
            ["TCP_CLOSE>TCP_SYN_SENT", "TCP_SYN_SENT>TCP_ESTABLISHED", "TCP_ESTABLISHED>TCP_FIN_WAIT1", "TCP_FIN_WAIT1>TCP_FIN_WAIT2", "TCP_FIN_WAIT2>TCP_CLOSE"],
            walks.Where(w => w.Host == 0).Select(w => Walk(w.Text)));
        Assert.Equal(
            [
                "TCP_CLOSE>TCP_LISTEN", "TCP_LISTEN>TCP_SYN_RECV", "TCP_SYN_RECV>TCP_ESTABLISHED", "TCP_ESTABLISHED>TCP_CLOSE_WAIT",
                "TCP_CLOSE_WAIT>TCP_LAST_ACK", "TCP_LAST_ACK>TCP_CLOSE",
            ],
            walks.Where(w => w.Host == 1).Select(w => Walk(w.Text)));
        Assert.All(walks, w => Assert.StartsWith("family=AF_INET protocol=IPPROTO_TCP sport=", w.Text, StringComparison.Ordinal));
        Assert.Contains("sport=9000 dport=0 ", walks.First(w => w.Host == 1).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_is_traced_for_every_segment_of_a_connection()
    {
        var trace = new TraceLog();
        using var run = Talk("delay: 5us", trace);
        run.Until(3_000_000);
        var mib = run.Snapshot.Hosts[0].Mib;
        var probes = trace.Events.Where(e => e.Point == TracePoint.tcp_probe && e.Host == 0).ToList();
        Assert.Equal(mib[TcpMib.InSegs], probes.Count + 1); // the server's FIN finds FIN_WAIT2 in the table of TIME_WAIT
        Assert.Contains("snd_cwnd=10 ssthresh=2147483647 srtt=", Arguments(probes[1]), StringComparison.Ordinal);
    }

    /// <summary>A loss halves nothing before it is seen, and CUBIC keeps 0.7 of the window then (RFC 9438 section 4.6).</summary>
    [Fact]
    public void The_csv_shows_the_window_grow_and_shrink_and_flight_within_it()
    {
        var rows = Csv(out _).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(',')).ToList();
        Assert.Equal("time,host,local,peer,state,snd_nxt,snd_una,cwnd,ssthresh,snd_wnd,srtt_us,rcv_wnd,rto_us,in_flight", string.Join(',', rows[0]));
        Assert.All(rows, row => Assert.Equal(14, row.Length));
        var server = rows.Skip(1).Where(row => row[1] == "server" && row[4] == "TCP_ESTABLISHED").ToList();
        var windows = server.Select(row => int.Parse(row[7], CultureInfo.InvariantCulture)).ToList();
        Assert.True(windows.Max() > 10, "slow start");
        Assert.Contains(windows.Zip(windows.Skip(1)), pair => pair.Second < pair.First);
        Assert.Contains(server, row => row[8] != "2147483647");
        Assert.All(server, row => Assert.True(uint.Parse(row[5], CultureInfo.InvariantCulture) - uint.Parse(row[6], CultureInfo.InvariantCulture) < 1 << 24));
        Assert.All(server.Skip(2), row => Assert.InRange(long.Parse(row[10], CultureInfo.InvariantCulture), 10_000, 200_000)); // 10 ms there and back at least
        Assert.All(server, row => Assert.True(long.Parse(row[12], CultureInfo.InvariantCulture) >= 200_000));
        Assert.Equal("10.0.0.1:9000", server[0][2]);
        Assert.StartsWith("10.0.0.2:", server[0][3], StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_runs_give_equal_bytes()
    {
        var (first, second) = (Csv(out var rows), Csv(out _));
        Assert.True(rows > 300, $"{rows} rows");
        Assert.Equal(first, second);
    }

    [Fact]
    public void Looking_at_the_sockets_changes_nothing() => Assert.Equal(Csv(out _), Csv(out _, looks: true));

    private static string Csv(out long rows, bool looks = false)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var csv = new TcpProbeCsv(text, ["client", "server"]);
        using (var run = Talk(Lossy, probe: csv))
        {
            for (var time = 0; looks && time < 2_000_000; time += 7_000) Assert.NotEmpty(run.Until(time).Snapshot.Hosts);
            run.Until(8_000_000);
        }

        csv.Complete();
        rows = csv.Rows;
        return text.ToString();
    }

    private static Running Talk(string wire, ITraceSink? trace = null, ITcpProbeSink? probe = null) => new(
        Yaml.Pair(wire: wire), trace: trace, prepare: plan =>
        {
            foreach (var cpu in plan.Hosts.SelectMany(h => h.Cpus)) cpu.TcpProbe = probe;
            var bytes = probe is null ? 50_000 : 2_000_000;
            TcpSteps.Client(plan.Hosts[0], p => p.Send(100), p => p.Receive(bytes), p => p.Sleep(500), p => p.Close());
            TcpSteps.Server(plan.Hosts[1], p => p.Receive(100), p => p.Send(bytes), p => p.Sleep(2000), p => p.Close());
        });

    private static string Arguments(TraceEvent e) => Snapshots.Text(writer => FtraceWriter.Write(writer, [e], new TraceNames()))
        .Split('\n').Last(line => line.Contains(": ", StringComparison.Ordinal)).Split($"{e.Point}: ")[1];

    private static string Walk(string text)
    {
        var words = text.Split(' ');
        return words.Single(w => w.StartsWith("oldstate=", StringComparison.Ordinal))[9..] + ">" + words.Single(w => w.StartsWith("newstate=", StringComparison.Ordinal))[9..];
    }
}
