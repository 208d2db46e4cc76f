using NetActors.Observe;

namespace NetActors.Tests.Observe;

/// <summary>A Perfetto trace read back: tracks by their path, events in file order.</summary>
internal sealed class PerfettoTimeline
{
    private readonly Dictionary<ulong, string> _tracks = [];

    public PerfettoTimeline(byte[] trace)
    {
        foreach (var packet in new ProtoReader(trace).Messages(1))
        {
            Assert.True(packet.Has(10), "a packet without trusted_packet_sequence_id is not imported");
            if (packet.Message(60) is { } descriptor) Describe(descriptor);
            if (packet.Message(11) is { } e) Events.Add(Read((long)packet.Number(8), e));
        }
    }

    public enum Kind
    {
        Begin = 1,
        End = 2,
        Instant = 3,
    }

    public List<(long Time, string Track, Kind Kind, string Name, ulong Flow, ulong LastFlow)> Events { get; } = [];

    public IEnumerable<string> Tracks => _tracks.Values;

    public static byte[] Write(TraceEvent[] events, TraceFilter? filter = null)
    {
        using var stream = new MemoryStream();
        PerfettoWriter.Write(stream, events, Traces.Names, filter);
        return stream.ToArray();
    }

    /// <summary>The slices of a track, as <c>begin-end name</c>, indented by two for each level; fails on bad nesting.</summary>
    public string[] Slices(string track)
    {
        var lines = new List<(long Begin, string Text)>();
        var open = new Stack<int>();
        var last = long.MinValue;
        foreach (var e in Events.Where(e => e.Track == track))
        {
            Assert.True(e.Time >= last, $"{track} goes back in time");
            last = e.Time;
            if (e.Kind == Kind.Begin)
            {
                lines.Add((e.Time, new string(' ', 2 * open.Count) + e.Name));
                open.Push(lines.Count - 1);
            }
            else if (e.Kind == Kind.End)
            {
                Assert.True(open.Count > 0, $"{track}: an end without a begin");
                var index = open.Pop();
                lines[index] = (lines[index].Begin, $"{lines[index].Begin}-{e.Time} {lines[index].Text}");
            }
        }
        Assert.Empty(open);
        return [.. lines.Select(line => line.Text)];
    }

    private void Describe(ProtoReader descriptor)
    {
        var own = descriptor.Message(3)?.Text(6) ?? descriptor.Message(4)?.Text(5) ?? descriptor.Text(2);
        var path = descriptor.Has(5) ? $"{_tracks[descriptor.Number(5)]}/{own}" : own;
        Assert.True(_tracks.TryAdd(descriptor.Number(1), path), $"two tracks have the identity of {path}");
    }

    private (long, string, Kind, string, ulong, ulong) Read(long time, ProtoReader e) =>
        (time, _tracks[e.Number(11)], (Kind)e.Number(9), e.Text(23), e.Number(47), e.Number(48));
}
