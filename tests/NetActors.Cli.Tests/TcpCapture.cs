using System.Globalization;
using System.Text.Json;
using NetActors.Scenarios;

namespace NetActors.Cli.Tests;

/// <summary>A TCP segment as tshark sees it: numbers relative to the connection's first, and what its analysis says of it.</summary>
internal sealed record SeenSegment(int Number, int Stream, string Source, uint Sequence, int Length, uint Acknowledgment, int Flags, int Window, string[] Remarks)
{
    public bool HasSyn => (Flags & 2) != 0;

    public bool HasFin => (Flags & 1) != 0;

    public bool HasReset => (Flags & 4) != 0;

    /// <summary>The sequence number behind it.</summary>
    public uint End => Sequence + (uint)Length + (HasSyn || HasFin ? 1u : 0);

    public bool Is(params string[] remarks) => Array.Exists(Remarks, r => Array.Exists(remarks, w => r.Contains(w, StringComparison.Ordinal)));
}

/// <summary>A run of a scenario as one host's device saw it: its counters and its capture, read by tshark.</summary>
internal sealed class TcpCapture
{
    private static readonly string[] Fields =
        ["frame.number", "tcp.stream", "ip.src", "tcp.seq", "tcp.len", "tcp.ack", "tcp.flags", "tcp.window_size_value", "_ws.expert.message"];

    private TcpCapture(JsonElement host, string address, IReadOnlyList<SeenSegment> segments, long dropped) =>
        (Host, Address, Segments, Dropped) = (host, address, segments, dropped);

    /// <summary>The host in the result.</summary>
    public JsonElement Host { get; }

    /// <summary>The host's.</summary>
    public string Address { get; }

    /// <summary>In the order in which the host had them.</summary>
    public IReadOnlyList<SeenSegment> Segments { get; }

    /// <summary>Packets that were lost anywhere, on the wire or in a host.</summary>
    public long Dropped { get; }

    public IEnumerable<SeenSegment> Own => Segments.Where(s => s.Source == Address);

    public IEnumerable<SeenSegment> Peers => Segments.Where(s => s.Source != Address);

    /// <summary>Runs <paramref name="scenario"/> with a capture at <paramref name="device"/> (HOST.DEVICE) alone.</summary>
    public static TcpCapture Of(string scenario, string device, params string[] more)
    {
        using var cli = new Cli();
        var (json, all, pcap) = (cli.PathOf("r.json"), cli.PathOf("all.pcapng"), cli.PathOf("r.pcapng"));
        var result = cli.Run(["run", scenario, "--json", json, "--pcap", all, "--set", $"report.capture=[{device}]", .. more]);
        Assert.True(result.ExitCode == 0, result.Error);
        using var document = JsonDocument.Parse(File.ReadAllBytes(json));
        var root = document.RootElement.Clone();
        var host = root.GetProperty("hosts").EnumerateArray().Single(h => h.GetProperty("name").GetString() == device.Split('.')[0]);
        var dropped = root.GetProperty("conservation").GetProperty("dropped").GetInt64();
        if (dropped == 0) pcap = all;
        else Tshark.Read(all, "!(frame.interface_name contains \"/drops\")", "-w", pcap); // what is lost is written as of a device of its own
        return new TcpCapture(host, AddressOf(scenario, device), Read(pcap), dropped);
    }

    /// <summary>A counter of the host.</summary>
    public long Count(string group, string name) => Host.GetProperty("mib").GetProperty(group).GetProperty(name).GetInt64();

    /// <summary>The devices that wires of a scenario join.</summary>
    public static IEnumerable<string> DevicesOf(string scenario) => Scenario(scenario).Wires.SelectMany(w => new[] { w.A.ToString(), w.B.ToString() });

    private static string AddressOf(string scenario, string device) => Scenario(scenario).Hosts.Single(h => h.Name == device.Split('.')[0])
        .Devices.Single(d => d.Name == device.Split('.')[1]).Addresses.Select(a => a.ToString()!.Split('/')[0]).Single();

    private static ScenarioFile Scenario(string name) => ScenarioReader.Read(Path.Combine(TcpCaptureTests.Scenarios, name + ".yaml")).Scenario!;

    private static List<SeenSegment> Read(string pcap)
    {
        string[] print = ["-T", "fields", "-E", "separator=/t", "-E", "aggregator=;", .. Fields.SelectMany(f => new[] { "-e", f })];
        return [.. Tshark.Read(pcap, "tcp", ["-d", "tcp.port==1-65535,data", .. print]).Select(Parse)];
    }

    private static SeenSegment Parse(string line)
    {
        var at = line.Split('\t');
        return new SeenSegment(
            Int(at[0]), Int(at[1]), at[2], (uint)Int(at[3]), Int(at[4]), (uint)Int(at[5]), Convert.ToInt32(at[6], 16), Int(at[7]),
            at[8].Split(';', StringSplitOptions.RemoveEmptyEntries));
    }

    private static int Int(string text) => text.Length == 0 ? 0 : int.Parse(text, CultureInfo.InvariantCulture);
}
