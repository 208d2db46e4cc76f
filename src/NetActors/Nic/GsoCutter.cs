using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Gso;
using NetActors.Hosts;

namespace NetActors.Nic;

/// <summary>Cuts a large packet in software, before the driver (kernel: <c>validate_xmit_skb</c>, <c>__skb_gso_segment</c>).</summary>
internal static class GsoCutter
{
    /// <summary>
    /// The frames, linked by <see cref="SkBuff.Next"/>; the last speaks for the bytes that the socket is charged with. Null when the CPU has
    /// no memory for them or the packet cannot be cut: it is gone, counted.
    /// </summary>
    public static SkBuff? Cut(HostCpu cpu, SkBuff large)
    {
        if (!GsoSegmenter.CanSegment(large))
        {
            cpu.Drop(large, SkbDropReason.SKB_GSO_SEG);
            return null;
        }

        SkBuff? first = null, last = null;
        var count = GsoSegmenter.Count(large);
        for (var i = 0; i < count; i++)
        {
            var segment = cpu.PoolFor(GsoSegmenter.HeaderLength(large) + large.Shared.GsoSize).Rent();
            if (segment is null)
            {
                Free(first);
                cpu.Drop(large, SkbDropReason.NOMEM);
                return null;
            }

            cpu.Cpu.Charge(CostOp.GsoSegment);
            GsoSegmenter.Write(large, i, segment);
            segment.MarkAs(large, isFirst: i == 0);
            segment.Cb.PacketLength = segment.Length;
            if (last is null) first = segment;
            else last.Next = segment;
            last = segment;
        }

        cpu.CountOriginated(count);
        large.GiveOwner(last!);
        cpu.Consume(large);
        return first;
    }

    private static void Free(SkBuff? skb)
    {
        while (skb is not null)
        {
            var next = skb.Next;
            skb.Next = null;
            skb.Free(SkbDropReason.CONSUMED);
            skb = next;
        }
    }
}
