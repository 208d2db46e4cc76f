namespace NetActors.Observe;

/// <summary>One traffic source or application under study.</summary>
public sealed record TrafficSnapshot
{
    /// <summary>Name, from the scenario.</summary>
    public required string Name { get; init; }

    /// <summary>Open loop (sends whatever happens) or closed (waits for answers).</summary>
    public required LoadModel Load { get; init; }

    /// <summary>Number of flows it spreads over.</summary>
    public long Flows { get; init; }

    /// <summary>Packets sent.</summary>
    public long Sent { get; init; }

    /// <summary>Bytes sent.</summary>
    public long SentBytes { get; init; }

    /// <summary>Packets that reached the application they were for, or answers that came back in a closed loop.</summary>
    public long Received { get; init; }

    /// <summary>Bytes of <see cref="Received"/>.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Sends that failed at the sender (ENOBUFS, EAGAIN).</summary>
    public long Refused { get; init; }
}
