namespace NetActors.Links;

/// <summary>
/// What became of the frames of one direction: <c>Sent + Duplicated = Delivered + Lost + InFlight</c> at all times, refused ones beside.
/// </summary>
public sealed class WireCounters
{
    /// <summary>Frames taken from the sender.</summary>
    public long Sent { get; internal set; }

    /// <summary>Bytes of link time that taken frames need, overhead included.</summary>
    public long BytesOnWire { get; internal set; }

    /// <summary>Frames that the sender could not leave, since its queue was full.</summary>
    public long Refused { get; internal set; }

    /// <summary>Second copies made.</summary>
    public long Duplicated { get; internal set; }

    /// <summary>Frames the far end took.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Their bytes, without check sequence and padding.</summary>
    public long DeliveredBytes { get; internal set; }

    /// <summary>Frames that the wire lost.</summary>
    public long Lost { get; internal set; }

    /// <summary>Frames that were made late.</summary>
    public long Reordered { get; internal set; }

    /// <summary>Frames with an inverted bit.</summary>
    public long Corrupted { get; internal set; }

    /// <summary>Pauses that the far end asked for.</summary>
    public long Paused { get; internal set; }

    /// <summary>Frames taken and not yet ended.</summary>
    public long InFlight => Sent + Duplicated - Delivered - Lost;
}
