using NetActors.Time;

namespace NetActors.Observe;

/// <summary>
/// The packets of a Perfetto trace (protos/perfetto/trace: trace.proto, trace_packet.proto, track_event/*.proto). Field numbers are those
/// files'; their names stand beside.
/// </summary>
internal sealed class PerfettoPackets(Stream stream)
{
    private const ulong SliceBegin = 1, SliceEnd = 2, Instant = 3; // TrackEvent.Type
    private const ulong OrderExplicit = 3; // TrackDescriptor.ChildTracksOrdering.EXPLICIT

    private readonly ProtoMessage _trace = new(), _packet = new(), _body = new(), _part = new();

    /// <summary>A track for a process: one host.</summary>
    public void ProcessTrack(ulong uuid, int pid, string name) => Descriptor(Track(uuid, 0, null, 0)
        .Message(3, _part.Clear().Varint(1, (ulong)pid).Text(6, name))); // process { pid, process_name }

    /// <summary>A track for a thread: one CPU of a host.</summary>
    public void ThreadTrack(ulong uuid, ulong parent, int pid, int tid, string name) => Descriptor(Track(uuid, parent, null, tid)
        .Message(4, _part.Clear().Varint(1, (ulong)pid).Varint(2, (ulong)tid).Text(5, name))); // thread { pid, tid, thread_name }

    /// <summary>A track below another: one context of a CPU, or the hardware of a host.</summary>
    public void ChildTrack(ulong uuid, ulong parent, string name, int rank) => Descriptor(Track(uuid, parent, name, rank));

    /// <summary>A slice begins.</summary>
    public void Begin(ulong track, KernelTime time, string name, string arguments, ulong flow) =>
        Event(time, Named(SliceBegin, track, name, arguments, flow, ends: false));

    /// <summary>The innermost slice of a track ends.</summary>
    public void End(ulong track, KernelTime time, string arguments) =>
        Event(time, Annotated(_body.Clear().Varint(9, SliceEnd).Varint(11, track), "result", arguments));

    /// <summary>Something happens at a moment; <paramref name="ends"/> when the flow does not go on from here.</summary>
    public void Moment(ulong track, KernelTime time, string name, string arguments, ulong flow, bool ends) =>
        Event(time, Named(Instant, track, name, arguments, flow, ends));

    private ProtoMessage Track(ulong uuid, ulong parent, string? name, int rank)
    {
        _body.Clear().Varint(1, uuid); // uuid
        if (parent != 0) _body.Varint(5, parent); // parent_uuid
        if (name is not null) _body.Text(2, name); // name
        return _body.Varint(11, OrderExplicit).Varint(12, (ulong)rank); // child_ordering, sibling_order_rank
    }

    private ProtoMessage Named(ulong type, ulong track, string name, string arguments, ulong flow, bool ends)
    {
        _body.Clear().Varint(9, type).Varint(11, track).Text(23, name); // type, track_uuid, name
        Annotated(_body, "args", arguments);
        if (flow != 0) _body.Fixed64(ends ? 48 : 47, flow); // terminating_flow_ids, flow_ids
        return _body;
    }

    private ProtoMessage Annotated(ProtoMessage trackEvent, string name, string value) => value.Length == 0
        ? trackEvent
        : trackEvent.Message(4, _part.Clear().Text(10, name).Text(6, value)); // debug_annotations { name, string_value }

    private void Descriptor(ProtoMessage descriptor) => Packet(_packet.Clear().Message(60, descriptor)); // track_descriptor

    private void Event(KernelTime time, ProtoMessage trackEvent) =>
        Packet(_packet.Clear().Varint(8, (ulong)time.Nanoseconds).Message(11, trackEvent)); // timestamp in ns, track_event

    private void Packet(ProtoMessage packet) => // trusted_packet_sequence_id: track events need one
        _trace.Clear().Message(1, packet.Varint(10, 1)).CopyTo(stream);
}
