namespace NetActors.Neighbours;

/// <summary>Where a neighbour stands (kernel: <c>NUD_*</c>, include/uapi/linux/neighbour.h; the same bits).</summary>
[Flags]
public enum NudState : byte
{
    /// <summary>Nothing known, nobody asked (<c>NUD_NONE</c>).</summary>
    None = 0x00,

    /// <summary>Asked, no answer yet; packets wait.</summary>
    Incomplete = 0x01,

    /// <summary>Confirmed within the reachable time.</summary>
    Reachable = 0x02,

    /// <summary>Known, but not confirmed lately; still used.</summary>
    Stale = 0x04,

    /// <summary>A stale entry in use: an upper layer has a moment to confirm it.</summary>
    Delay = 0x08,

    /// <summary>Asked by unicast whether it is still there.</summary>
    Probe = 0x10,

    /// <summary>Did not answer.</summary>
    Failed = 0x20,

    /// <summary>Needs no resolution: broadcast, multicast, loopback.</summary>
    NoArp = 0x40,

    /// <summary>Set by hand.</summary>
    Permanent = 0x80,
}
