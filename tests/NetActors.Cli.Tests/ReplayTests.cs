using System.Text.Json;

namespace NetActors.Cli.Tests;

public sealed class ReplayTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("linux-mixed.pcapng", "virtual", 235)]
    [InlineData("linux-client.pcap", "virtual", 120)]
    [InlineData("linux-any-sll2.pcap", "virtual", 115)]
    [InlineData("linux-any-sll-snap80.pcap", "virtual", 115)]
    [InlineData("linux-mixed.pcapng", "real", 235)]
    [InlineData("linux-client.pcap", "real", 120)]
    public void Every_packet_of_a_capture_is_delivered_or_its_drop_is_counted(string capture, string clock, int packets)
    {
        var result = _cli.Run("replay", Cli.CapturePath(capture), "--clock", clock, "--timing", "maximum", "--json", _cli.PathOf("r.json"));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var json = JsonDocument.Parse(File.ReadAllText(_cli.PathOf("r.json")));
        var ledger = json.RootElement.GetProperty("conservation");
        Assert.True(ledger.GetProperty("holds").GetBoolean());
        Assert.Equal(0, ledger.GetProperty("in_flight").GetInt64());
        Assert.True(ledger.GetProperty("delivered").GetInt64() > 0);
        var device = json.RootElement.GetProperty("hosts")[0].GetProperty("devices")[1].GetProperty("stats");
        var missed = device.GetProperty("rx_missed_errors").GetInt64(); // in real time a busy machine may not keep up
        Assert.Equal(packets, device.GetProperty("rx_packets").GetInt64() + missed);
        if (clock == "virtual") Assert.Equal(0, missed);
        Assert.Equal(packets, json.RootElement.GetProperty("traffic")[0].GetProperty("sent").GetInt64());
        Assert.Contains($": {packets} packets read, {packets} sent, ", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_has_the_address_that_most_packets_go_to_and_answers()
    {
        var result = _cli.Run("replay", Cli.CapturePath("linux-client.pcap"), "--show", "snmp", "--json", _cli.PathOf("r.json"));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var json = JsonDocument.Parse(File.ReadAllText(_cli.PathOf("r.json")));
        var mib = json.RootElement.GetProperty("hosts")[0].GetProperty("mib");
        Assert.True(mib.GetProperty("Ip").GetProperty("InDelivers").GetInt64() > 0);
        Assert.True(mib.GetProperty("Ip").GetProperty("OutRequests").GetInt64() > 0);
    }

    [Fact]
    public void Equal_replays_give_equal_bytes()
    {
        var outputs = new[] { "a", "b" }.Select(name =>
        {
            var (json, pcap) = (_cli.PathOf(name + ".json"), _cli.PathOf(name + ".pcapng"));
            _cli.Run("replay", Cli.CapturePath("linux-mixed.pcapng"), "--json", json, "--pcap", pcap);
            return (Json: File.ReadAllBytes(json), Pcap: File.ReadAllBytes(pcap));
        }).ToList();
        Assert.Equal(outputs[0].Json, outputs[1].Json);
        Assert.Equal(outputs[0].Pcap, outputs[1].Pcap);
    }

    [Fact]
    public void Speed_divides_the_gaps()
    {
        long Duration(params string[] more)
        {
            var result = _cli.Run(["replay", Cli.CapturePath("linux-client.pcap"), "--json", "-", .. more]);
            using var json = JsonDocument.Parse(result.Out);
            return json.RootElement.GetProperty("duration_ns").GetInt64();
        }

        Assert.InRange(Duration(), 5_000_000_000, 60_000_000_000);
        Assert.InRange(Duration("--speed", "1000"), 1, 5_000_000_000);
        Assert.Equal(2_000_000, Duration("--duration", "2ms"));
    }

    [Fact]
    public void A_damaged_capture_is_replayed_up_to_the_damage_which_is_told_with_its_offset()
    {
        var whole = File.ReadAllBytes(Cli.CapturePath("linux-client.pcap"));
        File.WriteAllBytes(_cli.PathOf("cut.pcap"), whole[..^10]);
        var result = _cli.Run("replay", _cli.PathOf("cut.pcap"), "--timing", "maximum");
        Assert.Equal(ExitCode.Failure, result.ExitCode);
        Assert.Contains("119 packets read, 119 sent", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"cut\.pcap: the capture ended early at byte \d+: ", result.Error);
    }

    [Fact]
    public void A_capture_without_packets_is_refused()
    {
        File.WriteAllBytes(_cli.PathOf("none.pcap"), File.ReadAllBytes(Cli.CapturePath("linux-client.pcap"))[..24]);
        var result = _cli.Run("replay", _cli.PathOf("none.pcap"));
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("the capture holds no packet", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--to is needed, since there are several devices: client.eth0 or server.eth0")]
    [InlineData("--to: there is no device `server` (HOST.DEVICE); did you mean `server.eth0`?", "--to", "server")]
    public void The_device_must_be_clear(string message, params string[] more)
    {
        var result = _cli.Run(["replay", Cli.CapturePath("linux-client.pcap"), "--scenario", "udp-echo", .. more]);
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capture_joins_the_traffic_of_a_scenario()
    {
        var result = _cli.Run(
            "replay", Cli.CapturePath("linux-client.pcap"), "--scenario", "rss-udp-flood", "--duration", "12ms",
            "--timing", "maximum", "--json", "-",
            "--set", "hosts.server.devices.eth0.promisc=on");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        using var json = JsonDocument.Parse(result.Out);
        var traffic = json.RootElement.GetProperty("traffic");
        Assert.Equal(["flood", "replay"], traffic.EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.Equal(120, traffic[1].GetProperty("sent").GetInt64());
    }

    [Fact]
    public void A_scenario_may_replay_a_capture_itself()
    {
        File.Copy(Cli.CapturePath("linux-client.pcap"), _cli.PathOf("in.pcap"));
        const string Scenario = """
            duration: 1ms
            hosts:
              server: { cpus: 2, devices: { eth0: { addresses: [10.0.0.1/24], queues: 2, promisc: on } } }
            traffic:
              - { name: old, to: server.eth0, kind: replay, file: FILE, timing: maximum }
            """;
        var file = _cli.Write("replays.yaml", Scenario.Replace("FILE", "in.pcap", StringComparison.Ordinal));
        var result = _cli.Run("run", file);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("in.pcap: 120 packets read, 120 sent", result.Out, StringComparison.Ordinal);
        File.WriteAllText(_cli.PathOf("in.pcap"), "");
        var empty = _cli.Run("run", file);
        Assert.Equal(ExitCode.Usage, empty.ExitCode);
        Assert.Contains("in.pcap: the file is empty", empty.Error, StringComparison.Ordinal);
    }

    [TsharkFact]
    public void The_replayed_frames_open_in_tshark()
    {
        var pcap = _cli.PathOf("out.pcapng");
        _cli.Run("replay", Cli.CapturePath("linux-client.pcap"), "--pcap", pcap, "--json", _cli.PathOf("r.json"));
        using var json = JsonDocument.Parse(File.ReadAllText(_cli.PathOf("r.json")));
        var stats = json.RootElement.GetProperty("hosts")[0].GetProperty("devices")[1].GetProperty("stats");
        var counted = stats.GetProperty("rx_packets").GetInt64() + stats.GetProperty("tx_packets").GetInt64();
        Assert.Equal(counted, Tshark.Read(pcap, "!(frame.interface_name contains \"/drops\")").Length);
        Assert.Empty(Tshark.Read(pcap, "_ws.malformed && !(frame.interface_name contains \"/drops\")"));
    }
}
