using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>What programs in front of the stack need to know of a frame: whether it is a whole UDP datagram over IPv4, and its flow.</summary>
public static class UdpFrame
{
    private const int Ports = EthernetHeader.Size; // from the begin of the network header, add its length
    private const int Source = EthernetHeader.Size + 12;
    private const int Destination = EthernetHeader.Size + 16;

    /// <summary>The frame carries a datagram to <paramref name="port"/>; 0 for any.</summary>
    public static bool IsTo(Span<byte> frame, int port)
    {
        var at = PortsOf(frame);
        return at > 0 && (port == 0 || BinaryPrimitives.ReadUInt16BigEndian(frame[(at + 2)..]) == port);
    }

    /// <summary>
    /// Exchanges the Ethernet addresses, the addresses and the ports, which leaves all checksums good. False, and nothing is changed, when the
    /// frame carries no datagram to <paramref name="port"/>; 0 for any.
    /// </summary>
    public static bool TryTurn(Span<byte> frame, int port)
    {
        if (!IsTo(frame, port)) return false;
        Exchange(frame, 0, 6, 6);
        Exchange(frame, Source, Destination, 4);
        var ports = PortsOf(frame);
        Exchange(frame, ports, ports + 2, 2);
        return true;
    }

    /// <summary>A hash of addresses, ports and protocol that both directions of a flow share. False for what is no datagram.</summary>
    public static bool TryHash(Span<byte> frame, out uint hash)
    {
        hash = 0;
        var ports = PortsOf(frame);
        if (ports < 0) return false;
        hash = BinaryPrimitives.ReadUInt32BigEndian(frame[Source..]) + BinaryPrimitives.ReadUInt32BigEndian(frame[Destination..]);
        hash ^= (uint)(BinaryPrimitives.ReadUInt16BigEndian(frame[ports..]) + BinaryPrimitives.ReadUInt16BigEndian(frame[(ports + 2)..])) << 7;
        hash *= 0x9E37_79B1; // 2^32 over the golden ratio
        hash ^= hash >> 16;
        return true;
    }

    /// <summary>Where the ports stand; -1 in what is no whole datagram of IPv4.</summary>
    private static int PortsOf(Span<byte> frame)
    {
        const int Version4 = 4;
        if (frame.Length < EthernetHeader.Size + Ipv4Header.Size + UdpHeader.Size) return -1;
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != EtherTypes.Ipv4) return -1;
        var network = frame[EthernetHeader.Size..];
        var length = (network[0] & 15) * 4;
        if (network[0] >> 4 != Version4 || length < Ipv4Header.Size || network[9] != IpProtocols.Udp) return -1;
        var fragment = BinaryPrimitives.ReadUInt16BigEndian(network[6..]) & 0x3FFF; // more to come, or not the first
        return fragment != 0 || frame.Length < Ports + length + UdpHeader.Size ? -1 : Ports + length;
    }

    private static void Exchange(Span<byte> frame, int left, int right, int bytes)
    {
        Span<byte> kept = stackalloc byte[bytes];
        frame.Slice(left, bytes).CopyTo(kept);
        frame.Slice(right, bytes).CopyTo(frame[left..]);
        kept.CopyTo(frame[right..]);
    }
}
