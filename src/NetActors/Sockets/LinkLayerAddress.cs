using System.Buffers.Binary;

namespace NetActors.Sockets;

/// <summary>An address of AF_PACKET (kernel: <c>struct sockaddr_ll</c>, include/uapi/linux/if_packet.h).</summary>
/// <param name="Protocol">EtherType in host order; 3 for all (<c>ETH_P_ALL</c>).</param>
/// <param name="IfIndex">The device; 0 for all.</param>
/// <param name="Hardware">Kind of device (<c>ARPHRD_ETHER</c> 1, <c>ARPHRD_NONE</c> 65534, <c>ARPHRD_LOOPBACK</c> 772).</param>
/// <param name="PacketType">Whom a packet was for (<c>PACKET_HOST</c> 0 and so on).</param>
/// <param name="Address">Hardware address, the first byte highest; see <paramref name="AddressLength"/>.</param>
/// <param name="AddressLength">How many of its eight bytes count.</param>
internal readonly record struct LinkLayerAddress(ushort Protocol, int IfIndex, ushort Hardware, byte PacketType, ulong Address, byte AddressLength)
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 20;

    /// <summary>The family.</summary>
    public const int AfPacket = 17;

    /// <summary>Reads one. False when it is shorter.</summary>
    public static bool TryRead(ReadOnlySpan<byte> sockaddr, out LinkLayerAddress address)
    {
        address = default;
        if (sockaddr.Length < Size) return false;
        address = new LinkLayerAddress(
            BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]), BinaryPrimitives.ReadInt32LittleEndian(sockaddr[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(sockaddr[8..]), sockaddr[10], BinaryPrimitives.ReadUInt64BigEndian(sockaddr[12..]), sockaddr[11]);
        return true;
    }

    /// <summary>The bytes.</summary>
    public byte[] ToSockaddr()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, AfPacket);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), Protocol);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), IfIndex);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), Hardware);
        (bytes[10], bytes[11]) = (PacketType, AddressLength);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(12), Address);
        return bytes;
    }
}
