using NetActors.Buffers;

namespace NetActors.Qdisc;

/// <summary>Where a qdisc's packets go that are not handed on (kernel: the list <c>to_free</c>, <c>tcf_mirred</c>).</summary>
public interface IQdiscSink
{
    /// <summary>Takes a packet that was dropped; frees it.</summary>
    void Drop(SkBuff skb, SkbDropReason reason);

    /// <summary>
    /// Sends a packet through another device, or in through it (kernel: <c>tcf_mirred_forward</c>). False when there is no such device:
    /// the caller still owns the packet.
    /// </summary>
    bool Redirect(SkBuff skb, string device, bool ingress);

    /// <summary>The packet's flow hash (kernel: <c>skb_get_hash</c>).</summary>
    uint Hash(SkBuff skb);

    /// <summary>A second packet over the same bytes; null when there is no memory (kernel: <c>skb_clone</c>).</summary>
    SkBuff? Clone(SkBuff skb);

    /// <summary>
    /// Cuts a large packet into frames, linked by <c>Next</c>, each with its <see cref="SkbControlBlock.PacketLength"/>. Null when that
    /// cannot be: it is gone, counted (kernel: <c>skb_gso_segment</c>).
    /// </summary>
    SkBuff? Segment(SkBuff skb);

    /// <summary>Puts a packet with bytes of its own in the place of one whose bytes others show too. False when there is no memory (kernel:
    /// <c>skb_unshare</c>).</summary>
    bool Unshare(ref SkBuff skb);
}
