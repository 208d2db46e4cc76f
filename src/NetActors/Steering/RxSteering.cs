namespace NetActors.Steering;

/// <summary>Steering of one receive queue, replaced whole when it changes (kernel: <c>struct netdev_rx_queue</c>).</summary>
/// <param name="Map"><c>rps_cpus</c>; null when it is off.</param>
/// <param name="Flows"><c>rps_flow_cnt</c>; null when it is off.</param>
public sealed record RxSteering(RpsMap? Map, RpsDevFlowTable? Flows)
{
    /// <summary>Nothing is steered.</summary>
    public static readonly RxSteering Off = new(null, null);
}
