namespace NetActors.Cli.Tests;

/// <summary>
/// What tshark's expert info, which knows nothing of us, says of TCP in the scenarios: nothing where nothing is lost, and where something
/// is, the retransmissions, duplicates and windows that our counters tell of.
/// </summary>
public sealed class TcpCaptureTests
{
    private static readonly string[] Harmless =
    [
        "Connection establish request (SYN)", "Connection establish acknowledge (SYN+ACK)", "Connection finish (FIN)", "TCP window update",
        "This frame initiates the connection closing", "This frame undergoes the connection closing", "cpu ",
        "TCP window specified by the receiver is now completely full", "TCP Zero Window segment", "TCP Zero Window Probe", "ACK to a TCP Zero Window Probe",
    ];

    private static readonly string[] Again = ["retransmission", "out-of-order segment"];

    /// <summary>How much of a scenario is enough to see something, where that is not ten milliseconds.</summary>
    private static readonly Dictionary<string, string> Durations = new() { ["tcp-lossy-wire"] = "300ms", ["slow-reader"] = "300ms", ["thundering-herd"] = "50ms", ["bufferbloat"] = "1s" };

    internal static string Scenarios { get; } = FindScenarios();

    /// <summary>Each device of each scenario with TCP in it.</summary>
    public static TheoryData<string, string> Captures
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var file in Directory.GetFiles(Scenarios, "*.yaml").Order(StringComparer.Ordinal))
            {
                if (!File.ReadAllText(file).Contains("program: tcp-", StringComparison.Ordinal)) continue;
                var name = Path.GetFileNameWithoutExtension(file);
                foreach (var device in TcpCapture.DevicesOf(name)) data.Add(name, device);
            }

            return data;
        }
    }

    [TsharkTheory]
    [MemberData(nameof(Captures))]
    public void Tshark_finds_nothing_in_a_capture_but_what_was_lost(string scenario, string device)
    {
        var capture = TcpCapture.Of(scenario, device, "--duration", Durations.GetValueOrDefault(scenario, "10ms"), "--set", "report.warm-up=0ns");
        Assert.True(capture.Segments.Count > 100);
        Assert.DoesNotContain(capture.Segments, s => s.Is("Malformed", "overlaps", "Bogus", "illegal", "must be", "longer than", "wrong"));
        Assert.Equal(capture.Count("TcpExt", "TCPToZeroWindowAdv"), Closings(capture));
        if (capture.Dropped == 0) Assert.Empty(Strange(capture).Take(10));
        else CheckLosses(capture);
    }

    /// <summary>What needs an explanation: all but openings and ends of connections, and answers to segments that another queue's overtook.</summary>
    private static IEnumerable<SeenSegment> Strange(TcpCapture capture)
    {
        var ends = new Dictionary<(int Stream, string Source), uint>();
        var late = new HashSet<int>(); // connections whose last segment of the peer was an old one
        foreach (var segment in capture.Segments)
        {
            var key = (segment.Stream, segment.Source);
            var end = ends.GetValueOrDefault(key);
            if (segment.Source != capture.Address && segment.Length == 0 && segment.Sequence < end) late.Add(segment.Stream); // a lone ACK may be overtaken
            ends[key] = Math.Max(end, segment.End);
            if (segment.Remarks.All(r => Harmless.Any(h => r.StartsWith(h, StringComparison.Ordinal)))) continue;
            if (segment.Is("Duplicate ACK (#1)") && (segment.Source != capture.Address || late.Remove(segment.Stream))) continue; // the peer's are judged where it is
            yield return segment;
        }
    }

    private static void CheckLosses(TcpCapture capture)
    {
        // Of our own segments those that do not go on where the last ended were sent again; each is counted (RFC 4022: tcpRetransSegs). What the
        // host's own queue dropped never came to the device: sent again it is new there.
        var again = capture.Count("Tcp", "RetransSegs");
        var isOverfull = capture.Host.GetProperty("drops").EnumerateArray().Any(d => d.GetProperty("reason").GetString()!.StartsWith("QDISC", StringComparison.Ordinal));
        Assert.InRange(capture.Own.Count(s => s.Is(Again)), isOverfull ? 0 : again, again);

        // RFC 2883: each duplicate of what was acknowledged is reported; one of what waits above a hole may share an ACK that was put off.
        var old = capture.Count("TcpExt", "TCPDSACKOldSent");
        var reported = old + capture.Count("TcpExt", "TCPDSACKOfoSent");
        Assert.InRange(capture.Own.Count(s => s.Is("D-SACK")), old, reported);
        var told = capture.Count("TcpExt", "TCPDSACKRecv") + capture.Count("TcpExt", "TCPDSACKOfoRecv");
        var reports = capture.Peers.Where(s => s.Is("D-SACK")).ToList();
        var late = reports.Count(IsLate(capture)); // a lone ACK that data overtook is not looked at, nor one beyond what a report may count
        Assert.InRange(reports.Count, told, told + late + (told / 10) + 2);

        // A gap that tshark sees makes the host keep what is behind it; a duplicate ACK answers such a segment or one that came twice.
        var kept = capture.Count("TcpExt", "TCPOFOQueue");
        Assert.InRange(capture.Peers.Count(s => s.Is("Previous segment(s) not captured")), 0, kept);
        Assert.InRange(capture.Own.Count(s => s.Is("Duplicate ACK")), 0, kept + reported);
        Assert.All(capture.Segments, s => Assert.False(s.Is("ACKed segment that wasn't captured"), s.ToString()));
    }

    /// <summary>Whether a segment of the peer begins before what came ahead of it.</summary>
    private static Func<SeenSegment, bool> IsLate(TcpCapture capture)
    {
        var (ends, late) = (new Dictionary<int, uint>(), new HashSet<int>());
        foreach (var segment in capture.Peers)
        {
            if (segment.Sequence < ends.GetValueOrDefault(segment.Stream)) late.Add(segment.Number);
            ends[segment.Stream] = Math.Max(ends.GetValueOrDefault(segment.Stream), segment.End);
        }

        return s => late.Contains(s.Number);
    }

    /// <summary>How often the host's window closed, of those segments that tell of windows.</summary>
    private static int Closings(TcpCapture capture)
    {
        var closed = new HashSet<int>();
        var count = 0;
        foreach (var segment in capture.Own.Where(s => !s.HasReset && !s.HasSyn))
        {
            if (segment.Window > 0) closed.Remove(segment.Stream);
            else if (closed.Add(segment.Stream)) count++;
        }

        return count;
    }

    private static string FindScenarios()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "config", "scenarios");
            if (Directory.Exists(path)) return path;
        }

        throw new DirectoryNotFoundException("config/scenarios");
    }
}
