using NetActors.Buffers;
using NetActors.DataLink;
using NetActors.Headers;

namespace NetActors.Hosts;

/// <content>What filters and qdiscs ask of the stack.</content>
internal sealed partial class NetStack
{
    private const int NestLimit = 4; // MIRRED_NEST_LIMIT

    /// <summary>The flow hash of a packet on its way down (kernel: <c>skb_get_hash</c>).</summary>
    public uint HashOf(SkBuff skb)
    {
        if (skb.L4Hash || skb.SwHash) return skb.Hash;
        var hash = _flowHash.Compute(skb.HeadFrom(skb.NetworkHeader), skb.Protocol, skb.VlanTci, out var l4);
        (skb.Hash, skb.L4Hash, skb.SwHash) = (hash, l4, true);
        return hash;
    }

    /// <summary>
    /// Sends a frame out or in by another device (kernel: <c>tcf_mirred_act</c>). False when there is no such device, or devices lead to each
    /// other: the caller still owns it.
    /// </summary>
    public bool Redirect(HostCpu cpu, SkBuff skb, string device, bool ingress)
    {
        if (Find(device) is not { } target || cpu.Redirects >= NestLimit) return false;
        if (skb.DataOffset == skb.NetworkHeader && skb.DataOffset - skb.MacHeader == EthernetHeader.Size) skb.Push(EthernetHeader.Size); // it came in
        cpu.Redirects++;
        try
        {
            if (ingress) TakeIn(cpu, skb, target);
            else
            {
                cpu.Release(skb);
                cpu.Out = skb;
                target.Xmit(cpu, skb);
            }
        }
        finally
        {
            cpu.Redirects--;
        }

        return true;
    }

    private void TakeIn(HostCpu cpu, SkBuff skb, NetDevice target)
    {
        var counters = target.Counters[cpu.Cpu.LocalId];
        counters.RxPackets++;
        counters.RxBytes += skb.Length;
        (skb.IfIndex, skb.QueueMapping, skb.Tstamp) = (target.IfIndex, 0, Time.KernelTime.Zero);
        skb.Orphan();
        skb.Socket = null;
        var reason = EthernetInput.TypeTrans(skb, target.Address);
        if (reason == SkbDropReason.NOT_DROPPED_YET) EnqueueToBacklog(cpu, cpu, skb);
        else cpu.Drop(skb, reason);
    }

    private NetDevice? Find(string name)
    {
        foreach (var device in Devices)
        {
            if (device.Name == name) return device;
        }

        return null;
    }
}
