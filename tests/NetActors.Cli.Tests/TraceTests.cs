namespace NetActors.Cli.Tests;

public sealed class TraceTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Without_a_choice_it_prints_the_way_of_the_first_packet_delivered()
    {
        var result = _cli.Run("trace", "rss-udp-flood");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches("^netactors: packet [0-9a-f]{16} is the first that was delivered\n$", result.Error);
        var lines = Events(result);
        var points = lines.Select(line => line.Split(": ")[1]).ToList();
        Assert.Equal(
            ["napi_gro_receive", "netif_receive_skb", "ip_rcv", "ip_local_deliver", "udp_rcv", "udp_queue_rcv_skb",
                "skb_copy_datagram_iovec"],
            points.Take(7));
        Assert.Single(lines.Select(line => line[line.IndexOf("skbaddr=", StringComparison.Ordinal)..][..24]).Distinct());
        Assert.Matches("dev=eth0 .*len=46", lines[0]); // eth_type_trans has taken the header off
        Assert.Contains(lines, line => line.Contains("dport=9000", StringComparison.Ordinal));
        Assert.Contains($"entries-written: {lines.Count}/{lines.Count} ", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packet_or_flow_is_chosen_by_the_number_that_traces_print()
    {
        var line = Events(_cli.Run("trace", "rss-udp-flood"))[0];
        var id = line[(line.IndexOf("skbaddr=", StringComparison.Ordinal) + 8)..][..16];
        var hash = line[(line.IndexOf("hash=", StringComparison.Ordinal) + 5)..];
        var packet = _cli.Run("trace", "rss-udp-flood", "--packet", id);
        Assert.Equal((0, ""), (packet.ExitCode, packet.Error));
        Assert.All(Events(packet), e => Assert.Contains($"skbaddr={id}", e, StringComparison.Ordinal));
        var flow = _cli.Run("trace", "rss-udp-flood", "--flow", hash, "--to", "1ms");
        Assert.Equal((0, ""), (flow.ExitCode, flow.Error));
        Assert.All(Events(flow), e => Assert.Contains($"hash={hash}", e, StringComparison.Ordinal));
        Assert.True(Events(flow).Select(e => e[e.IndexOf("skbaddr=", StringComparison.Ordinal)..][..24]).Distinct().Count() > 1);
    }

    [Fact]
    public void Points_times_and_the_limit_choose_events()
    {
        var result = _cli.Run(
            "trace", "rss-udp-flood", "--point", "irq*", "--point", "napi_poll", "--from", "100us", "--to", "300us", "--limit", "20");
        Assert.Equal((0, "netactors: stopped after 20 events; --limit N keeps more\n"), (result.ExitCode, result.Error));
        var lines = Events(result);
        Assert.Equal(20, lines.Count);
        Assert.All(lines, line => Assert.Matches(@"\b(irq_handler_entry|irq_handler_exit|napi_poll): ", line));
        Assert.All(lines, line => Assert.Matches(@" 0\.000[12]\d{5}: | 0\.000300000: ", line));
    }

    [Fact]
    public void A_timeline_is_written_for_perfetto_and_equal_runs_give_equal_bytes()
    {
        foreach (var name in new[] { "a", "b" })
        {
            var result = _cli.Run("trace", "udp-echo", "--to", "2ms", "--perfetto", _cli.PathOf(name));
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.Matches(@"/" + name + @": \d+ events; open it in https://ui\.perfetto\.dev\n$", result.Out);
        }

        Assert.NotEmpty(File.ReadAllBytes(_cli.PathOf("a")));
        Assert.Equal(File.ReadAllBytes(_cli.PathOf("a")), File.ReadAllBytes(_cli.PathOf("b")));
    }

    [Fact]
    public void A_choice_that_finds_nothing_says_so()
    {
        var result = _cli.Run("trace", "udp-echo", "--duration", "2ms", "--packet", "deadbeef");
        Assert.Equal((ExitCode.Failure, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("no event was found", result.Error, StringComparison.Ordinal);
    }

    private static List<string> Events(CliResult result)
    {
        Assert.True(result.ExitCode == 0, result.Error);
        return [.. result.OutLines.Where(line => line.Length > 0 && line[0] != '#')];
    }
}
