namespace NetActors.Headers;

/// <summary>
/// Writes whole Ethernet frames, checksums filled in and padded to <see cref="EthernetHeader.MinFrameSize"/>, for traffic sources and
/// tests. Each method answers the frame's length in bytes without the check sequence, or 0 when it does not fit the span.
/// </summary>
public static class FrameBuilder
{
    /// <summary>Time to live of the frames (kernel: <c>IPDEFTTL</c>).</summary>
    public const byte DefaultTtl = 64;

    private const int NetworkOffset = EthernetHeader.Size;
    private const int TransportOffset = EthernetHeader.Size + Ipv4Header.Size;

    /// <summary>A UDP datagram over IPv4.</summary>
    public static int WriteUdp(
        Span<byte> frame, in FrameEnds ends, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload, ushort id = 0)
    {
        var length = BeginIpv4(frame, ends, IpProtocols.Udp, UdpHeader.Size + payload.Length, id);
        if (length == 0) return 0;
        var datagram = frame.Slice(TransportOffset, UdpHeader.Size + payload.Length);
        if (!UdpHeader.TryOverlay(datagram, out var udp)) return 0;
        udp.SourcePort = sourcePort;
        udp.DestinationPort = destinationPort;
        udp.Length = (ushort)datagram.Length;
        payload.CopyTo(udp.Payload);
        udp.FillChecksum(ends.Source, ends.Destination);
        return length;
    }

    /// <summary>
    /// A TCP segment over IPv4; <paramref name="options"/> must be a multiple of 4 bytes, at most 40, or the answer is 0.
    /// </summary>
    public static int WriteTcp(
        Span<byte> frame, in FrameEnds ends, in TcpSegment segment, ReadOnlySpan<byte> options, ReadOnlySpan<byte> payload, ushort id = 0)
    {
        if (options.Length > TcpOptions.MaxBytes || options.Length % 4 != 0) return 0;
        var bytes = TcpHeader.Size + options.Length + payload.Length;
        var length = BeginIpv4(frame, ends, IpProtocols.Tcp, bytes, id);
        if (length == 0 || !TcpHeader.TryOverlay(frame.Slice(TransportOffset, bytes), out var tcp)) return 0;
        tcp.SourcePort = segment.SourcePort;
        tcp.DestinationPort = segment.DestinationPort;
        tcp.Sequence = segment.Sequence;
        tcp.Acknowledgment = segment.Acknowledgment;
        tcp.DataOffset = (byte)((TcpHeader.Size + options.Length) / 4);
        tcp.Flags = segment.Flags;
        tcp.Window = segment.Window;
        options.CopyTo(tcp.Options);
        payload.CopyTo(tcp.Payload);
        tcp.FillChecksum(ends.Source, ends.Destination);
        return length;
    }

    /// <summary>An ICMP echo request, or the reply to one, over IPv4.</summary>
    public static int WriteIcmpEcho(
        Span<byte> frame, in FrameEnds ends, bool reply, ushort identifier, ushort sequence, ReadOnlySpan<byte> payload, ushort id = 0)
    {
        var bytes = IcmpHeader.Size + payload.Length;
        var length = BeginIpv4(frame, ends, IpProtocols.Icmp, bytes, id);
        if (length == 0 || !IcmpHeader.TryParse(frame.Slice(TransportOffset, bytes), out var icmp)) return 0;
        icmp.Type = reply ? IcmpTypes.EchoReply : IcmpTypes.Echo;
        icmp.Identifier = identifier;
        icmp.Sequence = sequence;
        payload.CopyTo(icmp.Payload);
        icmp.FillChecksum();
        return length;
    }

    /// <summary>Asks everybody who has <paramref name="target"/>. A target that is the sender announces it (RFC 5227 section 3).</summary>
    public static int WriteArpRequest(Span<byte> frame, MacAddress senderMac, uint sender, uint target) =>
        WriteArp(frame, ArpPacket.Request, new FrameEnds(senderMac, MacAddress.Broadcast, sender, target));

    /// <summary>Tells the asker that we have the address asked for: <paramref name="ends"/> is the answer's way.</summary>
    public static int WriteArpReply(Span<byte> frame, in FrameEnds ends) => WriteArp(frame, ArpPacket.Reply, ends);

    private static int WriteArp(Span<byte> frame, ushort operation, in FrameEnds ends)
    {
        var length = Begin(frame, ends, EtherTypes.Arp, ArpPacket.Size);
        if (length == 0 || !ArpPacket.TryCreate(frame[NetworkOffset..], out var arp)) return 0;
        arp.Operation = operation;
        arp.SenderMac = ends.SourceMac;
        arp.SenderAddress = ends.Source;
        arp.TargetMac = operation == ArpPacket.Reply ? ends.DestinationMac : MacAddress.Zero;
        arp.TargetAddress = ends.Destination;
        return length;
    }

    private static int BeginIpv4(Span<byte> frame, in FrameEnds ends, byte protocol, int transportBytes, ushort id)
    {
        var total = Ipv4Header.Size + transportBytes;
        if (total > ushort.MaxValue) return 0;
        var length = Begin(frame, ends, EtherTypes.Ipv4, total);
        if (length == 0 || !Ipv4Header.TryOverlay(frame[NetworkOffset..], out var ip)) return 0;
        ip.Version = 4;
        ip.Ihl = Ipv4Header.Size / 4;
        ip.TotalLength = (ushort)total;
        ip.Id = id;
        ip.DontFragment = true;
        ip.Ttl = DefaultTtl;
        ip.Protocol = protocol;
        ip.SourceAddress = ends.Source;
        ip.DestinationAddress = ends.Destination;
        ip.FillChecksum();
        return length;
    }

    /// <summary>Clears the frame, so that headers and padding begin as zeros, and writes the link header.</summary>
    private static int Begin(Span<byte> frame, in FrameEnds ends, ushort etherType, int payloadBytes)
    {
        var length = Math.Max(EthernetHeader.Size + payloadBytes, EthernetHeader.MinFrameSize);
        if (length > frame.Length) return 0;
        frame[..length].Clear();
        if (!EthernetHeader.TryParse(frame, out var ethernet)) return 0;
        ethernet.Destination = ends.DestinationMac;
        ethernet.Source = ends.SourceMac;
        ethernet.EtherType = etherType;
        return length;
    }
}
