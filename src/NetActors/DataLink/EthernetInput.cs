using NetActors.Buffers;
using NetActors.Headers;

namespace NetActors.DataLink;

/// <summary>Takes the Ethernet header off a received frame (kernel: <c>eth_type_trans</c>, net/ethernet/eth.c).</summary>
public static class EthernetInput
{
    private const ushort Ethernet8022 = 0x0004; // ETH_P_802_2: a length instead of a type

    /// <summary>
    /// Fills protocol, packet type and link header offset in and moves <see cref="SkBuff.Data"/> behind the header. NOT_DROPPED_YET, or
    /// HDR_TRUNC for a frame shorter than the header.
    /// </summary>
    /// <param name="skb">A frame that starts at its destination address.</param>
    /// <param name="device">The device's own address.</param>
    public static SkbDropReason TypeTrans(SkBuff skb, MacAddress device)
    {
        if (!EthernetHeader.TryParse(skb.Data, out var ethernet)) return SkbDropReason.HDR_TRUNC;
        skb.MacHeader = skb.DataOffset;
        var destination = ethernet.Destination;
        skb.PacketType = destination == device ? PacketType.Host
            : destination.IsBroadcast ? PacketType.Broadcast
            : destination.IsMulticast ? PacketType.Multicast
            : PacketType.OtherHost;
        skb.Protocol = ethernet.EtherType >= EtherTypes.Minimum ? ethernet.EtherType : Ethernet8022;
        skb.Pull(EthernetHeader.Size);
        skb.NetworkHeader = skb.DataOffset;
        return SkbDropReason.NOT_DROPPED_YET;
    }
}
