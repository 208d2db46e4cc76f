namespace NetActors.Buffers;

/// <summary>Whom a frame was for (kernel: <c>skb-&gt;pkt_type</c>, include/uapi/linux/if_packet.h).</summary>
public enum PacketType : byte
{
    /// <summary>To us (<c>PACKET_HOST</c>).</summary>
    Host,

    /// <summary>To everybody (<c>PACKET_BROADCAST</c>).</summary>
    Broadcast,

    /// <summary>To a group (<c>PACKET_MULTICAST</c>).</summary>
    Multicast,

    /// <summary>To somebody else (<c>PACKET_OTHERHOST</c>).</summary>
    OtherHost,

    /// <summary>Sent by us, seen by a tap (<c>PACKET_OUTGOING</c>).</summary>
    Outgoing,

    /// <summary>From us to us over the loopback device (<c>PACKET_LOOPBACK</c>).</summary>
    Loopback,
}
