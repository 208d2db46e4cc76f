using System.Buffers.Binary;
using NetActors.Headers;

namespace NetActors.Script.Wire;

/// <summary>Takes a packet apart and checks its checksums.</summary>
internal static class WireReader
{
    /// <summary>Reads a packet from its IP header on.</summary>
    /// <param name="bytes">The packet.</param>
    /// <param name="packet">What it says; null when it is no IP packet with TCP, UDP or ICMP.</param>
    /// <param name="fault">What is wrong with it; null when nothing is.</param>
    public static bool TryRead(byte[] bytes, out WirePacket? packet, out string? fault)
    {
        (packet, fault) = (null, null);
        if (Ipv4Header.TryParse(bytes, out var ipv4)) return TryReadIpv4(bytes, ipv4, out packet, out fault);
        if (Ipv6Header.TryParse(bytes, out var ipv6)) return TryReadIpv6(bytes, ipv6, out packet, out fault);
        fault = "the stack has sent something that is no IP packet";
        return false;
    }

    private static bool TryReadIpv4(byte[] bytes, Ipv4Header ip, out WirePacket? packet, out string? fault)
    {
        packet = new WirePacket
        {
            IsIpv6 = false,
            Protocol = ip.Protocol,
            Tos = ip.Tos,
            Ttl = ip.Ttl,
            IpHeaderLength = ip.HeaderLength,
            Source = new WireEndpoint(ScriptAddress.FromIpv4(ip.SourceAddress), 0),
            Destination = new WireEndpoint(ScriptAddress.FromIpv4(ip.DestinationAddress), 0),
        };
        fault = ip.IsChecksumValid ? null : "bad outbound IP checksum";
        return TryReadTransport(bytes.AsMemory(ip.HeaderLength, ip.TotalLength - ip.HeaderLength), ref packet, ref fault);
    }

    private static bool TryReadIpv6(byte[] bytes, Ipv6Header ip, out WirePacket? packet, out string? fault)
    {
        packet = new WirePacket
        {
            IsIpv6 = true,
            Protocol = ip.NextHeader,
            Tos = ip.TrafficClass,
            Ttl = ip.HopLimit,
            FlowLabel = ip.FlowLabel,
            IpHeaderLength = Ipv6Header.Size,
            Source = new WireEndpoint(ScriptAddress.FromIpv6(ip.SourceAddress), 0),
            Destination = new WireEndpoint(ScriptAddress.FromIpv6(ip.DestinationAddress), 0),
        };
        fault = null;
        return TryReadTransport(bytes.AsMemory(Ipv6Header.Size, ip.PayloadLength), ref packet, ref fault);
    }

    private static bool TryReadTransport(Memory<byte> bytes, ref WirePacket? packet, ref string? fault)
    {
        if (packet!.IsTcp && TcpHeader.TryParse(bytes.Span, out _)) packet = ReadTcp(packet, bytes, ref fault);
        else if (packet.IsUdp && UdpHeader.TryParse(bytes.Span, out _)) packet = ReadUdp(packet, bytes, ref fault);
        else if (packet.IsIcmp && bytes.Length >= IcmpHeader.Size) packet = ReadIcmp(packet, bytes, ref fault);
        else
        {
            fault ??= $"the stack has sent a packet of protocol {packet.Protocol} that cannot be read";
            packet = null;
        }

        return packet is not null;
    }

    private static WirePacket ReadTcp(WirePacket packet, Memory<byte> bytes, ref string? fault)
    {
        _ = TcpHeader.TryParse(bytes.Span, out var tcp);
        var isValid = packet.IsIpv6
            ? tcp.IsChecksumValid(packet.Source.Address.Value, packet.Destination.Address.Value)
            : tcp.IsChecksumValid(packet.Source.Address.Ipv4, packet.Destination.Address.Ipv4);
        if (!isValid) fault ??= "bad outbound TCP checksum";
        if (!TcpOptionCodec.TryRead(tcp.Options, out var options)) fault ??= "bad length of an outbound TCP option";
        return packet with
        {
            Source = packet.Source with { Port = tcp.SourcePort },
            Destination = packet.Destination with { Port = tcp.DestinationPort },
            Flags = tcp.Flags,
            ReservedBits = (byte)(bytes.Span[12] >> 1 & 7),
            Sequence = tcp.Sequence,
            Acknowledgment = tcp.Acknowledgment,
            Window = tcp.Window,
            UrgentPointer = tcp.UrgentPointer,
            Options = options,
            Payload = bytes[tcp.HeaderLength..],
        };
    }

    private static WirePacket ReadUdp(WirePacket packet, Memory<byte> bytes, ref string? fault)
    {
        _ = UdpHeader.TryParse(bytes.Span, out var udp);
        var isValid = packet.IsIpv6
            ? udp.IsChecksumValid(packet.Source.Address.Value, packet.Destination.Address.Value)
            : udp.IsChecksumValid(packet.Source.Address.Ipv4, packet.Destination.Address.Ipv4);
        if (!isValid) fault ??= "bad outbound UDP checksum";
        return packet with
        {
            Source = packet.Source with { Port = udp.SourcePort },
            Destination = packet.Destination with { Port = udp.DestinationPort },
            Payload = bytes[UdpHeader.Size..udp.Length],
        };
    }

    private static WirePacket ReadIcmp(WirePacket packet, Memory<byte> bytes, ref string? fault)
    {
        if (!IsIcmpChecksumValid(packet, bytes.Span)) fault ??= "bad outbound ICMP checksum";
        return packet with
        {
            IcmpType = bytes.Span[0],
            IcmpCode = bytes.Span[1],
            IcmpRest = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[4..]),
            Payload = bytes[IcmpHeader.Size..],
        };
    }

    private static bool IsIcmpChecksumValid(WirePacket packet, Span<byte> bytes)
    {
        if (!packet.IsIpv6) return IcmpHeader.TryParse(bytes, out var icmp) && icmp.IsChecksumValid;
        return Icmpv6Header.TryParse(bytes, out var icmpv6)
            && icmpv6.IsChecksumValid(packet.Source.Address.Value, packet.Destination.Address.Value);
    }
}
