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
