namespace NetActors.Neighbours;

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
