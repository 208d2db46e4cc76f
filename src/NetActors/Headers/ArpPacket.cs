using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>An ARP packet for IPv4 over Ethernet (RFC 826) seen over the bytes behind the link header; copies and owns nothing.</summary>
public readonly ref struct ArpPacket
{
    /// <summary>Size of the packet in bytes.</summary>
    public const int Size = 28;

    /// <summary>Who has it? (<c>ARPOP_REQUEST</c>).</summary>
    public const ushort Request = 1;

    /// <summary>I have it (<c>ARPOP_REPLY</c>).</summary>
    public const ushort Reply = 2;

    private const uint EthernetIpv4 = 0x0001_0800; // hardware type 1, protocol type 0x0800
    private const ushort Lengths = 0x0604; // 6 bytes of hardware address, 4 of protocol address

    private readonly Span<byte> _bytes;

    private ArpPacket(Span<byte> bytes) => _bytes = bytes;

    /// <summary><see cref="Request"/>, <see cref="Reply"/> or another number as sent.</summary>
    public ushort Operation
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[6..], value);
    }

    /// <summary>The sender's Ethernet address (<c>ar_sha</c>).</summary>
    public MacAddress SenderMac
    {
        get => MacAddress.Read(_bytes[8..]);
        set => value.Write(_bytes[8..]);
    }

    /// <summary>The sender's IPv4 address in host order (<c>ar_sip</c>).</summary>
    public uint SenderAddress
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(_bytes[14..]);
        set => BinaryPrimitives.WriteUInt32BigEndian(_bytes[14..], value);
    }

    /// <summary>The target's Ethernet address, zero in a request (<c>ar_tha</c>).</summary>
    public MacAddress TargetMac
    {
        get => MacAddress.Read(_bytes[18..]);
        set => value.Write(_bytes[18..]);
    }

    /// <summary>The target's IPv4 address in host order (<c>ar_tip</c>).</summary>
    public uint TargetAddress
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(_bytes[24..]);
        set => BinaryPrimitives.WriteUInt32BigEndian(_bytes[24..], value);
    }

    /// <summary>Lays the view over <paramref name="packet"/>. False when it is too short or not about IPv4 over Ethernet.</summary>
    public static bool TryParse(Span<byte> packet, out ArpPacket arp)
    {
        arp = new ArpPacket(packet);
        return packet.Length >= Size
            && BinaryPrimitives.ReadUInt32BigEndian(packet) == EthernetIpv4
            && BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) == Lengths;
    }

    /// <summary>Begins a packet: writes the types and lengths of IPv4 over Ethernet. False when there are fewer than 28 bytes.</summary>
    public static bool TryCreate(Span<byte> packet, out ArpPacket arp)
    {
        arp = new ArpPacket(packet);
        if (packet.Length < Size) return false;
        BinaryPrimitives.WriteUInt32BigEndian(packet, EthernetIpv4);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], Lengths);
        return true;
    }
}
