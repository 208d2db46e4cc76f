using NetActors.Buffers;
using NetActors.Headers;

namespace NetActors.DataLink;

/// <summary>Puts the Ethernet header in front of a packet (kernel: <c>dev_hard_header</c>, <c>eth_header</c>).</summary>
public static class EthernetOutput
{
    /// <summary>Bytes that a packet needs free in front for the link (kernel: <c>LL_RESERVED_SPACE</c> of Ethernet).</summary>
    public const int Headroom = 16;

    /// <summary>
    /// Writes the header; the caller has room for 14 bytes in front. <see cref="SkBuff.CsumStart"/> goes along, so that it counts from
    /// the frame's first byte.
    /// </summary>
    public static void HardHeader(SkBuff skb, MacAddress destination, MacAddress source, ushort etherType)
    {
        if (!EthernetHeader.TryParse(skb.Push(EthernetHeader.Size), out var ethernet)) return;
        (ethernet.Destination, ethernet.Source, ethernet.EtherType) = (destination, source, etherType);
        skb.MacHeader = skb.DataOffset;
        skb.Protocol = etherType;
        if (skb.IpSummed == ChecksumState.Partial) skb.CsumStart += EthernetHeader.Size;
    }
}
