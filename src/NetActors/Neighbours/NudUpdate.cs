namespace NetActors.Neighbours;

/// <summary>How an update may change an entry (kernel: <c>NEIGH_UPDATE_F_*</c>, include/net/neighbour.h).</summary>
[Flags]
public enum NudUpdateFlags : byte
{
    /// <summary>Only what agrees with what is known.</summary>
    None = 0,

    /// <summary>A different link address replaces the known one.</summary>
    Override = 0x01,

    /// <summary>A different link address makes a connected entry stale instead of replacing it.</summary>
    WeakOverride = 0x02,

    /// <summary>By an administrator: Permanent and NoArp may change too.</summary>
    Admin = 0x80,
}

/// <summary>What an update knows of the neighbour's link address.</summary>
public enum LinkAddressNews : byte
{
    /// <summary>It carries none.</summary>
    Absent,

    /// <summary>It carries the one that is cached.</summary>
    Same,

    /// <summary>It carries another one.</summary>
    Different,
}

/// <summary>How the next solicitation goes out (kernel: <c>arp_solicit</c>).</summary>
public enum NudProbeKind : byte
{
    /// <summary>To the cached link address.</summary>
    Unicast,

    /// <summary>Left to a user-space daemon (<c>neigh_app_ns</c>): nothing is sent.</summary>
    Application,

    /// <summary>To everybody.</summary>
    Broadcast,
}
