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

/// <summary>The sets of states that the kernel's code tests for.</summary>
public static class NudStates
{
    /// <summary>A timer runs (<c>NUD_IN_TIMER</c>).</summary>
    public const NudState InTimer = NudState.Incomplete | NudState.Reachable | NudState.Delay | NudState.Probe;

    /// <summary>The link address may be used (<c>NUD_VALID</c>).</summary>
    public const NudState Valid =
        NudState.Permanent | NudState.NoArp | NudState.Reachable | NudState.Probe | NudState.Stale | NudState.Delay;

    /// <summary>The link address is trusted (<c>NUD_CONNECTED</c>).</summary>
    public const NudState Connected = NudState.Permanent | NudState.NoArp | NudState.Reachable;

    /// <summary>True when <paramref name="state"/> is one of <paramref name="set"/>.</summary>
    public static bool In(this NudState state, NudState set) => (state & set) != 0;
}
