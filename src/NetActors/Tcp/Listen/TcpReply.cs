using NetActors.Headers;

namespace NetActors.Tcp;

/// <summary>A segment without data that is to be sent: SYN-ACK, ACK or RST. Addresses and ports in host order.</summary>
public struct TcpReply
{
    /// <summary>Our address.</summary>
    public uint Source;

    /// <summary>The peer's address.</summary>
    public uint Destination;

    /// <summary>Our port.</summary>
    public ushort SourcePort;

    /// <summary>The peer's port.</summary>
    public ushort DestinationPort;

    /// <summary>Sequence number.</summary>
    public uint Sequence;

    /// <summary>Acknowledgement number.</summary>
    public uint Acknowledgment;

    /// <summary>Control bits.</summary>
    public TcpFlags Flags;

    /// <summary>Window as it stands in the header.</summary>
    public ushort Window;

    /// <summary>DSCP of the packet; null for that of the socket that sends it.</summary>
    public byte? Tos;

    /// <summary>Options, for <see cref="TcpOptionsWriter"/>.</summary>
    public TcpOptions Options;

    /// <summary>
    /// The RST for a segment that nobody wants; with its own number when it acknowledged something (RFC 9293 section 3.5.2; kernel:
    /// <c>tcp_v4_send_reset</c>). The caller has seen that the segment is no RST itself.
    /// </summary>
    public static TcpReply Reset(in ListenSegment segment)
    {
        var reply = To(segment);
        (reply.Flags, reply.Tos) = (TcpFlags.Rst, (byte)(segment.Tos & ~3)); // its DSCP, without the bits of ECN
        if (segment.Has(TcpFlags.Ack)) reply.Sequence = segment.Acknowledgment;
        else (reply.Flags, reply.Acknowledgment) = (TcpFlags.Rst | TcpFlags.Ack, segment.EndSequence);
        return reply;
    }

    internal static TcpReply To(in ListenSegment segment) => new()
    {
        Source = segment.Destination,
        Destination = segment.Source,
        SourcePort = segment.DestinationPort,
        DestinationPort = segment.SourcePort,
    };

    internal static TcpReply To(RequestSock request) => new()
    {
        Source = request.LocalAddress,
        Destination = request.RemoteAddress,
        SourcePort = request.LocalPort,
        DestinationPort = request.RemotePort,
    };
}
