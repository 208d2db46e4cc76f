using NetActors.Time;

namespace NetActors.Neighbours;

/// <summary>
/// Settings of <c>net.ipv4.neigh.DEV.*</c> with Linux's defaults (kernel: <c>struct neigh_parms</c>, net/ipv4/arp.c:arp_tbl).
/// </summary>
public sealed record NudParms
{
    /// <summary><c>base_reachable_time_ms</c>: centre of the random <see cref="ReachableTime"/>. 30 s.</summary>
    public KernelTime BaseReachableTime { get; init; } = KernelTime.FromSeconds(30);

    /// <summary>How long a confirmation lasts: <see cref="RandomReachableTime"/> of the base, redrawn every 300 s.</summary>
    public KernelTime ReachableTime { get; init; } = KernelTime.FromSeconds(30);

    /// <summary><c>retrans_time_ms</c>: between two solicitations. 1 s.</summary>
    public KernelTime RetransTime { get; init; } = KernelTime.FromSeconds(1);

    /// <summary><c>delay_first_probe_time</c>: how long Delay waits for a confirmation from above. 5 s.</summary>
    public KernelTime DelayFirstProbeTime { get; init; } = KernelTime.FromSeconds(5);

    /// <summary><c>gc_stale_time</c>: unused entries older than this are collected. 60 s.</summary>
    public KernelTime GcStaleTime { get; init; } = KernelTime.FromSeconds(60);

    /// <summary><c>locktime</c>: after a change, how long another answer may not override it. 1 s.</summary>
    public KernelTime LockTime { get; init; } = KernelTime.FromSeconds(1);

    /// <summary><c>mcast_solicit</c>: broadcast solicitations before giving up.</summary>
    public int McastSolicit { get; init; } = 3;

    /// <summary><c>mcast_resolicit</c>: broadcast solicitations after unicast ones failed in Probe.</summary>
    public int McastResolicit { get; init; }

    /// <summary><c>ucast_solicit</c>: unicast solicitations in Probe.</summary>
    public int UcastSolicit { get; init; } = 3;

    /// <summary><c>app_solicit</c>: solicitations left to a user-space daemon.</summary>
    public int AppSolicit { get; init; }

    /// <summary><c>unres_qlen_bytes</c>: truesize of the packets that may wait for one neighbour, in bytes (3.10: 65536).</summary>
    public int UnresQlenBytes { get; init; } = 212_992;

    /// <summary>The least time between two timer runs: HZ/100 (3.10: HZ/2 for the first retransmission; not emulated).</summary>
    public KernelTime MinTimer { get; init; } = KernelTime.FromMilliseconds(10);

    /// <summary>
    /// A reachable time between half and one and a half of <paramref name="baseTime"/> (kernel: <c>neigh_rand_reach_time</c>).
    /// </summary>
    /// <param name="baseTime">The centre; zero stays zero.</param>
    /// <param name="random">32 random bits.</param>
    public static KernelTime RandomReachableTime(KernelTime baseTime, uint random) =>
        new((long)((UInt128)baseTime.Nanoseconds * random >> 32) + baseTime.Nanoseconds / 2);
}
