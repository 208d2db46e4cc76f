using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>An IPv6 header (RFC 8200 section 3) seen over a packet; copies and owns nothing (kernel: <c>struct ipv6hdr</c>).</summary>
public readonly ref struct Ipv6Header
{
    /// <summary>Size of the header in bytes, extension headers excluded.</summary>
    public const int Size = 40;

    private readonly Span<byte> _bytes;

    private Ipv6Header(Span<byte> bytes) => _bytes = bytes;

    /// <summary>IP version, 6 in a good header.</summary>
    public byte Version
    {
        get => (byte)(_bytes[0] >> 4);
        set => _bytes[0] = (byte)((_bytes[0] & 0x0F) | value << 4);
    }

    /// <summary>Traffic class: differentiated services code point and ECN.</summary>
    public byte TrafficClass
    {
        get => (byte)(FirstWord >> 20);
        set => FirstWord = (FirstWord & 0xF00F_FFFF) | (uint)value << 20;
    }

    /// <summary>Flow label, 20 bits (RFC 6437).</summary>
    public uint FlowLabel
    {
        get => FirstWord & 0xF_FFFF;
        set => FirstWord = (FirstWord & 0xFFF0_0000) | (value & 0xF_FFFF);
    }

    /// <summary>Bytes behind this header, extension headers included, as the sender wrote it.</summary>
    public ushort PayloadLength
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[4..], value);
    }

    /// <summary>What follows, an extension header or a protocol (<see cref="IpProtocols"/>).</summary>
    public byte NextHeader
    {
        get => _bytes[6];
        set => _bytes[6] = value;
    }

    /// <summary>Routers that the packet may still pass.</summary>
    public byte HopLimit
    {
        get => _bytes[7];
        set => _bytes[7] = value;
    }

    /// <summary>Source address in host order.</summary>
    public UInt128 SourceAddress
    {
        get => BinaryPrimitives.ReadUInt128BigEndian(_bytes[8..]);
        set => BinaryPrimitives.WriteUInt128BigEndian(_bytes[8..], value);
    }

    /// <summary>Destination address in host order.</summary>
    public UInt128 DestinationAddress
    {
        get => BinaryPrimitives.ReadUInt128BigEndian(_bytes[24..]);
        set => BinaryPrimitives.WriteUInt128BigEndian(_bytes[24..], value);
    }

    /// <summary>The bytes behind the header up to the payload length; what there is of them in a bad header.</summary>
    public Span<byte> Payload => _bytes.Slice(Size, Math.Min(PayloadLength, _bytes.Length - Size));

    private uint FirstWord
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(_bytes);
        set => BinaryPrimitives.WriteUInt32BigEndian(_bytes, value);
    }

    /// <summary>
    /// Lays the view over <paramref name="packet"/>. False unless the version is 6 and the payload is all there. Jumbograms (RFC 2675)
    /// are read as empty.
    /// </summary>
    public static bool TryParse(Span<byte> packet, out Ipv6Header header) =>
        TryOverlay(packet, out header) && header.Version == 6 && header.PayloadLength <= packet.Length - Size;

    /// <summary>
    /// Lays the view over 40 bytes or more without looking at them, to check or to write them. False when there are fewer.
    /// </summary>
    public static bool TryOverlay(Span<byte> packet, out Ipv6Header header)
    {
        header = new Ipv6Header(packet);
        return packet.Length >= Size;
    }
}
