using NetActors.Time;

namespace NetActors.Neighbours;

/// <summary>Settings of <c>net.ipv4.neigh.default.*</c> that belong to the table, with Linux's defaults (net/ipv4/arp.c:arp_tbl).</summary>
public sealed record NeighbourTableSettings
{
    /// <summary><c>gc_thresh1</c>: below so many entries nothing is collected.</summary>
    public int GcThresh1 { get; init; } = 128;

    /// <summary><c>gc_thresh2</c>: from here on collected at once, when the last time is 5 s ago.</summary>
    public int GcThresh2 { get; init; } = 512;

    /// <summary><c>gc_thresh3</c>: never more entries than this.</summary>
    public int GcThresh3 { get; init; } = 1024;

    /// <summary><c>base_reachable_time_ms</c> / 2: between two periodic collections (kernel: <c>neigh_periodic_work</c>).</summary>
    public KernelTime GcInterval { get; init; } = KernelTime.FromSeconds(15);

    /// <summary>What new entries start with.</summary>
    public NudParms Parms { get; init; } = new();
}
