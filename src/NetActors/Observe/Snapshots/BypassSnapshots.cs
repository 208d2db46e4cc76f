namespace NetActors.Observe;

/// <summary>An AF_XDP socket with the statistics of <c>getsockopt(XDP_STATISTICS)</c>, by their names.</summary>
public sealed record XdpSocketSnapshot
{
    /// <summary>The device it is bound to.</summary>
    public required string Device { get; init; }

    /// <summary>The device's queue.</summary>
    public int Queue { get; init; }

    /// <summary>The card works on the program's memory; else frames are copied.</summary>
    public bool ZeroCopy { get; init; }

    /// <summary>Frames that went into its receive ring.</summary>
    public long Received { get; init; }

    /// <summary>Frames that were sent.</summary>
    public long Sent { get; init; }

    /// <summary>Frames longer than one of its memory, or for which there was none in the fill ring.</summary>
    public long RxDropped { get; init; }

    /// <summary>Entries of the fill ring that name no frame.</summary>
    public long RxInvalidDescs { get; init; }

    /// <summary>Descriptors to be sent that name no bytes of one frame.</summary>
    public long TxInvalidDescs { get; init; }

    /// <summary>Frames that found the receive ring full.</summary>
    public long RxRingFull { get; init; }

    /// <summary>Times that the kernel looked for a frame to receive into and the fill ring was empty.</summary>
    public long RxFillRingEmptyDescs { get; init; }

    /// <summary>Times that the kernel looked for a frame to send and the transmit ring was empty.</summary>
    public long TxRingEmptyDescs { get; init; }
}

/// <summary>One CPU of a map to which an XDP program redirects, with what <c>xdp_redirect_cpu</c> and the tracepoints <c>xdp_cpumap_*</c> show.</summary>
public sealed record CpuMapSnapshot
{
    /// <summary>The device whose program has the map.</summary>
    public required string Device { get; init; }

    /// <summary>The CPU.</summary>
    public int Cpu { get; init; }

    /// <summary>Frames put on its queue.</summary>
    public long Enqueued { get; init; }

    /// <summary>Frames that found it full.</summary>
    public long Drops { get; init; }

    /// <summary>Times that frames were put there together, at most eight.</summary>
    public long Bulks { get; init; }

    /// <summary>Frames that its kernel thread took.</summary>
    public long KthreadPackets { get; init; }

    /// <summary>Frames of these that came to nothing.</summary>
    public long KthreadDrops { get; init; }
}

/// <summary>A program that gets frames past the stack, all its threads together.</summary>
public sealed record BypassTaskSnapshot
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its threads.</summary>
    public int Threads { get; init; }

    /// <summary>Datagrams that it read or sent back.</summary>
    public long Handled { get; init; }

    /// <summary>Frames that were not for it.</summary>
    public long Ignored { get; init; }

    /// <summary>Frames that it could not send, its ring being full.</summary>
    public long TxDropped { get; init; }

    /// <summary>System calls that it made.</summary>
    public long Calls { get; init; }
}
