using NetActors.Irq;
using NetActors.Observe;

namespace NetActors.Tests.Exactness;

/// <summary>Something that happened on a CPU, as both simulators tell it: a trace event without what only one of them knows.</summary>
internal readonly record struct SimEvent(long Time, int Cpu, TracePoint Point, long Packet, long Arg1, long Arg2)
{
    /// <summary>Whether events of this kind are compared.</summary>
    public static bool IsCompared(TracePoint point) => point is TracePoint.irq_handler_entry or TracePoint.irq_handler_exit or TracePoint.ipi_entry
        or TracePoint.ipi_exit or TracePoint.ipi_send or TracePoint.softirq_entry or TracePoint.softirq_exit or TracePoint.napi_poll
        or TracePoint.napi_gro_receive or TracePoint.enqueue_to_backlog or TracePoint.process_backlog or TracePoint.udp_queue_rcv_skb
        or TracePoint.skb_copy_datagram_iovec or TracePoint.consume_skb or TracePoint.kfree_skb or TracePoint.sched_wakeup or TracePoint.sched_switch;

    public override string ToString() => $"{Time,10} cpu{Cpu} {Point} packet {Packet} {Arg1} {Arg2}";
}

/// <summary>Keeps the trace of the emulator.</summary>
internal sealed class EventRecorder : ITraceSink
{
    public List<SimEvent> Events { get; } = [];

    /// <summary>The arguments that the reference knows too; the others are for people who read the trace.</summary>
    private static (long Arg1, long Arg2) Common(in TraceEvent e) => e.Point switch
    {
        TracePoint.napi_gro_receive or TracePoint.process_backlog => (0, 0),
        TracePoint.irq_handler_exit or TracePoint.enqueue_to_backlog or TracePoint.udp_queue_rcv_skb or TracePoint.sched_wakeup => (e.Arg1, 0),
        TracePoint.ipi_entry or TracePoint.ipi_exit => (e.Arg2 == (long)CpuProtocol.IpiKind.CallFunction ? 1 : 0, 0),
        _ => (e.Arg1, e.Arg2),
    };

    public void Emit(in TraceEvent e)
    {
        if (!SimEvent.IsCompared(e.Point)) return;
        var (arg1, arg2) = Common(e);
        Events.Add(new SimEvent(e.Time.Nanoseconds, e.Cpu, e.Point, e.PacketId, arg1, arg2));
    }
}

/// <summary>A run's counters, by their names.</summary>
internal sealed record SimCounters(SortedDictionary<string, long> Values)
{
    public override string ToString() => string.Join("\n", Values.Where(v => v.Value != 0).Select(v => $"{v.Key} = {v.Value}"));
}
