namespace NetActors.Buffers;

/// <summary>
/// What one layer leaves on a packet for the next, so that no header is parsed twice (kernel: <c>skb-&gt;cb</c> and the
/// dissected fields). Each layer overwrites what it owns.
/// </summary>
public struct SkbControlBlock
{
    /// <summary>Source address of the IPv4 header, as a number.</summary>
    public uint SourceAddress;

    /// <summary>Destination address of the IPv4 header, as a number.</summary>
    public uint DestinationAddress;

    /// <summary>Source port.</summary>
    public ushort SourcePort;

    /// <summary>Destination port.</summary>
    public ushort DestinationPort;

    /// <summary>Protocol number above IP.</summary>
    public byte IpProtocol;

    /// <summary>Type of service octet of the IP header.</summary>
    public byte Tos;

    /// <summary>Bytes of the transport's payload.</summary>
    public int PayloadLength;

    /// <summary>For a SYN that reopens a connection in TIME_WAIT where to begin; else 0 (kernel: <c>tcp_tw_isn</c>).</summary>
    public uint TimeWaitIsn;

    /// <summary>Bytes charged to the socket that holds the packet (truesize).</summary>
    public int ChargedBytes;

    /// <summary>Packets that the socket had lost when it took this one, for SO_RXQ_OVFL (kernel: <c>dropcount</c>).</summary>
    public uint DropCount;

    /// <summary>Bytes that a qdisc counts for the packet, link header included (kernel: <c>qdisc_skb_cb</c>, <c>pkt_len</c>).</summary>
    public int PacketLength;

    /// <summary>A qdisc's time on the packet in nanoseconds: when it came in, or when it may go (<c>fq_skb_cb</c>, <c>codel_skb_cb</c>).</summary>
    public long QdiscTime;

    /// <summary>The band that a qdisc counted it in.</summary>
    public byte QdiscBand;

    /// <summary>A copy that a qdisc made: not to be copied again (kernel: <c>tc_depth</c>).</summary>
    public bool IsTcCopy;
}
