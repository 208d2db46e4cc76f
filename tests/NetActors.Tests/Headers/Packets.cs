using System.Buffers.Binary;
using NetActors.Headers;

namespace NetActors.Tests.Headers;

/// <summary>Packets from the network header on, for the flow dissector.</summary>
internal static class Packets
{
    public static byte[] Udp4(uint source, uint destination, ushort sourcePort, ushort destinationPort) =>
        Ipv4(source, destination, IpProtocols.Udp, Ports(sourcePort, destinationPort));

    public static byte[] Udp6(UInt128 source, UInt128 destination, ushort sourcePort, ushort destinationPort, uint label = 0) =>
        Ipv6(source, destination, IpProtocols.Udp, Ports(sourcePort, destinationPort), label);

    public static byte[] Ports(ushort source, ushort destination) =>
        [(byte)(source >> 8), (byte)source, (byte)(destination >> 8), (byte)destination, 0, 8, 0, 0];

    public static byte[] Ipv4(uint source, uint destination, byte protocol, byte[] payload, ushort flagsAndOffset = 0)
    {
        var packet = new byte[20 + payload.Length];
        Assert.True(Ipv4Header.TryOverlay(packet, out var header));
        (header.Version, header.Ihl, header.TotalLength, header.Protocol) = (4, 5, (ushort)packet.Length, protocol);
        (header.SourceAddress, header.DestinationAddress, header.FlagsAndOffset) = (source, destination, flagsAndOffset);
        header.FillChecksum();
        payload.CopyTo(packet, 20);
        return packet;
    }

    public static byte[] Ipv6(UInt128 source, UInt128 destination, byte next, byte[] payload, uint label = 0)
    {
        var packet = new byte[40 + payload.Length];
        Assert.True(Ipv6Header.TryOverlay(packet, out var header));
        (header.Version, header.FlowLabel, header.PayloadLength, header.NextHeader) = (6, label, (ushort)payload.Length, next);
        (header.SourceAddress, header.DestinationAddress) = (source, destination);
        payload.CopyTo(packet, 40);
        return packet;
    }

    public static byte[] Vlan(ushort tci, ushort etherType, byte[] inner) => Join([tci, etherType], inner);

    /// <summary>A PPPoE session header with a PPP protocol number.</summary>
    public static byte[] Pppoe(ushort ppp, byte[] inner) => Join([0x1100, 1, (ushort)(inner.Length + 2), ppp], inner);

    /// <summary>A GRE header: flags, EtherType and the words that the flags call for.</summary>
    public static byte[] Gre(ushort flags, ushort etherType, ushort[] more, byte[] inner) => Join([flags, etherType, .. more], inner);

    private static byte[] Join(ushort[] words, byte[] inner)
    {
        var bytes = new byte[words.Length * 2 + inner.Length];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), words[i]);
        inner.CopyTo(bytes, words.Length * 2);
        return bytes;
    }
}
