namespace NetActors.Observe;

/// <summary>The counters of one CPU's <c>softnet_data</c> (/proc/net/softnet_stat). They wrap at 32 bits only in the view.</summary>
public sealed record SoftnetSnapshot
{
    /// <summary>Rounds of <c>__netif_receive_skb_core</c> on this CPU.</summary>
    public long Processed { get; init; }

    /// <summary>Packets this CPU's backlog refused.</summary>
    public long Dropped { get; init; }

    /// <summary>Runs of <c>net_rx_action</c> that ended for want of budget or time.</summary>
    public long TimeSqueeze { get; init; }

    /// <summary>Transmit lock found held by the own CPU; counted by 3.10 only.</summary>
    public long CpuCollision { get; init; }

    /// <summary>RPS interrupts handled.</summary>
    public long ReceivedRps { get; init; }

    /// <summary>Packets the flow limit refused.</summary>
    public long FlowLimitCount { get; init; }

    /// <summary>Packets waiting in <c>input_pkt_queue</c> now.</summary>
    public long InputQueueLength { get; init; }

    /// <summary>Packets waiting in <c>process_queue</c> now.</summary>
    public long ProcessQueueLength { get; init; }
}
