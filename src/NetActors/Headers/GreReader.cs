using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>Steps over a GRE header (RFC 2784, RFC 2890; PPTP: RFC 2637) as the two flow dissectors do.</summary>
internal static class GreReader
{
    private const ushort ChecksumBit = 0x8000;
    private const ushort RoutingBit = 0x4000;
    private const ushort KeyBit = 0x2000;
    private const ushort SequenceBit = 0x1000;
    private const ushort AcknowledgmentBit = 0x0080;
    private const ushort VersionMask = 0x0007;

    /// <summary>The rules of 6.x (kernel: <c>__skb_flow_dissect_gre</c>). True when the offset now points at what is inside.</summary>
    public static bool Read6(ReadOnlySpan<byte> packet, ref int offset, ref ushort protocol, ref uint key, out bool broken)
    {
        broken = !FlowDissector.Has(packet, offset, 4);
        if (broken) return false;
        var flags = BinaryPrimitives.ReadUInt16BigEndian(packet[offset..]);
        var version = flags & VersionMask;
        if ((flags & RoutingBit) != 0 || version > 1) return false;
        protocol = BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]);
        if (version == 1 && (protocol != EtherTypes.PptpPpp || (flags & KeyBit) == 0)) return false;

        var at = offset + ((flags & ChecksumBit) != 0 ? 8 : 4);
        if ((flags & KeyBit) != 0)
        {
            broken = !FlowDissector.Has(packet, at, 4);
            if (broken) return false;
            var number = BinaryPrimitives.ReadUInt32BigEndian(packet[at..]);
            key = version == 0 ? number : number & 0xFFFF; // PPTP: the call without the payload length
            at += 4;
        }

        if ((flags & SequenceBit) != 0) at += 4;
        broken = version == 0
            ? !TryEnterEthernet(packet, ref at, ref protocol)
            : !TryEnterPpp(packet, ref at, ref protocol, flags);
        if (!broken) offset = at;
        return !broken;
    }

    /// <summary>The rules of 3.10: version 0 only, the key is passed over. True when the offset now points at what is inside.</summary>
    public static bool Read310(ReadOnlySpan<byte> packet, ref int offset, ref ushort protocol, out bool broken)
    {
        broken = !FlowDissector.Has(packet, offset, 4);
        if (broken) return false;
        var flags = BinaryPrimitives.ReadUInt16BigEndian(packet[offset..]);
        if ((flags & (VersionMask | RoutingBit)) != 0) return false;
        protocol = BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]);
        offset += 4;
        if ((flags & ChecksumBit) != 0) offset += 4;
        if ((flags & KeyBit) != 0) offset += 4;
        if ((flags & SequenceBit) != 0) offset += 4;
        broken = !TryEnterEthernet(packet, ref offset, ref protocol);
        return !broken;
    }

    private static bool TryEnterEthernet(ReadOnlySpan<byte> packet, ref int offset, ref ushort protocol)
    {
        if (protocol != EtherTypes.TransparentBridging) return true;
        if (!FlowDissector.Has(packet, offset, EthernetHeader.Size)) return false;
        protocol = BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 12)..]);
        offset += EthernetHeader.Size;
        return true;
    }

    private static bool TryEnterPpp(ReadOnlySpan<byte> packet, ref int offset, ref ushort protocol, ushort flags)
    {
        if ((flags & AcknowledgmentBit) != 0) offset += 4;
        if (!FlowDissector.Has(packet, offset, 4)) return false;
        protocol = BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]) switch
        {
            PppProtocols.Ipv4 => EtherTypes.Ipv4,
            PppProtocols.Ipv6 => EtherTypes.Ipv6,
            _ => protocol,
        };
        offset += 4;
        return true;
    }
}
