using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>
/// Dissection by the rules of 3.10 (kernel 3.10: <c>skb_flow_dissect</c>): no IPv6 extension headers, flow labels, MPLS or VLAN keys; a
/// tag that the device took off is not seen.
/// </summary>
internal static class FlowWalk310
{
    /// <summary>Reads header after header, each of which takes bytes. False when one is cut off, broken or unknown.</summary>
    public static bool Dissect(ReadOnlySpan<byte> packet, ushort protocol, out FlowKeys keys)
    {
        keys = default;
        var offset = 0;
        while (true)
        {
            (keys.NetworkProtocol, keys.TransportOffset) = (protocol, offset);
            switch (protocol)
            {
                case EtherTypes.Ipv4:
                    if (!TryReadIpv4(packet, ref offset, ref keys)) return false;
                    break;
                case EtherTypes.Ipv6:
                    if (!TryReadIpv6(packet, ref offset, ref keys)) return false;
                    break;
                case EtherTypes.Vlan or EtherTypes.VlanServiceTag:
                    if (!FlowDissector.Has(packet, offset, VlanTag.Size)) return false;
                    protocol = BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]);
                    offset += VlanTag.Size;
                    continue;
                case EtherTypes.PppoeSession:
                    if (!FlowDissector.Has(packet, offset, PppProtocols.PppoeSessionSize)) return false;
                    protocol = PppProtocols.ToEtherType(BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 6)..]));
                    offset += PppProtocols.PppoeSessionSize;
                    continue;
                default:
                    return false;
            }

            switch (keys.IpProtocol)
            {
                case IpProtocols.Gre:
                    if (!GreReader.Read310(packet, ref offset, ref protocol, out var broken)) return !broken;
                    break;
                case IpProtocols.IpIp:
                    protocol = EtherTypes.Ipv4;
                    break;
                case IpProtocols.Ipv6:
                    protocol = EtherTypes.Ipv6;
                    break;
                default:
                    var ports = FlowDissector.ReadPorts(packet, offset, keys.IpProtocol);
                    (keys.SourcePort, keys.DestinationPort) = ((ushort)(ports >> 16), (ushort)ports);
                    keys.TransportOffset = offset;
                    return true;
            }

            keys.IsEncapsulated = true;
        }
    }

    private static bool TryReadIpv4(ReadOnlySpan<byte> packet, ref int offset, ref FlowKeys keys)
    {
        if (!FlowDissector.Has(packet, offset, Ipv4Header.Size)) return false;
        var header = packet[offset..];
        var words = header[0] & 0x0F;
        if (words < 5) return false;
        var fragment = BinaryPrimitives.ReadUInt16BigEndian(header[6..]) & 0x3FFF;
        keys.IsFragment = fragment != 0;
        keys.IsFirstFragment = fragment == 0x2000;
        keys.IpProtocol = keys.IsFragment ? (byte)0 : header[9]; // a fragment has no protocol, and so no ports
        keys.AddressType = FlowAddressType.Ipv4;
        keys.Source = BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
        keys.Destination = BinaryPrimitives.ReadUInt32BigEndian(header[16..]);
        offset += words * 4;
        return true;
    }

    private static bool TryReadIpv6(ReadOnlySpan<byte> packet, ref int offset, ref FlowKeys keys)
    {
        if (!FlowDissector.Has(packet, offset, Ipv6Header.Size)) return false;
        var header = packet[offset..];
        keys.IpProtocol = header[6];
        keys.AddressType = FlowAddressType.Ipv6;
        keys.Source = BinaryPrimitives.ReadUInt128BigEndian(header[8..]);
        keys.Destination = BinaryPrimitives.ReadUInt128BigEndian(header[24..]);
        offset += Ipv6Header.Size;
        return true;
    }
}
