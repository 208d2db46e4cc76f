using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>An ICMPv6 message (RFC 4443) seen over its bytes; copies and owns nothing (kernel: <c>struct icmp6hdr</c>).</summary>
public readonly ref struct Icmpv6Header
{
    /// <summary>Size of the header in bytes.</summary>
    public const int Size = 8;

    private readonly Span<byte> _bytes;

    private Icmpv6Header(Span<byte> bytes) => _bytes = bytes;

    /// <summary>What the message says (<see cref="Icmpv6Types"/>).</summary>
    public byte Type
    {
        get => _bytes[0];
        set => _bytes[0] = value;
    }

    /// <summary>What it says more exactly.</summary>
    public byte Code
    {
        get => _bytes[1];
        set => _bytes[1] = value;
    }

    /// <summary>Checksum over pseudo-header and message, as the sender wrote it.</summary>
    public ushort Checksum
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[2..], value);
    }

    /// <summary>The four bytes whose meaning the type gives: MTU of a packet too big, pointer of a parameter problem.</summary>
    public uint RestOfHeader
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);
        set => BinaryPrimitives.WriteUInt32BigEndian(_bytes[4..], value);
    }

    /// <summary>Echo: which program asks.</summary>
    public ushort Identifier
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[4..], value);
    }

    /// <summary>Echo: which request of that program.</summary>
    public ushort Sequence
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[6..], value);
    }

    /// <summary>The bytes behind the header.</summary>
    public Span<byte> Payload => _bytes[Size..];

    /// <summary>
    /// Lays the view over <paramref name="message"/>, which ends where the IP payload ends. False when shorter than 8 bytes.
    /// </summary>
    public static bool TryParse(Span<byte> message, out Icmpv6Header header)
    {
        header = new Icmpv6Header(message);
        return message.Length >= Size;
    }

    /// <summary>True when pseudo-header and message sum up to the checksum (RFC 4443 section 2.3). Addresses in host order.</summary>
    public bool IsChecksumValid(UInt128 source, UInt128 destination) =>
        InternetChecksum.IsValid(_bytes, InternetChecksum.PseudoHeader(source, destination, IpProtocols.Icmpv6, _bytes.Length));

    /// <summary>Writes the checksum of the message as it stands. Addresses in host order.</summary>
    public void FillChecksum(UInt128 source, UInt128 destination)
    {
        Checksum = 0;
        var pseudo = InternetChecksum.PseudoHeader(source, destination, IpProtocols.Icmpv6, _bytes.Length);
        Checksum = InternetChecksum.Fold(InternetChecksum.Partial(_bytes, pseudo));
    }
}
