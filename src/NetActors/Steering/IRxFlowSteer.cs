namespace NetActors.Steering;

/// <summary>A device that leads flows to queues itself: accelerated RFS (kernel: <c>ndo_rx_flow_steer</c>, <c>rx_cpu_rmap</c>).</summary>
public interface IRxFlowSteer
{
    /// <summary>It does so now: the feature ntuple is on.</summary>
    bool IsOn { get; }

    /// <summary>The queue whose interrupt is nearest to a CPU (kernel: <c>cpu_rmap_lookup_index</c>).</summary>
    int QueueOf(int cpu);

    /// <summary>Steering of a queue.</summary>
    RxSteering Queue(int queue);

    /// <summary>Asks for a filter that leads the flow of the packet at hand to a queue.</summary>
    /// <param name="skb">A packet of the flow; its data begins at the network header.</param>
    /// <param name="queue">Where to.</param>
    /// <param name="flowId">The flow's entry in that queue's table.</param>
    /// <returns>Number of the filter; negative when there can be none.</returns>
    int Steer(Buffers.SkBuff skb, int queue, int flowId);
}
