using System.Buffers.Binary;
using NetActors.Attach;
using NetActors.Time;

namespace NetActors.Cli.Captures;

/// <summary>What a capture is about, found by reading it once: how long it is, and whose host would have received it.</summary>
internal sealed class CaptureSurvey
{
    private const int MostAddresses = 1 << 16;
    private readonly Dictionary<uint, Receiver> _receivers = [];
    private readonly Dictionary<uint, ulong> _senders = [];

    private CaptureSurvey()
    {
    }

    /// <summary>Frames that can be replayed.</summary>
    public long Frames { get; private set; }

    /// <summary>Arrival of the last frame.</summary>
    public KernelTime End { get; private set; }

    /// <summary>Bytes of the longest frame.</summary>
    public int LongestFrame { get; private set; }

    /// <summary>The IPv4 address that most packets go to; null when none goes to a single host.</summary>
    public uint? Address => Busiest?.Address;

    /// <summary>The Ethernet address that most of those have; null when it is none that a card may have.</summary>
    public ulong? LinkAddress => Busiest is { } busiest && IsStation(busiest.LinkAddresses.MaxBy(m => m.Value).Key)
        ? busiest.LinkAddresses.MaxBy(m => m.Value).Key
        : null;

    /// <summary>IPv4 senders and the Ethernet address each was seen with, in the order of their address.</summary>
    public IReadOnlyList<(uint Address, ulong LinkAddress)> Senders =>
        [.. _senders.Where(s => s.Key != Address && IsStation(s.Value)).OrderBy(s => s.Key).Select(s => (s.Key, s.Value))];

    private Receiver? Busiest => _receivers.Values.OrderByDescending(r => r.Packets).ThenBy(r => r.Address).FirstOrDefault();

    /// <summary>Reads the capture to its end. Ends the command when it holds nothing that can be replayed.</summary>
    public static CaptureSurvey Of(string file, ReplayOptions options, CancellationToken cancellation)
    {
        using var reader = CaptureReader.Open(file);
        var (survey, timeline) = (new CaptureSurvey(), new CaptureTimeline(reader, options));
        while (!cancellation.IsCancellationRequested && timeline.TryTake(KernelTime.Never, out var frame)) survey.Add(frame);
        if (cancellation.IsCancellationRequested) throw CliException.Interrupted($"interrupted while reading {file}");
        if (survey.Frames > 0) return survey;
        if (reader.RecordCount == 0) throw CliException.Usage($"{file}: {CaptureWords.Nothing(reader.Fault)}");
        throw CliException.Usage($"{file}: none of its {reader.RecordCount} packets can be put on Ethernet");
    }

    private void Add(in CapturedFrame frame)
    {
        Frames++;
        End = frame.Arrival;
        LongestFrame = Math.Max(LongestFrame, frame.Length);
        var bytes = frame.Bytes;
        if (bytes.Length < 18) return;
        var (to, from) = (Mac(bytes), Mac(bytes[6..]));
        var ip = bytes[12..];
        while (ip.Length > 4 && BinaryPrimitives.ReadUInt16BigEndian(ip) is 0x8100 or 0x88A8) ip = ip[4..];
        if (ip.Length < 22 || BinaryPrimitives.ReadUInt16BigEndian(ip) != 0x0800 || ip[2] >> 4 != 4) return;
        var (source, destination) = (BinaryPrimitives.ReadUInt32BigEndian(ip[14..]), BinaryPrimitives.ReadUInt32BigEndian(ip[18..]));
        if (IsHost(source) && _senders.Count < MostAddresses) _senders.TryAdd(source, from);
        if (!IsHost(destination) || (_receivers.Count >= MostAddresses && !_receivers.ContainsKey(destination))) return;
        if (!_receivers.TryGetValue(destination, out var receiver)) _receivers[destination] = receiver = new Receiver(destination);
        receiver.Add(to);
    }

    private static ulong Mac(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16;

    private static bool IsStation(ulong mac) => mac != 0 && (mac >> 40 & 1) == 0;

    private static bool IsHost(uint address) => address >> 28 != 0xE && address >> 24 is not (0 or 0x7F) && address != uint.MaxValue;

    private sealed class Receiver(uint address)
    {
        public uint Address { get; } = address;

        public long Packets { get; private set; }

        public Dictionary<ulong, long> LinkAddresses { get; } = [];

        public void Add(ulong linkAddress)
        {
            Packets++;
            if (LinkAddresses.Count < 64 || LinkAddresses.ContainsKey(linkAddress))
                LinkAddresses[linkAddress] = LinkAddresses.GetValueOrDefault(linkAddress) + 1;
        }
    }
}
