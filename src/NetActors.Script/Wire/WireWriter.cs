using NetActors.Headers;
using NetActors.Script.Syntax;

namespace NetActors.Script.Wire;

/// <summary>Makes the packets that a script sends to the stack, with all checksums. Payload is zeros, as packetdrill's is.</summary>
/// <param name="source">The sender.</param>
/// <param name="destination">The receiver.</param>
internal sealed class WireWriter(WireEndpoint source, WireEndpoint destination)
{
    private const byte DefaultTtl = 255; // packetdrill's
    private const int EchoedTransportBytes = 8; // RFC 792: the first 64 bits of the datagram

    private bool IsIpv6 => source.Address.IsIpv6;

    private int IpSize => IsIpv6 ? Ipv6Header.Size : Ipv4Header.Size;

    /// <summary>A TCP segment whose numbers are those of the wire already.</summary>
    public byte[] Tcp(TcpPacketSpec spec)
    {
        var options = TcpOptionCodec.Write(spec.Options ?? []);
        var headerLength = TcpHeader.Size + options.Length;
        var bytes = new byte[IpSize + headerLength + spec.PayloadLength];
        var segment = bytes.AsSpan(IpSize);
        _ = TcpHeader.TryOverlay(segment, out var tcp);
        tcp.SourcePort = source.Port;
        tcp.DestinationPort = destination.Port;
        tcp.Sequence = spec.Sequence;
        tcp.Acknowledgment = spec.Acknowledgment;
        tcp.DataOffset = (byte)(headerLength / 4);
        tcp.Flags = spec.Flags;
        tcp.Window = spec.Window ?? 0;
        tcp.UrgentPointer = spec.UrgentPointer;
        options.CopyTo(segment[TcpHeader.Size..]);
        if (IsIpv6) tcp.FillChecksum(source.Address.Value, destination.Address.Value);
        else tcp.FillChecksum(source.Address.Ipv4, destination.Address.Ipv4);
        WriteIp(bytes, IpProtocols.Tcp, spec.Ip);
        return bytes;
    }

    /// <summary>A UDP datagram.</summary>
    public byte[] Udp(UdpPacketSpec spec)
    {
        var bytes = new byte[IpSize + UdpHeader.Size + spec.PayloadLength];
        _ = UdpHeader.TryOverlay(bytes.AsSpan(IpSize), out var udp);
        udp.SourcePort = source.Port;
        udp.DestinationPort = destination.Port;
        udp.Length = (ushort)(UdpHeader.Size + spec.PayloadLength);
        if (IsIpv6) udp.FillChecksum(source.Address.Value, destination.Address.Value);
        else udp.FillChecksum(source.Address.Ipv4, destination.Address.Ipv4);
        WriteIp(bytes, IpProtocols.Udp, spec.Ip);
        return bytes;
    }

    /// <summary>An ICMP message; what it carries back went from its destination to its source.</summary>
    public byte[] Icmp(IcmpPacketSpec spec)
    {
        var icmpLength = spec.Echoed.Kind == EchoedKind.Raw
            ? spec.Echoed.PayloadLength
            : IcmpHeader.Size + IpSize + EchoedTransportBytes + spec.Echoed.PayloadLength;
        var bytes = new byte[IpSize + icmpLength];
        var message = bytes.AsSpan(IpSize);
        if (spec.Echoed.Kind != EchoedKind.Raw) WriteEchoed(message[IcmpHeader.Size..], spec.Echoed);
        if (IsIpv6) WriteIcmpv6(message, spec);
        else WriteIcmpv4(message, spec);
        WriteIp(bytes, IsIpv6 ? IpProtocols.Icmpv6 : IpProtocols.Icmp, spec.Ip);
        return bytes;
    }

    private static void WriteIcmpv4(Span<byte> message, IcmpPacketSpec spec)
    {
        _ = IcmpHeader.TryParse(message, out var icmp);
        icmp.Type = spec.Type;
        icmp.Code = spec.Code;
        if (spec.EchoId is { } id) icmp.Identifier = id;
        if (spec.Mtu is { } mtu) icmp.NextHopMtu = (ushort)mtu;
        icmp.FillChecksum();
    }

    private void WriteIcmpv6(Span<byte> message, IcmpPacketSpec spec)
    {
        _ = Icmpv6Header.TryParse(message, out var icmp);
        icmp.Type = spec.Type;
        icmp.Code = spec.Code;
        if (spec.EchoId is { } id) icmp.Identifier = id;
        if (spec.Mtu is { } mtu) icmp.RestOfHeader = mtu;
        icmp.FillChecksum(source.Address.Value, destination.Address.Value);
    }

    /// <summary>The IP header as it was sent, and of what followed ports and, for TCP, the sequence number.</summary>
    private void WriteEchoed(Span<byte> packet, EchoedSpec echoed)
    {
        var isTcp = echoed.Kind == EchoedKind.Tcp;
        var transport = (isTcp ? TcpHeader.Size : UdpHeader.Size) + echoed.PayloadLength;
        new WireWriter(destination, source).WriteIp(packet, isTcp ? IpProtocols.Tcp : IpProtocols.Udp, IpSpec.Unstated, IpSize + transport);
        var ports = packet[IpSize..];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(ports, destination.Port);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(ports[2..], source.Port);
        if (isTcp) System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(ports[4..], echoed.Sequence);
        else System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(ports[4..], (ushort)transport);
    }

    private void WriteIp(Span<byte> packet, byte protocol, IpSpec spec, int? totalLength = null)
    {
        if (IsIpv6) WriteIpv6(packet, protocol, spec, totalLength ?? packet.Length);
        else WriteIpv4(packet, protocol, spec, totalLength ?? packet.Length);
    }

    private void WriteIpv4(Span<byte> packet, byte protocol, IpSpec spec, int totalLength)
    {
        _ = Ipv4Header.TryOverlay(packet, out var ip);
        ip.Version = 4;
        ip.Ihl = Ipv4Header.Size / 4;
        ip.Tos = spec.Tos;
        ip.TotalLength = (ushort)totalLength;
        ip.Ttl = spec.Ttl ?? DefaultTtl;
        ip.Protocol = protocol;
        ip.SourceAddress = source.Address.Ipv4;
        ip.DestinationAddress = destination.Address.Ipv4;
        ip.FillChecksum();
    }

    private void WriteIpv6(Span<byte> packet, byte protocol, IpSpec spec, int totalLength)
    {
        _ = Ipv6Header.TryOverlay(packet, out var ip);
        ip.Version = 6;
        ip.TrafficClass = spec.Tos;
        ip.FlowLabel = spec.FlowLabel ?? 0;
        ip.PayloadLength = (ushort)(totalLength - Ipv6Header.Size);
        ip.NextHeader = protocol;
        ip.HopLimit = spec.Ttl ?? DefaultTtl;
        ip.SourceAddress = source.Address.Value;
        ip.DestinationAddress = destination.Address.Value;
    }
}
