namespace NetActors.Neighbours;

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
