using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>An IPv4 header (RFC 791) seen over the bytes of a packet; copies and owns nothing (kernel: <c>struct iphdr</c>).</summary>
public readonly ref struct Ipv4Header
{
    /// <summary>Size of a header without options in bytes.</summary>
    public const int Size = 20;

    /// <summary>Size of the longest header in bytes.</summary>
    public const int MaxSize = 60;

    private const ushort DontFragmentBit = 0x4000;
    private const ushort MoreFragmentsBit = 0x2000;
    private const ushort OffsetMask = 0x1FFF;

    private readonly Span<byte> _bytes;

    private Ipv4Header(Span<byte> bytes) => _bytes = bytes;

    /// <summary>IP version, 4 in a good header.</summary>
    public byte Version
    {
        get => (byte)(_bytes[0] >> 4);
        set => _bytes[0] = (byte)((_bytes[0] & 0x0F) | value << 4);
    }

    /// <summary>Header length in 32-bit words, 5 to 15 in a good header.</summary>
    public byte Ihl
    {
        get => (byte)(_bytes[0] & 0x0F);
        set => _bytes[0] = (byte)((_bytes[0] & 0xF0) | (value & 0x0F));
    }

    /// <summary>Header length in bytes, as the sender wrote it (kernel: <c>ip_hdrlen</c>).</summary>
    public int HeaderLength => Ihl * 4;

    /// <summary>Type of service octet: <see cref="Dscp"/> and <see cref="Ecn"/>.</summary>
    public byte Tos
    {
        get => _bytes[1];
        set => _bytes[1] = value;
    }

    /// <summary>Differentiated services code point, 0 to 63 (RFC 2474).</summary>
    public byte Dscp
    {
        get => (byte)(_bytes[1] >> 2);
        set => _bytes[1] = (byte)((_bytes[1] & 3) | value << 2);
    }

    /// <summary>ECN field: 0 not capable, 1 ECT(1), 2 ECT(0), 3 congestion experienced (RFC 3168).</summary>
    public byte Ecn
    {
        get => (byte)(_bytes[1] & 3);
        set => _bytes[1] = (byte)((_bytes[1] & 0xFC) | (value & 3));
    }

    /// <summary>Header and payload in bytes, as the sender wrote it.</summary>
    public ushort TotalLength
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[2..], value);
    }

    /// <summary>Identification, the same in all fragments of a datagram.</summary>
    public ushort Id
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[4..], value);
    }

    /// <summary>Don't fragment (<c>IP_DF</c>).</summary>
    public bool DontFragment
    {
        get => (FlagsAndOffset & DontFragmentBit) != 0;
        set => FlagsAndOffset = (ushort)(value ? FlagsAndOffset | DontFragmentBit : FlagsAndOffset & ~DontFragmentBit);
    }

    /// <summary>More fragments follow (<c>IP_MF</c>).</summary>
    public bool MoreFragments
    {
        get => (FlagsAndOffset & MoreFragmentsBit) != 0;
        set => FlagsAndOffset = (ushort)(value ? FlagsAndOffset | MoreFragmentsBit : FlagsAndOffset & ~MoreFragmentsBit);
    }

    /// <summary>Where the fragment belongs in the datagram, in bytes; a setter's value is rounded down to a multiple of 8.</summary>
    public int FragmentOffset
    {
        get => (FlagsAndOffset & OffsetMask) * 8;
        set => FlagsAndOffset = (ushort)((FlagsAndOffset & ~OffsetMask) | (value >> 3 & OffsetMask));
    }

    /// <summary>True for every fragment, the first included (kernel: <c>ip_is_fragment</c>).</summary>
    public bool IsFragment => (FlagsAndOffset & (MoreFragmentsBit | OffsetMask)) != 0;

    /// <summary>The raw flags and offset field (kernel: <c>frag_off</c>).</summary>
    public ushort FlagsAndOffset
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[6..], value);
    }

    /// <summary>Routers that the packet may still pass.</summary>
    public byte Ttl
    {
        get => _bytes[8];
        set => _bytes[8] = value;
    }

    /// <summary>What follows (<see cref="IpProtocols"/>).</summary>
    public byte Protocol
    {
        get => _bytes[9];
        set => _bytes[9] = value;
    }

    /// <summary>Header checksum as the sender wrote it.</summary>
    public ushort Checksum
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[10..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[10..], value);
    }

    /// <summary>Source address in host order.</summary>
    public uint SourceAddress
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(_bytes[12..]);
        set => BinaryPrimitives.WriteUInt32BigEndian(_bytes[12..], value);
    }

    /// <summary>Destination address in host order.</summary>
    public uint DestinationAddress
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(_bytes[16..]);
        set => BinaryPrimitives.WriteUInt32BigEndian(_bytes[16..], value);
    }

    /// <summary>Option bytes, read with <see cref="Ipv4Options"/>; what there is of them in a bad header.</summary>
    public Span<byte> Options => Present[Size..];

    /// <summary>The bytes behind the header up to the total length, link padding excluded; what there is of them in a bad header.</summary>
    public Span<byte> Payload
    {
        get
        {
            var start = Math.Clamp(HeaderLength, Size, _bytes.Length);
            return _bytes[start..Math.Clamp(TotalLength, start, _bytes.Length)];
        }
    }

    /// <summary>True when the header sums up to its checksum (kernel: <c>ip_fast_csum</c>).</summary>
    public bool IsChecksumValid => InternetChecksum.IsValid(Present);

    private Span<byte> Present => _bytes[..Math.Clamp(HeaderLength, Size, _bytes.Length)];

    /// <summary>
    /// Lays the view over <paramref name="packet"/>. False unless version, header length and total length fit each other and the bytes;
    /// the checksum and the options are not looked at.
    /// </summary>
    public static bool TryParse(Span<byte> packet, out Ipv4Header header) =>
        TryOverlay(packet, out header)
        && header.Version == 4
        && header.Ihl >= 5
        && header.TotalLength >= header.HeaderLength
        && header.TotalLength <= packet.Length;

    /// <summary>
    /// Lays the view over 20 bytes or more without looking at them, to check or to write them. False when there are fewer.
    /// </summary>
    public static bool TryOverlay(Span<byte> packet, out Ipv4Header header)
    {
        header = new Ipv4Header(packet);
        return packet.Length >= Size;
    }

    /// <summary>The checksum that the header should have, whatever it has (RFC 791 section 3.1).</summary>
    public ushort ComputeChecksum() =>
        InternetChecksum.Fold(InternetChecksum.Subtract(InternetChecksum.Partial(Present), Checksum));

    /// <summary>Writes the checksum of the header as it stands (kernel: <c>ip_send_check</c>).</summary>
    public void FillChecksum()
    {
        Checksum = 0;
        Checksum = InternetChecksum.Compute(Present);
    }

    /// <summary>Takes one from a time to live above 0 and adjusts the checksum (RFC 1141; kernel: <c>ip_decrease_ttl</c>).</summary>
    public void DecreaseTtl()
    {
        var sum = (uint)Checksum + 0x0100;
        Checksum = (ushort)(sum + (sum >= 0xFFFF ? 1u : 0u));
        Ttl--;
    }
}
