using NetActors.Time;

namespace NetActors.Observe;

/// <summary>
/// Writes events as a timeline that ui.perfetto.dev opens (native protobuf format): a track for each context of each CPU, slices for
/// interrupts, softirq vectors, polls, timers, system calls and running tasks, and an arrow through everything that happened to a packet.
/// Equal events give equal bytes.
/// </summary>
public sealed class PerfettoWriter
{
    private readonly PerfettoPackets _packets;
    private readonly TraceNames _names;
    private readonly SortedDictionary<ulong, Stack<TracePoint>> _open = []; // begun slices by track, innermost on top

    private PerfettoWriter(Stream stream, TraceNames names) => (_packets, _names) = (new PerfettoPackets(stream), names);

    /// <summary>
    /// Writes the events in the order of their time. An end whose begin was overwritten is left out; what is still open at the last event
    /// ends there. The stream stays open.
    /// </summary>
    public static void Write(Stream stream, IReadOnlyCollection<TraceEvent> events, TraceNames names, TraceFilter? filter = null)
    {
        TraceEvent[] ordered = [.. events.Where(e => filter is null || filter.Matches(e)).OrderBy(e => e.Time)]; // stable
        var writer = new PerfettoWriter(stream, names);
        new PerfettoTracks(writer._packets, names).Describe(ordered);
        foreach (var e in ordered) writer.Write(e);
        foreach (var (track, open) in writer._open) writer.Close(track, open, open.Count, ordered[^1].Time);
    }

    private void Write(in TraceEvent e)
    {
        var track = PerfettoTracks.Of(e);
        if (!_open.TryGetValue(track, out var open)) _open[track] = open = new Stack<TracePoint>();
        if (e.Point == TracePoint.sched_switch) Switch(track, open, e);
        else if (TraceSlices.IsBegin(e.Point)) Begin(track, open, e, TraceSlices.NameOf(e, _names));
        else if (TraceSlices.BeginOf(e.Point) is { } begin)
            Close(track, open, Depth(open, begin), e.Time, TraceEventText.Arguments(e, _names));
        else Moment(track, e);
    }

    // A switch ends all that the previous task had open: a system call that sleeps is drawn up to its sleep.
    private void Switch(ulong track, Stack<TracePoint> open, in TraceEvent e)
    {
        Close(track, open, open.Count, e.Time);
        if (e.Arg2 != 0) Begin(track, open, e, _names.Host(e.Host).Task(e.Arg2));
    }

    private void Begin(ulong track, Stack<TracePoint> open, in TraceEvent e, string name)
    {
        open.Push(e.Point);
        _packets.Begin(track, e.Time, name, TraceEventText.Arguments(e, _names), (ulong)e.PacketId);
    }

    private void Close(ulong track, Stack<TracePoint> open, int count, KernelTime time, string result = "")
    {
        for (; count > 0; count--)
        {
            open.Pop();
            _packets.End(track, time, count == 1 ? result : "");
        }
    }

    private void Moment(ulong track, in TraceEvent e) => _packets.Moment(
        track, e.Time, e.Point.ToString(), TraceEventText.Arguments(e, _names), (ulong)e.PacketId, TraceSlices.EndsPacket(e.Point));

    // How many slices an end closes: its own begin and whatever is nested in it; none when the begin is not there.
    private static int Depth(Stack<TracePoint> open, TracePoint begin)
    {
        var depth = 0;
        foreach (var point in open)
        {
            depth++;
            if (point == begin) return depth;
        }
        return 0;
    }
}
