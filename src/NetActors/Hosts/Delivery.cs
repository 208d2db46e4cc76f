using NetActors.Buffers;
using NetActors.Steering;

namespace NetActors.Hosts;

/// <summary>
/// Where a packet goes once its time in the receive path has passed: handed over only when nothing earlier can happen any more, so that
/// queues shared between CPUs fill in the order of time (design section 2, "skew"). Two references, which a method answers in
/// registers.
/// </summary>
/// <param name="skb">The packet; null when it ended inside the receive path.</param>
/// <param name="target">The socket that it is for, the CPU whose backlog it is for, or its way out again.</param>
internal readonly struct Delivery(SkBuff? skb, IDeliveryTarget? target)
{
    /// <summary>The packet; null when it ended inside the receive path.</summary>
    public SkBuff? Skb => skb;

    /// <summary>Who gets it.</summary>
    public IDeliveryTarget? Target => target;
}

/// <summary>Takes packets at the end of a CPU's receive path.</summary>
internal interface IDeliveryTarget
{
    /// <summary>Takes a packet of <paramref name="cpu"/>, or drops it, counted.</summary>
    /// <param name="stack">The host's stack.</param>
    /// <param name="cpu">Whose receive path it comes out of.</param>
    /// <param name="skb">The packet.</param>
    /// <param name="flow">The flow's entry, which learns of the place in a backlog.</param>
    void Deliver(NetStack stack, HostCpu cpu, SkBuff skb, in RpsFlowRef flow);
}
