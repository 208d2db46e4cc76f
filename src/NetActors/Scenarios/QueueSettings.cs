namespace NetActors.Scenarios;

/// <summary>Steering of one queue pair (<c>/sys/class/net/DEV/queues</c>).</summary>
/// <param name="RpsCpus">CPUs that receive processing is spread over; empty is RPS off.</param>
/// <param name="RpsFlowCnt">Entries of the RFS table of the receive queue; 0 is off.</param>
/// <param name="XpsCpus">CPUs that send through the transmit queue; empty is by hash.</param>
public sealed record QueueSettings(CpuSet RpsCpus, int RpsFlowCnt, CpuSet XpsCpus);
