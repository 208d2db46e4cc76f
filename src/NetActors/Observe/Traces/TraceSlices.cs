namespace NetActors.Observe;

/// <summary>Which trace points begin and end what takes time.</summary>
internal static class TraceSlices
{
    /// <summary>Whether a slice begins here.</summary>
    public static bool IsBegin(TracePoint point) => point is TracePoint.irq_handler_entry or TracePoint.ipi_entry
        or TracePoint.local_timer_entry or TracePoint.softirq_entry or TracePoint.__napi_poll or TracePoint.timer_expire_entry
        or TracePoint.sys_enter;

    /// <summary>The point that began what ends here; null when nothing does.</summary>
    public static TracePoint? BeginOf(TracePoint point) => point switch
    {
        TracePoint.irq_handler_exit => TracePoint.irq_handler_entry,
        TracePoint.ipi_exit => TracePoint.ipi_entry,
        TracePoint.local_timer_exit => TracePoint.local_timer_entry,
        TracePoint.softirq_exit => TracePoint.softirq_entry,
        TracePoint.napi_poll => TracePoint.__napi_poll,
        TracePoint.timer_expire_exit => TracePoint.timer_expire_entry,
        TracePoint.sys_exit => TracePoint.sys_enter,
        _ => null,
    };

    /// <summary>Whether the packet's way ends here.</summary>
    public static bool EndsPacket(TracePoint point) =>
        point is TracePoint.consume_skb or TracePoint.kfree_skb or TracePoint.nic_drop or TracePoint.wire_drop;

    /// <summary>What the slice is called on the timeline.</summary>
    public static string NameOf(in TraceEvent e, TraceNames names) => e.Point switch
    {
        TracePoint.irq_handler_entry => "irq " + HostTraceNames.Of(names.Host(e.Host).Interrupts, e.Arg1),
        TracePoint.ipi_entry => TraceEventText.IpiName(e.Arg2),
        TracePoint.local_timer_entry => "local timer",
        TracePoint.softirq_entry => SoftirqCounts.NameOf(e.Arg1),
        TracePoint.__napi_poll => "poll " + HostTraceNames.Of(names.Host(e.Host).Napis, e.Arg1),
        TracePoint.timer_expire_entry => "timer",
        _ => e.Point.ToString(),
    };
}
