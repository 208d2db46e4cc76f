namespace NetActors.Observe;

/// <summary>One direction of a link.</summary>
public sealed record WireSnapshot
{
    /// <summary>Name, such as <c>client:eth0-server:eth0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Frames given to the wire.</summary>
    public long Sent { get; init; }

    /// <summary>Frames that arrived, copies included.</summary>
    public long Delivered { get; init; }

    /// <summary>Bytes that arrived.</summary>
    public long DeliveredBytes { get; init; }

    /// <summary>Frames lost, as the scenario asked.</summary>
    public long Lost { get; init; }

    /// <summary>Copies the wire made.</summary>
    public long Duplicated { get; init; }

    /// <summary>Frames that were overtaken.</summary>
    public long Reordered { get; init; }

    /// <summary>Frames that arrived broken.</summary>
    public long Corrupted { get; init; }

    /// <summary>Frames for which the sending side had no room.</summary>
    public long QueueDrops { get; init; }

    /// <summary>Frames still on their way.</summary>
    public long InFlight { get; init; }

    /// <summary>Whether every frame is accounted for: what went in and what was copied came out, was lost or is under way.</summary>
    public bool Holds => Sent + Duplicated == Delivered + Lost + QueueDrops + InFlight;
}
