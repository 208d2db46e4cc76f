using NetActors.Buffers;
using NetActors.Ip;
using NetActors.Steering;

namespace NetActors.Hosts;

/// <summary>
/// The way out of a packet that only passes through (kernel: the <c>dst</c> on the packet). A CPU keeps as many as it has polls under way,
/// each with a packet of its own: a threaded poll may have one in hand while a softirq forwards others.
/// </summary>
internal sealed class ForwardTarget : IDeliveryTarget
{
    private ForwardTarget? _next;
    private Route _route;

    /// <summary>Takes one from those of a CPU, or makes one.</summary>
    public static ForwardTarget Rent(HostCpu cpu, in Route route)
    {
        var target = cpu.ForwardTargets ?? new ForwardTarget();
        (cpu.ForwardTargets, target._next) = (target._next, null);
        target._route = route;
        return target;
    }

    /// <inheritdoc />
    public void Deliver(NetStack stack, HostCpu cpu, SkBuff skb, in RpsFlowRef flow)
    {
        var route = _route;
        (_next, cpu.ForwardTargets) = (cpu.ForwardTargets, this);
        stack.FinishForward(cpu, skb, route);
    }
}
