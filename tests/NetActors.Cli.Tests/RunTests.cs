using System.Text;
using System.Text.Json;

namespace NetActors.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private static readonly string[] Echo = ["run", "udp-echo", "--duration", "5ms"];
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_run_prints_what_each_cpu_queue_and_socket_did()
    {
        var result = _cli.Run("run", "rss-udp-flood", "--duration", "12ms");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("rss-udp-flood: RSS spreads", result.Out, StringComparison.Ordinal);
        Assert.Contains("virtual clock (predicted), seed 1, 12 ms, kernel 6.x, cost model bdw6-2018", result.Out, StringComparison.Ordinal);
        Assert.Contains(result.OutLines, line => line.StartsWith("CPU  %irq  %soft  %sys  %usr  %idle", StringComparison.Ordinal));
        Assert.Contains(result.OutLines, line => line.StartsWith(" 15 ", StringComparison.Ordinal));
        Assert.Contains(result.OutLines, line => line.StartsWith("eth0 rx-3 ", StringComparison.Ordinal));
        Assert.Contains(result.OutLines, line => line.StartsWith("server/sink ", StringComparison.Ordinal));
        Assert.Matches(@"(?m)^packets: \d+ sent = \d+ delivered \+ \d+ dropped \+ \d+ under way$", result.Out);
        Assert.Matches(@"(?m)^simulated 12 ms in \d+\.\d\d s on \d+ cores?: [\d.]+ [Mk]?packets/s$", result.Out);
    }

    [Fact]
    public void Equal_seeds_give_equal_json_and_capture_and_other_seeds_others()
    {
        var runs = new[] { ("a", "1"), ("b", "1"), ("c", "2") }.Select(run =>
        {
            var (json, pcap) = (_cli.PathOf(run.Item1 + ".json"), _cli.PathOf(run.Item1 + ".pcapng"));
            var result = _cli.Run([.. Echo, "--seed", run.Item2, "--json", json, "--pcap", pcap]);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            return (Json: File.ReadAllBytes(json), Pcap: File.ReadAllBytes(pcap));
        }).ToList();
        Assert.Equal(runs[0].Json, runs[1].Json);
        Assert.Equal(runs[0].Pcap, runs[1].Pcap);
        Assert.NotEqual(runs[0].Json, runs[2].Json);
        Assert.NotEqual(runs[0].Pcap, runs[2].Pcap);
    }

    [Fact]
    public async Task Two_runs_at_once_do_not_disturb_each_other()
    {
        var alone = _cli.Run([.. Echo, "--json", "-"]).Out;
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => _cli.Run([.. Echo, "--json", "-"]).Out)));
        Assert.Equal([alone, alone], both);
    }

    [Fact]
    public void Json_on_standard_output_stands_alone_and_equals_the_file()
    {
        var file = _cli.PathOf("r.json");
        _cli.Run([.. Echo, "--json", file]);
        var result = _cli.Run([.. Echo, "--json", "-"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(File.ReadAllText(file), result.Out);
        using var json = JsonDocument.Parse(result.Out);
        Assert.Equal("udp-echo", json.RootElement.GetProperty("scenario").GetString());
        Assert.Equal(5_000_000, json.RootElement.GetProperty("duration_ns").GetInt64());
        Assert.DoesNotContain("wall", result.Out, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Proc_texts_are_printed_as_asked()
    {
        var result = _cli.Run([.. Echo, "--show", "softnet_stat,dev", "--show", "ethtool"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("server: /proc/net/softnet_stat\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("client: /proc/net/dev\nInter-|", result.Out, StringComparison.Ordinal);
        Assert.Contains("server: ethtool -S eth0\nNIC statistics:\n", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("/proc/interrupts", result.Out, StringComparison.Ordinal);
        var all = _cli.Run([.. Echo, "--show", "all"]).Out;
        foreach (var text in new[] { "/proc/interrupts\n", "/proc/softirqs\n", "/proc/net/snmp\nIp: ", "/proc/net/netstat\n", "/proc/net/tcp\n  sl  ", "/proc/net/sockstat\nsockets: used ", "netstat -s\nIp:\n", "ss -tinmoa\nState " })
            Assert.Contains(text, all, StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_over_time_go_to_a_file_of_their_own()
    {
        var csv = _cli.PathOf("tcp.csv");
        Assert.Equal(0, _cli.Run([.. Echo, "--tcp-probe", csv]).ExitCode);
        Assert.Equal(
            "time,host,local,peer,state,snd_nxt,snd_una,cwnd,ssthresh,snd_wnd,srtt_us,rcv_wnd,rto_us,in_flight\n", // it has no TCP
            File.ReadAllText(csv));
        var both = _cli.Run([.. Echo, "--json", csv, "--tcp-probe", csv]);
        Assert.Equal(2, both.ExitCode);
        Assert.Contains("--tcp-probe: ", both.Error, StringComparison.Ordinal);
    }

    private const string Stream = """
        duration: 300ms
        cost-model: none
        hosts:
          client:
            cpus: 1
            devices: { eth0: { addresses: [10.0.0.2/24] } }
            tasks:
              - { name: bulk, program: tcp-stream, connect: "10.0.0.1:80" }
              - { name: rare, program: tcp-rr, connect: "10.0.0.1:81", think: 20ms }
          server:
            cpus: 1
            devices: { eth0: { addresses: [10.0.0.1/24] } }
            tasks:
              - { name: sink, program: tcp-server, does: discard, bind: "0.0.0.0:80" }
              - { name: web, program: tcp-server, bind: "0.0.0.0:81" }
        wires: [ { between: [client.eth0, server.eth0], rate: 100Mbit, delay: 5ms, loss: 0.1% } ]
        """;

    [Fact]
    public void A_connection_over_time_is_drawn()
    {
        var (file, svg, again) = (_cli.Write("stream.yaml", Stream), _cli.PathOf("tcp.svg"), _cli.PathOf("again.svg"));
        Assert.Equal(0, _cli.Run("run", file, "--tcp-plot", svg, "--tcp-probe", _cli.PathOf("tcp.csv")).ExitCode);
        var picture = File.ReadAllText(svg);
        Assert.Equal("svg", System.Xml.Linq.XDocument.Parse(picture).Root!.Name.LocalName);
        foreach (var text in new[] { ">cwnd<", ">ssthresh<", ">in flight<", ">srtt<" }) Assert.Contains(text, picture, StringComparison.Ordinal);
        Assert.Matches("client 10.0.0.2:[0-9]+ &gt; 10.0.0.1:80<", picture); // who sends most
        Assert.Equal(0, _cli.Run("run", file, "--tcp-plot", again).ExitCode);
        Assert.Equal(picture, File.ReadAllText(again));
        Assert.True(File.ReadAllLines(_cli.PathOf("tcp.csv")).Length > 500);
    }

    [Fact]
    public void The_connection_drawn_can_be_chosen()
    {
        var (file, svg) = (_cli.Write("stream.yaml", Stream), _cli.PathOf("tcp.svg"));
        Assert.Equal(0, _cli.Run("run", file, "--tcp-plot", svg, "--tcp-plot-of", "server 10.0.0.1:81").ExitCode);
        Assert.Matches("server 10.0.0.1:81 &gt; 10.0.0.2:[0-9]+<", File.ReadAllText(svg));
        var nobody = _cli.Run("run", file, "--tcp-plot", svg, "--tcp-plot-of", "nobody");
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("--tcp-plot: no connection's name has `nobody` in it", nobody.Error, StringComparison.Ordinal);
        var alone = _cli.Run("run", file, "--tcp-plot-of", "nobody");
        Assert.Equal(2, alone.ExitCode);
        Assert.Contains("--tcp-plot-of says whose picture --tcp-plot FILE.svg draws", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Overrides_change_the_run()
    {
        var result = _cli.Run("run", "rss-udp-flood", "--duration", "12ms", "--set", "hosts.server.devices.eth0.queues=2", "--set",
            "hosts.server.devices.eth0.smp_affinity_list={}", "--seed", "7", "--json", "-");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var json = JsonDocument.Parse(result.Out);
        Assert.Equal(7, json.RootElement.GetProperty("seed").GetInt32());
        var queues = json.RootElement.GetProperty("hosts")[0].GetProperty("devices")[1].GetProperty("queues");
        Assert.Equal(2, queues.EnumerateArray().Count(q => q.GetProperty("direction").GetString() == "rx"));
    }

    [Fact]
    public void A_flood_without_a_rate_sends_as_fast_as_its_host_can()
    {
        var file = _cli.Write("flood.yaml", """
            duration: 2ms
            hosts:
              a:
                devices: { eth0: { addresses: [10.0.0.1/24] } }
                neighbours: [ "10.0.0.2 lladdr 02:00:00:00:00:fe dev eth0" ]
                tasks: [ { name: flood, program: packet-flood, destination: "10.0.0.2:9" } ]
            """);
        var result = _cli.Run("run", file, "--json", "-");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var json = JsonDocument.Parse(result.Out);
        var cpu = json.RootElement.GetProperty("hosts")[0].GetProperty("cpus")[0];
        Assert.InRange(cpu.GetProperty("idle_ns").GetInt64(), 0, 20_000);
    }

    [Fact]
    public async Task Ctrl_c_ends_the_run_and_still_gives_the_result()
    {
        using var source = new CancellationTokenSource();
        var (json, pcap) = (_cli.PathOf("r.json"), _cli.PathOf("r.pcapng"));
        var key = new Timer(_ => PressOnceThereAreFrames(), null, 10, 10);
        void PressOnceThereAreFrames()
        {
            if (new FileInfo(pcap) is { Exists: true, Length: > 100_000 }) source.Cancel();
        }

        var result = _cli.Run(["run", "udp-echo", "--duration", "3600s", "--json", json, "--pcap", pcap], source.Token);
        await key.DisposeAsync(); // it may be pressing at this moment
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Matches(@"^netactors: interrupted at [\d.]+ m?s of 3600 s; the figures are up to there\n$", result.Error);
        Assert.Contains("packets: ", result.Out, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(File.ReadAllText(json));
        Assert.InRange(document.RootElement.GetProperty("duration_ns").GetInt64(), 1, 3_599_000_000_000);
        if (Tshark.IsThere) Assert.NotEmpty(Tshark.Read(pcap, "frame"));
    }

    [Fact]
    public void A_run_that_is_interrupted_before_it_begins_still_prints()
    {
        var result = _cli.Run(Echo, new CancellationToken(canceled: true));
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Contains("server: CPUs", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_real_clock_measures_and_accounts_for_every_packet()
    {
        var result = _cli.Run([.. Echo, "--clock", "real", "--json", _cli.PathOf("r.json")]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("real clock (measured)", result.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("UNACCOUNTED", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_output_has_no_escape_codes_and_is_not_cut()
    {
        var result = _cli.Run("run", "rss-udp-flood", "--duration", "12ms");
        Assert.DoesNotContain('\u001b', result.Out);
        Assert.Contains(result.OutLines, line => line.Length > 100);
        Assert.DoesNotContain(result.OutLines, line => line.EndsWith(' '));
    }

    [Fact]
    public void A_narrow_terminal_gets_whole_columns_in_several_blocks()
    {
        var result = _cli.Run(["run", "rss-udp-flood", "--duration", "12ms"], CancellationToken.None, width: 60);
        var tables = result.OutLines.Where(line => line.Split(' ')[0] is "CPU" or "all").ToList();
        Assert.True(tables.Count >= 4);
        Assert.All(tables, line => Assert.InRange(line.Length, 1, 60));
        Assert.Contains(tables, line => line.EndsWith("  ctxt", StringComparison.Ordinal));
    }

    [Fact]
    public void A_terminal_gets_headings_that_stand_out()
    {
        var result = _cli.Run(Echo, CancellationToken.None, width: 120, styles: true);
        Assert.Contains("\u001b[1mserver: CPUs\u001b[0m", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_run_that_is_watched_shows_how_far_it_is()
    {
        using var source = new CancellationTokenSource();
        void PressOnceThereIsABar(string text)
        {
            if (text.Contains('%', StringComparison.Ordinal)) source.Cancel();
        }

        var result = _cli.Run(["run", "udp-echo", "--duration", "3600s"], source.Token, watcher: PressOnceThereIsABar);
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Contains("\u001b[", result.Error, StringComparison.Ordinal);
        Assert.Contains("%", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Out);
    }

    [TsharkFact]
    public void A_capture_of_the_real_clock_is_whole_although_many_threads_write_it()
    {
        var pcap = _cli.PathOf("r.pcapng");
        var result = _cli.Run("run", "rss-udp-flood", "--duration", "50ms", "--clock", "real", "--pcap", pcap);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Empty(Tshark.Read(pcap, "_ws.malformed"));
        Assert.NotEmpty(Tshark.Read(pcap, "udp.dstport == 9000"));
    }

    [Fact]
    public void Verbose_logs_to_standard_error_only()
    {
        var result = _cli.Run([.. Echo, "--verbose", "--json", "-"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("netactors: information: udp-echo starts", result.Error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(result.Out);
    }

    [TsharkFact]
    public void The_capture_opens_in_tshark_with_as_many_frames_as_the_devices_counted()
    {
        var (json, pcap) = (_cli.PathOf("r.json"), _cli.PathOf("r.pcapng"));
        _cli.Run([.. Echo, "--json", json, "--pcap", pcap]);
        using var document = JsonDocument.Parse(File.ReadAllText(json, Encoding.UTF8));
        var counted = 0L;
        foreach (var host in document.RootElement.GetProperty("hosts").EnumerateArray())
        {
            foreach (var device in host.GetProperty("devices").EnumerateArray().Where(d => d.GetProperty("name").GetString() != "lo"))
            {
                var stats = device.GetProperty("stats");
                counted += stats.GetProperty("rx_packets").GetInt64() + stats.GetProperty("tx_packets").GetInt64();
            }
        }

        Assert.Equal(counted, Tshark.Read(pcap, "frame").Length);
        const string Wrong = "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0";
        Assert.Empty(Tshark.Read(pcap, Wrong, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"));
    }
}
