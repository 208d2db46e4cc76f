using CsCheck;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Tests.Simulations;

namespace NetActors.Attach.Tests.Simulations;

/// <summary>What devices capture is what Wireshark takes for good packets, and as many as were counted.</summary>
public sealed class CapturedRunTests
{
    private const string Passed = "!(frame.interface_name contains \"/drops\")";
    private const string Bad = $"{Passed} && (_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0 || icmp.checksum.status == 0)";

    public static TheoryData<string> Scenarios => ["elephant-flow", "lossy-wire", "ping", "rss-udp-flood", "single-queue-host", "udp-echo", "udp-rpc-closed-loop"];

    [TsharkTheory]
    [MemberData(nameof(Scenarios))]
    public void Capture_of_a_run_has_every_counted_packet_and_no_bad_one(string name) => Check(Files.Shipped(name, "duration=5ms", "report.warm-up=0ns"), name);

    [TsharkFact]
    public void Capture_of_a_random_run_has_every_counted_packet_and_no_bad_one() =>
        RandomScenarios.Any.Sample(text => Check(Files.Text(text), text), iter: 5, threads: 1);

    private static void Check(ScenarioFile scenario, string about)
    {
        var path = Path.GetTempFileName();
        try
        {
            SimulationSnapshot snapshot;
            using (var writer = new PcapngWriter(File.Create(path)))
            using (var simulation = Simulation.Start(scenario, new SimulationOptions { Capture = writer }))
            {
                simulation.RunUntil(scenario.Duration);
                snapshot = simulation.Snapshot();
            }

            foreach (var host in snapshot.Hosts)
            {
                foreach (var device in host.Devices.Where(d => d.Name != "lo"))
                {
                    var counted = device.Stats.RxPackets + device.Stats.TxPackets + device.Stats.TxDropped;
                    Assert.True(counted == Packets(path, $"{host.Name}/{device.Name}"), $"{host.Name}/{device.Name} counted {counted}\n{about}");
                }
            }

            CheckDrops(path, snapshot, about);
            var bad = Dissect(path, Bad);
            Assert.True(bad.Length == 0, $"{bad.Length} bad packets, such as\n{string.Join('\n', bad.Take(5))}\n{about}");
            if (Dissect(path, "ip").Length > 0) Assert.True(Dissect(path, "ip.checksum.status == 1").Length > 0, about); // they were verified
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Every drop that is counted is in the file with its reason, as Wireshark shows it, and no other.</summary>
    private static void CheckDrops(string path, SimulationSnapshot snapshot, string about)
    {
        var written = Tshark.Fields(path, "frame.interface_name", "frame.comment").Where(line => line.Contains("/drops", StringComparison.Ordinal))
            .Select(line => (Name: line[..line.IndexOf("/drops", StringComparison.Ordinal)], Reason: line[(line.LastIndexOf(' ') + 1)..])).ToLookup(d => d);
        var counted = snapshot.Hosts.SelectMany(h => h.Drops.Select(d => (h.Name, Reason: d.Reason.ToString(), Count: (long)d.Count)))
            .Concat(snapshot.Wires.Select(w => (w.Name, Reason: "WIRE_LOSS", Count: w.Lost)))
            .GroupBy(d => (d.Name, d.Reason)).Select(g => (g.Key, Count: g.Sum(d => d.Count))).Where(d => d.Count > 0).ToArray();
        foreach (var (drop, count) in counted)
            Assert.True(count == written[drop].Count(), $"{drop}: {count} counted, {written[drop].Count()} written\n{about}");
        Assert.True(counted.Length == written.Count, $"{string.Join(' ', written.Select(d => d.Key))} written, {counted.Length} counted\n{about}");
    }

    // What lies behind UDP is nobody's protocol, whatever port it has.
    private static string[] Dissect(string path, string filter) => Tshark.Run(
        ["-r", path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-d", "udp.port==1-65535,data", "-Y", filter]);

    private static int Packets(string path, string device)
    {
        using var reader = CaptureReader.Open(path);
        var count = 0;
        while (reader.TryRead(out var record)) count += reader.Interfaces[record.InterfaceIndex].Name == device ? 1 : 0;
        Assert.True(reader.Fault.IsNone, reader.Fault.ToString());
        return count;
    }
}
