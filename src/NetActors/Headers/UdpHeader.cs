using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>A UDP header (RFC 768) seen over the bytes of a packet; copies and owns nothing (kernel: <c>struct udphdr</c>).</summary>
public readonly ref struct UdpHeader
{
    /// <summary>Size of the header in bytes.</summary>
    public const int Size = 8;

    private readonly Span<byte> _bytes;

    private UdpHeader(Span<byte> bytes) => _bytes = bytes;

    /// <summary>The sender's port.</summary>
    public ushort SourcePort
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes, value);
    }

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[2..], value);
    }

    /// <summary>Header plus payload in bytes, as the sender wrote it.</summary>
    public ushort Length
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[4..], value);
    }

    /// <summary>Checksum as the sender wrote it; over IPv4, 0 means that there is none.</summary>
    public ushort Checksum
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[6..], value);
    }

    /// <summary>The bytes behind the header up to the length; what there is of them in a bad header.</summary>
    public Span<byte> Payload => Datagram[Size..];

    private Span<byte> Datagram => _bytes[..Math.Clamp(Length, Size, _bytes.Length)];

    /// <summary>Lays the view over <paramref name="datagram"/>. False when it is too short for its own length field.</summary>
    public static bool TryParse(Span<byte> datagram, out UdpHeader header) =>
        TryOverlay(datagram, out header) && header.Length >= Size && header.Length <= datagram.Length;

    /// <summary>
    /// Lays the view over 8 bytes or more without looking at them, to check or to write them. False when there are fewer.
    /// </summary>
    public static bool TryOverlay(Span<byte> datagram, out UdpHeader header)
    {
        header = new UdpHeader(datagram);
        return datagram.Length >= Size;
    }

    /// <summary>True when the datagram over IPv4 sums up to its checksum or has none. Addresses in host order.</summary>
    public bool IsChecksumValid(uint source, uint destination) =>
        Checksum == 0 || InternetChecksum.IsValid(Datagram, Pseudo(source, destination));

    /// <summary>
    /// True when the datagram over IPv6 has a checksum and sums up to it (RFC 8200 section 8.1). Addresses in host order.
    /// </summary>
    public bool IsChecksumValid(UInt128 source, UInt128 destination) =>
        Checksum != 0 && InternetChecksum.IsValid(Datagram, Pseudo(source, destination));

    /// <summary>Writes the checksum of the datagram over IPv4 as it stands. Addresses in host order.</summary>
    public void FillChecksum(uint source, uint destination) => Fill(Pseudo(source, destination));

    /// <summary>Writes the checksum of the datagram over IPv6 as it stands. Addresses in host order.</summary>
    public void FillChecksum(UInt128 source, UInt128 destination) => Fill(Pseudo(source, destination));

    private uint Pseudo(uint source, uint destination) =>
        InternetChecksum.PseudoHeader(source, destination, IpProtocols.Udp, Datagram.Length);

    private uint Pseudo(UInt128 source, UInt128 destination) =>
        InternetChecksum.PseudoHeader(source, destination, IpProtocols.Udp, Datagram.Length);

    private void Fill(uint pseudo)
    {
        Checksum = 0;
        var checksum = InternetChecksum.Fold(InternetChecksum.Partial(Datagram, pseudo));
        Checksum = checksum == 0 ? (ushort)0xFFFF : checksum; // 0 says that there is none (CSUM_MANGLED_0)
    }
}
