namespace NetActors.Scenarios;

/// <summary>Steering of one queue pair (<c>/sys/class/net/DEV/queues</c>).</summary>
/// <param name="RpsCpus">CPUs that receive processing is spread over; empty is RPS off.</param>
/// <param name="RpsFlowCnt">Entries of the RFS table of the receive queue; 0 is off.</param>
/// <param name="XpsCpus">CPUs that send through the transmit queue; empty is by hash.</param>
public sealed record QueueSettings(CpuSet RpsCpus, int RpsFlowCnt, CpuSet XpsCpus)
{
    /// <summary><c>rps_cpus</c> was written: <c>net.core.rps_default_mask</c> does not hold.</summary>
    public bool HasRpsCpus { get; init; }

    /// <summary>Receive queues whose sockets send through the transmit queue (<c>xps_rxqs</c>), a bit each.</summary>
    public ulong XpsRxqs { get; init; }

    /// <summary>Bytes that the transmit queue may hold.</summary>
    public ByteQueueLimits Limits { get; init; } = new(0, ByteQueueLimits.Most, 1000);
}

/// <summary>Dynamic limits of a transmit queue (<c>byte_queue_limits</c>).</summary>
/// <param name="Min">Least limit in bytes.</param>
/// <param name="Max">Greatest limit in bytes.</param>
/// <param name="HoldTimeMs">How long slack is watched before the limit falls, in milliseconds.</param>
public sealed record ByteQueueLimits(int Min, int Max, int HoldTimeMs)
{
    /// <summary>The kernel's greatest limit (<c>DQL_MAX_LIMIT</c>).</summary>
    public const int Most = 1_879_048_192;
}
