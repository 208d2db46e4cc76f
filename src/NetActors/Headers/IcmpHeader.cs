using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>An ICMP message (RFC 792) seen over its bytes; copies and owns nothing (kernel: <c>struct icmphdr</c>).</summary>
public readonly ref struct IcmpHeader
{
    /// <summary>Size of the header in bytes.</summary>
    public const int Size = 8;

    private readonly Span<byte> _bytes;

    private IcmpHeader(Span<byte> bytes) => _bytes = bytes;

    /// <summary>What the message says (<see cref="IcmpTypes"/>).</summary>
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

    /// <summary>Checksum over the whole message, as the sender wrote it.</summary>
    public ushort Checksum
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[2..], value);
    }

    /// <summary>The four bytes whose meaning the type gives (kernel: the union <c>un</c>); a redirect's gateway address.</summary>
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

    /// <summary>Fragmentation needed: bytes that the next hop can send (RFC 1191 section 4).</summary>
    public ushort NextHopMtu
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[6..], value);
    }

    /// <summary>Parameter problem: offset of the byte at fault in the packet that is sent back.</summary>
    public byte Pointer
    {
        get => _bytes[4];
        set => _bytes[4] = value;
    }

    /// <summary>The bytes behind the header: echo data, or the packet at fault.</summary>
    public Span<byte> Payload => _bytes[Size..];

    /// <summary>True when the message sums up to its checksum.</summary>
    public bool IsChecksumValid => InternetChecksum.IsValid(_bytes);

    /// <summary>
    /// Lays the view over <paramref name="message"/>, which ends where the IP payload ends. False when shorter than 8 bytes.
    /// </summary>
    public static bool TryParse(Span<byte> message, out IcmpHeader header)
    {
        header = new IcmpHeader(message);
        return message.Length >= Size;
    }

    /// <summary>Writes the checksum of the message as it stands.</summary>
    public void FillChecksum()
    {
        Checksum = 0;
        Checksum = InternetChecksum.Compute(_bytes);
    }
}
