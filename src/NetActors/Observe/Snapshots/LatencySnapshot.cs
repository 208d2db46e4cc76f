namespace NetActors.Observe;

/// <summary>A distribution of latencies, in nanoseconds. All zero when nothing was recorded.</summary>
public sealed record LatencySnapshot
{
    /// <summary>Which stretch was measured, such as <c>nic_rx to recvmsg</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Values recorded, those above the bound included.</summary>
    public long Count { get; init; }

    /// <summary>Values above the histogram's bound; percentiles that fall among them say the bound.</summary>
    public long Overflow { get; init; }

    /// <summary>The least, exact.</summary>
    public long MinNs { get; init; }

    /// <summary>The mean, exact, rounded down.</summary>
    public long MeanNs { get; init; }

    /// <summary>50th percentile.</summary>
    public long P50Ns { get; init; }

    /// <summary>90th percentile.</summary>
    public long P90Ns { get; init; }

    /// <summary>99th percentile.</summary>
    public long P99Ns { get; init; }

    /// <summary>99.9th percentile.</summary>
    public long P999Ns { get; init; }

    /// <summary>The greatest, exact even above the bound.</summary>
    public long MaxNs { get; init; }
}
