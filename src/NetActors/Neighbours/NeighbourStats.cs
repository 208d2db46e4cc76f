namespace NetActors.Neighbours;

/// <summary>Counters of one neighbour table (kernel: <c>struct neigh_statistics</c>, /proc/net/stat/arp_cache).</summary>
public sealed class NeighbourStats
{
    /// <summary>Entries made.</summary>
    public long Allocs { get; internal set; }

    /// <summary>Entries given up.</summary>
    public long Destroys { get; internal set; }

    /// <summary>Times the hash was enlarged.</summary>
    public long HashGrows { get; internal set; }

    /// <summary>Resolutions that failed.</summary>
    public long ResFailed { get; internal set; }

    /// <summary>Lookups.</summary>
    public long Lookups { get; internal set; }

    /// <summary>Lookups that found an entry.</summary>
    public long Hits { get; internal set; }

    /// <summary>Runs of the periodic collection.</summary>
    public long PeriodicGcRuns { get; internal set; }

    /// <summary>Collections forced by a table above its thresholds.</summary>
    public long ForcedGcRuns { get; internal set; }

    /// <summary>Packets dropped from a full unresolved queue.</summary>
    public long UnresolvedDiscards { get; internal set; }

    /// <summary>Entries refused because the table was full ("neighbor table overflow!").</summary>
    public long TableFulls { get; internal set; }
}
