using NetActors.Buffers;

namespace NetActors.Steering;

/// <summary>
/// Which CPU handles a packet that came in (kernel: <c>get_rps_cpu</c>, <c>set_rps_cpu</c>; specification sections 5.3, 6.3 and 6.5). Knows
/// no actor and no clock.
/// </summary>
/// <param name="version">Whose rules.</param>
/// <param name="cpus">The host's CPUs.</param>
public sealed class RpsSteering(KernelVersion version, IRpsCpus cpus)
{
    /// <summary>No CPU: the packet is handled where it is.</summary>
    public const int None = -1;

    /// <summary>Where programs call their sockets (<c>net.core.rps_sock_flow_entries</c>); null when it is off. Changes at any time.</summary>
    public RpsSockFlowTable? SockFlows { get; set; }

    /// <summary>
    /// The CPU without a hash where 3.10 needs none: the only one of a map, with no flows to follow; <see cref="None"/> otherwise.
    /// </summary>
    public int WithoutHash(RxSteering queue) =>
        version == KernelVersion.V310 && queue is { Flows: null, Map: { Length: 1 } map } && cpus.IsOnline(map.Cpus[0]) ? map.Cpus[0] : None;

    /// <summary>The CPU for a packet of the flow <paramref name="hash"/>.</summary>
    /// <param name="queue">Steering of the queue it came in by.</param>
    /// <param name="hash">Its hash; 0 for a packet that has none.</param>
    /// <param name="skb">The packet, for the device.</param>
    /// <param name="device">The device, if it leads flows to queues itself; else null.</param>
    /// <param name="flow">The flow's entry, which learns of the enqueue.</param>
    /// <returns>The CPU, or <see cref="None"/>.</returns>
    public int Pick(RxSteering queue, uint hash, SkBuff skb, IRxFlowSteer? device, out RpsFlowRef flow)
    {
        flow = default;
        if (hash == 0) return None;
        if (queue.Flows is { } flows && SockFlows is { } wanted && wanted.TryGet(hash, out var next))
        {
            var slot = flows.SlotOf(hash);
            ref var entry = ref flows[slot];
            var cpu = entry.Cpu;
            if (cpu != next && MayLeave(cpu, entry))
            {
                cpu = next;
                flow = Switch(flows, slot, next, hash, skb, device);
            }
            else
            {
                flow = new RpsFlowRef(flows, slot);
            }

            if (cpu < cpus.Count && cpus.IsOnline(cpu)) return cpu;
            flow = default;
        }

        if (queue.Map is not { } map) return None;
        var picked = map.Pick(hash);
        return cpus.IsOnline(picked) ? picked : None;
    }

    /// <summary>May a driver delete the filter <paramref name="filter"/> of a flow (kernel: <c>rps_may_expire_flow</c>)?</summary>
    /// <param name="queue">Steering of the queue that the filter leads to.</param>
    /// <param name="flowId">The flow's entry there.</param>
    /// <param name="filter">Number of the filter.</param>
    public bool MayExpire(RxSteering queue, int flowId, int filter) =>
        queue.Flows is not { } flows || flowId >= flows.Count || flows[flowId].Filter != filter || !flows.IsActive(flows[flowId], cpus);

    /// <summary>The entry's CPU is no longer one, or has dequeued all that the entry gave it: the next packet cannot overtake one.</summary>
    private bool MayLeave(int cpu, in RpsDevFlow entry) =>
        cpu >= cpus.Count || !cpus.IsOnline(cpu) || (int)(cpus.InputQueueHead(cpu) - entry.LastQtail) >= 0;

    private RpsFlowRef Switch(RpsDevFlowTable flows, int slot, int next, uint hash, SkBuff skb, IRxFlowSteer? device)
    {
        var to = new RpsFlowRef(flows, slot);
        if (next < cpus.Count)
        {
            if (device is { IsOn: true } && skb.QueueMapping > 0) to = Accelerate(to, next, hash, skb, device);
            to.Table![to.Slot].LastQtail = cpus.InputQueueHead(next);
        }

        to.Table![to.Slot].Cpu = next;
        return to;
    }

    /// <summary>Has the device lead the flow to the queue nearest to its CPU; the switch then counts in that queue's table.</summary>
    private RpsFlowRef Accelerate(in RpsFlowRef old, int next, uint hash, SkBuff skb, IRxFlowSteer device)
    {
        var queue = device.QueueOf(next);
        if (queue == skb.QueueMapping - 1 || device.Queue(queue).Flows is not { } flows) return old;
        var slot = flows.SlotOf(hash);
        ref var entry = ref flows[slot];
        var isTaken = version == KernelVersion.V6 && entry.Filter != RpsDevFlow.None && flows.IsActive(entry, cpus)
            && (entry.Hash != hash || entry.Cpu == next);
        if (isTaken) return old;
        var filter = device.Steer(skb, queue, slot);
        if (filter < 0) return old;
        (entry.Filter, entry.Hash) = (filter, hash);
        ref var left = ref old.Table![old.Slot];
        if (left.Filter == filter) left.Filter = RpsDevFlow.None;
        return new RpsFlowRef(flows, slot);
    }
}
