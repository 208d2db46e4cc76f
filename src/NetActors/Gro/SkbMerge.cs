using NetActors.Buffers;

namespace NetActors.Gro;

/// <summary>Makes a packet's payload part of a held one (kernel: <c>skb_gro_receive</c>).</summary>
internal static class SkbMerge
{
    /// <summary>A merged packet stays below this, headers included (kernel: <c>GRO_LEGACY_MAX_SIZE</c>, <c>gro_ipv4_max_size</c>).</summary>
    public const int MaxSize = 65_536;

    /// <summary>Payload bytes (kernel: <c>skb_gro_len</c>).</summary>
    public static int PayloadLength(SkBuff skb) => skb.Length - skb.Gro.DataOffset;

    /// <summary>Appends the payload of <paramref name="skb"/>. False when it would be too much, or is not to be merged.</summary>
    public static bool TryAppend(SkBuff held, SkBuff skb)
    {
        if (skb.Gro.Flush || skb.Shared.FragList is not null || held.Length + PayloadLength(skb) >= MaxSize) return false;
        var cost = skb.TrueSize;
        if (held.Gro.Frags < SkbSharedInfo.MaxFrags) // its page becomes a fragment, its sk_buff is freed
        {
            cost -= SkBuff.StructBytes;
            held.Gro.Frags++;
        }
        else
        {
            held.Gro.Frags = 0; // chained whole, and the next ones become fragments of it
        }

        held.TrueSize += cost;
        held.Gro.Count += skb.Gro.Count;
        skb.Pull(skb.Gro.DataOffset);
        held.Shared.Chain(skb);
        skb.Gro.SameFlow = true;
        return true;
    }
}
