using System.Buffers.Binary;
using NetActors.Headers;

namespace NetActors.Nic;

/// <summary>Addresses, ports and protocol of a TCP or UDP packet: what a filter of accelerated RFS matches (kernel: <c>struct arfs_tuple</c>).</summary>
/// <param name="Source">Source address; IPv4 in the low 32 bits.</param>
/// <param name="Destination">Destination address.</param>
/// <param name="Ports">Source port in the upper half, destination port in the lower.</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="IsIpv6">IPv6.</param>
public readonly record struct FlowTuple(UInt128 Source, UInt128 Destination, uint Ports, byte Protocol, bool IsIpv6)
{
    private const int Ipv6HeaderSize = 40;

    /// <summary>Reads it off a packet whose bytes begin at the network header. False for fragments and all but TCP and UDP.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out FlowTuple tuple)
    {
        tuple = default;
        if (packet.Length < 20) return false;
        if (packet[0] >> 4 == 4)
        {
            var header = (packet[0] & 15) * 4;
            var isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3FFF) != 0;
            if (isFragment || header < 20 || packet.Length < header + 4 || !IsSteered(packet[9])) return false;
            tuple = new FlowTuple(
                BinaryPrimitives.ReadUInt32BigEndian(packet[12..]), BinaryPrimitives.ReadUInt32BigEndian(packet[16..]),
                BinaryPrimitives.ReadUInt32BigEndian(packet[header..]), packet[9], false);
            return true;
        }

        if (packet[0] >> 4 != 6 || packet.Length < Ipv6HeaderSize + 4 || !IsSteered(packet[6])) return false;
        tuple = new FlowTuple(
            BinaryPrimitives.ReadUInt128BigEndian(packet[8..]), BinaryPrimitives.ReadUInt128BigEndian(packet[24..]),
            BinaryPrimitives.ReadUInt32BigEndian(packet[Ipv6HeaderSize..]), packet[6], true);
        return true;
    }

    /// <summary>The same in every process.</summary>
    public override int GetHashCode() => (int)JenkinsHash.Hash3Words(
        (uint)Source ^ (uint)(Source >> 64), (uint)Destination ^ (uint)(Destination >> 64), Ports, Protocol);

    private static bool IsSteered(byte protocol) => protocol is IpProtocols.Tcp or IpProtocols.Udp;
}
