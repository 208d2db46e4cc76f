namespace NetActors.Observe;

/// <summary>One queue of a device.</summary>
public sealed record QueueSnapshot
{
    /// <summary>Receive or transmit.</summary>
    public required QueueDirection Direction { get; init; }

    /// <summary>The queue's number among those of its direction.</summary>
    public required int Index { get; init; }

    /// <summary>Packets that went through.</summary>
    public long Packets { get; init; }

    /// <summary>Bytes that went through.</summary>
    public long Bytes { get; init; }

    /// <summary>Packets the queue had no room for.</summary>
    public long Drops { get; init; }

    /// <summary>Interrupts raised.</summary>
    public long Interrupts { get; init; }

    /// <summary>NAPI polls.</summary>
    public long Polls { get; init; }

    /// <summary>Packets that receive offload made part of others (GRO).</summary>
    public long GroMerged { get; init; }

    /// <summary>Descriptors of the ring (<c>ethtool -g</c>).</summary>
    public int RingSize { get; init; }

    /// <summary>How often a transmit queue was stopped for want of descriptors.</summary>
    public long Stops { get; init; }

    /// <summary>How often its limit of bytes stopped a transmit queue (BQL).</summary>
    public long LimitStops { get; init; }

    /// <summary>That limit in bytes at the end (<c>byte_queue_limits/limit</c>).</summary>
    public long Limit { get; init; }

    /// <summary>Bytes given to the hardware and not completed (<c>byte_queue_limits/inflight</c>).</summary>
    public long InFlight { get; init; }
}
