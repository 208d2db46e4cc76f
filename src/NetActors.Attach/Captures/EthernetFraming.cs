using System.Buffers.Binary;

namespace NetActors.Attach;

/// <summary>
/// Puts an Ethernet header before packets that were captured without one, so that they can go over an emulated wire. Addresses that
/// the capture does not have are synthetic; a multicast or broadcast packet gets its group's address (RFC 1112 section 6.4, RFC 2464
/// section 7).
/// </summary>
/// <param name="source">Synthetic sender: the low 48 bits, in the order they are written.</param>
/// <param name="destination">Synthetic receiver: the low 48 bits, in the order they are written.</param>
public sealed class EthernetFraming(ulong source = EthernetFraming.DefaultSource, ulong destination = EthernetFraming.DefaultDestination)
{
    /// <summary>02:00:00:00:00:01, which is locally administered.</summary>
    public const ulong DefaultSource = 0x0200_0000_0001;

    /// <summary>02:00:00:00:00:02, which is locally administered.</summary>
    public const ulong DefaultDestination = 0x0200_0000_0002;

    /// <summary>Bytes of an Ethernet header without VLAN tag.</summary>
    public const int HeaderSize = 14;

    private const ushort EtherTypeIpv4 = 0x0800;
    private const ushort EtherTypeIpv6 = 0x86DD;
    private const ulong Broadcast = 0xFFFF_FFFF_FFFF;

    /// <summary>
    /// Writes the Ethernet header of a captured packet. False when the packet is too short for its link type or carries a protocol
    /// that Ethernet has no number for (netlink, say).
    /// </summary>
    /// <param name="linkType">What <paramref name="packet"/> begins with.</param>
    /// <param name="packet">The captured bytes.</param>
    /// <param name="header"><see cref="HeaderSize"/> bytes or more, to write to; untouched for Ethernet.</param>
    /// <param name="headerLength">Bytes written to <paramref name="header"/>: 0 for Ethernet.</param>
    /// <param name="skip">Bytes of <paramref name="packet"/> that the header replaces.</param>
    public bool TryFrame(CaptureLinkType linkType, ReadOnlySpan<byte> packet, Span<byte> header, out int headerLength, out int skip)
    {
        (headerLength, skip) = (linkType == CaptureLinkType.Ethernet ? 0 : HeaderSize, 0);
        switch (linkType)
        {
            case CaptureLinkType.Ethernet:
                return true;
            case CaptureLinkType.RawIp:
                return TryFrameIp(packet, header);
            case CaptureLinkType.Null or CaptureLinkType.Loop:
                skip = 4;
                return packet.Length >= 4 && IsIpFamily(packet) && TryFrameIp(packet[4..], header);
            case CaptureLinkType.LinuxSll: // type, ARPHRD, address length, address, protocol
                skip = 16;
                return packet.Length >= 16 && TryFrameCooked(
                    BinaryPrimitives.ReadUInt16BigEndian(packet),
                    BinaryPrimitives.ReadUInt16BigEndian(packet[14..]),
                    packet.Slice(6, packet[5] == 6 && packet[4] == 0 ? 6 : 0),
                    packet[16..],
                    header);
            case CaptureLinkType.LinuxSll2: // protocol, zero, ifindex, ARPHRD, type, address length, address
                skip = 20;
                return packet.Length >= 20 && TryFrameCooked(
                    packet[10],
                    BinaryPrimitives.ReadUInt16BigEndian(packet),
                    packet.Slice(12, packet[11] == 6 ? 6 : 0),
                    packet[20..],
                    header);
            default:
                return false;
        }
    }

    // AF_INET is 2 everywhere, AF_INET6 10, 24, 28 or 30, in either byte order: the IP version says it more surely.
    private static bool IsIpFamily(ReadOnlySpan<byte> packet)
    {
        var family = BinaryPrimitives.ReadUInt32BigEndian(packet);
        if (family > 0xFFFF) family = BinaryPrimitives.ReverseEndianness(family);
        return family is 2 or 10 or 24 or 28 or 30;
    }

    private bool TryFrameIp(ReadOnlySpan<byte> ip, Span<byte> header)
    {
        if (ip.IsEmpty || ip[0] >> 4 is not (4 or 6)) return false;
        var etherType = ip[0] >> 4 == 4 ? EtherTypeIpv4 : EtherTypeIpv6;
        Write(header, GroupAddress(etherType, ip) ?? destination, source, etherType);
        return true;
    }

    private bool TryFrameCooked(int packetType, ushort protocol, ReadOnlySpan<byte> address, ReadOnlySpan<byte> payload, Span<byte> header)
    {
        if (protocol == 4) protocol = (ushort)Math.Min(payload.Length, 1500); // ETH_P_802_2: Ethernet has the length here
        else if (protocol < 0x600) return false;

        var from = address.Length == 6 ? BinaryPrimitives.ReadUInt16BigEndian(address) * 0x1_0000_0000UL
            + BinaryPrimitives.ReadUInt32BigEndian(address[2..]) : 0;
        var to = packetType switch // kernel: PACKET_BROADCAST, PACKET_MULTICAST; the others went to one station
        {
            1 => Broadcast,
            _ => GroupAddress(protocol, payload) ?? (packetType == 2 ? 0x0100_0000_0000 | destination : destination),
        };
        Write(header, to, from == 0 ? source : from, protocol);
        return true;
    }

    private static ulong? GroupAddress(ushort etherType, ReadOnlySpan<byte> ip)
    {
        if (etherType == EtherTypeIpv4 && ip.Length >= 20)
        {
            var to = BinaryPrimitives.ReadUInt32BigEndian(ip[16..]);
            if (to == uint.MaxValue) return Broadcast;
            return to >> 28 == 0xE ? 0x0100_5E00_0000UL | (to & 0x7F_FFFF) : null;
        }

        return etherType == EtherTypeIpv6 && ip.Length >= 40 && ip[24] == 0xFF
            ? 0x3333_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(ip[36..])
            : null;
    }

    private static void Write(Span<byte> header, ulong to, ulong from, ushort etherType)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)(to >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(header[2..], (uint)to);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], (ushort)(from >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], (uint)from);
        BinaryPrimitives.WriteUInt16BigEndian(header[12..], etherType);
    }
}
