using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// A segment to be sent: all of its header but ports and checksum. Its payload stays in the send buffer until
/// <see cref="TcpControlBlock.CopyPayload"/> (kernel: a clone of the sk_buff in <c>__tcp_transmit_skb</c>).
/// </summary>
public struct TcpOutSegment
{
    /// <summary>Number of the first payload byte, or of the SYN.</summary>
    public uint Sequence;

    /// <summary>Next byte that we expect.</summary>
    public uint Acknowledgment;

    /// <summary>Control bits.</summary>
    public TcpFlags Flags;

    /// <summary>Window as it is written, scaled down.</summary>
    public ushort Window;

    /// <summary>Urgent pointer; 0 without <see cref="TcpFlags.Urg"/>.</summary>
    public ushort UrgentPointer;

    /// <summary>The options, for <see cref="TcpOptionsWriter"/>.</summary>
    public TcpOptions Options;

    /// <summary>Bytes of payload.</summary>
    public int PayloadLength;

    /// <summary>Payload of each segment when the packet is to be cut into several; 0 for a single one (kernel: <c>gso_size</c>).</summary>
    public int GsoSize;

    /// <summary>The IP header says ECT(0) (kernel: <c>INET_ECN_xmit</c>).</summary>
    public bool Ect;

    /// <summary>Its flags hold the counter of accurate ECN (kernel: <c>SKB_GSO_TCP_ACCECN</c>).</summary>
    public bool IsAccurateEcn;

    /// <summary>What the connection is charged while it is in the host, in bytes (kernel: <c>truesize</c>).</summary>
    public int TrueSize;

    /// <summary>When it is to leave the host (kernel: <c>skb_set_delivery_time</c>).</summary>
    public KernelTime DepartsAt;

    /// <summary>Sent before (kernel: <c>TCPCB_EVER_RETRANS</c>).</summary>
    public bool IsRetransmission;

    /// <summary>Number behind the last byte, SYN and FIN counted.</summary>
    public readonly uint EndSequence =>
        Sequence + (uint)PayloadLength + ((Flags & TcpFlags.Syn) != 0 ? 1u : 0) + ((Flags & TcpFlags.Fin) != 0 ? 1u : 0);
}
