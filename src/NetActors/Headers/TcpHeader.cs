using System.Buffers.Binary;

namespace NetActors.Headers;

/// <summary>A TCP header (RFC 9293 section 3.1) seen over a segment; copies and owns nothing (kernel: <c>struct tcphdr</c>).</summary>
public readonly ref struct TcpHeader
{
    /// <summary>Size of a header without options in bytes.</summary>
    public const int Size = 20;

    /// <summary>Size of the longest header in bytes.</summary>
    public const int MaxSize = 60;

    private readonly Span<byte> _bytes;

    private TcpHeader(Span<byte> bytes) => _bytes = bytes;

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

    /// <summary>Number of the first payload byte, or of the SYN (kernel: <c>seq</c>).</summary>
    public uint Sequence
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(_bytes[4..]);
        set => BinaryPrimitives.WriteUInt32BigEndian(_bytes[4..], value);
    }

    /// <summary>Number of the next byte that the sender expects (kernel: <c>ack_seq</c>).</summary>
    public uint Acknowledgment
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(_bytes[8..]);
        set => BinaryPrimitives.WriteUInt32BigEndian(_bytes[8..], value);
    }

    /// <summary>Header length in 32-bit words, 5 to 15 in a good header (kernel: <c>doff</c>).</summary>
    public byte DataOffset
    {
        get => (byte)(_bytes[12] >> 4);
        set => _bytes[12] = (byte)((_bytes[12] & 0x0F) | value << 4);
    }

    /// <summary>Header length in bytes, as the sender wrote it (kernel: <c>tcp_hdrlen</c>).</summary>
    public int HeaderLength => DataOffset * 4;

    /// <summary>The control bits; the three reserved ones are neither read nor written.</summary>
    public TcpFlags Flags
    {
        get => (TcpFlags)(BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]) & 0x01FF);
        set => BinaryPrimitives.WriteUInt16BigEndian(
            _bytes[12..], (ushort)((BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]) & 0xFE00) | ((ushort)value & 0x01FF)));
    }

    /// <summary>Receive window in bytes, before scaling.</summary>
    public ushort Window
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[14..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[14..], value);
    }

    /// <summary>Checksum as the sender wrote it.</summary>
    public ushort Checksum
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[16..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[16..], value);
    }

    /// <summary>Where urgent data ends, in bytes from <see cref="Sequence"/>.</summary>
    public ushort UrgentPointer
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(_bytes[18..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[18..], value);
    }

    /// <summary>Option bytes, read with <see cref="TcpOptions.Parse"/>; what there is of them in a bad header.</summary>
    public Span<byte> Options => _bytes[Size..DataStart];

    /// <summary>The bytes behind the header.</summary>
    public Span<byte> Payload => _bytes[DataStart..];

    private int DataStart => Math.Clamp(HeaderLength, Size, _bytes.Length);

    /// <summary>
    /// Lays the view over <paramref name="segment"/>, which ends where the IP payload ends. False when the header does not fit.
    /// </summary>
    public static bool TryParse(Span<byte> segment, out TcpHeader header) =>
        TryOverlay(segment, out header) && header.DataOffset >= 5 && header.HeaderLength <= segment.Length;

    /// <summary>
    /// Lays the view over 20 bytes or more without looking at them, to check or to write them. False when there are fewer.
    /// </summary>
    public static bool TryOverlay(Span<byte> segment, out TcpHeader header)
    {
        header = new TcpHeader(segment);
        return segment.Length >= Size;
    }

    /// <summary>True when the segment over IPv4 sums up to its checksum. Addresses in host order.</summary>
    public bool IsChecksumValid(uint source, uint destination) => InternetChecksum.IsValid(_bytes, Pseudo(source, destination));

    /// <summary>True when the segment over IPv6 sums up to its checksum. Addresses in host order.</summary>
    public bool IsChecksumValid(UInt128 source, UInt128 destination) => InternetChecksum.IsValid(_bytes, Pseudo(source, destination));

    /// <summary>Writes the checksum of the segment over IPv4 as it stands. Addresses in host order.</summary>
    public void FillChecksum(uint source, uint destination) => Fill(Pseudo(source, destination));

    /// <summary>Writes the checksum of the segment over IPv6 as it stands. Addresses in host order.</summary>
    public void FillChecksum(UInt128 source, UInt128 destination) => Fill(Pseudo(source, destination));

    private uint Pseudo(uint source, uint destination) =>
        InternetChecksum.PseudoHeader(source, destination, IpProtocols.Tcp, _bytes.Length);

    private uint Pseudo(UInt128 source, UInt128 destination) =>
        InternetChecksum.PseudoHeader(source, destination, IpProtocols.Tcp, _bytes.Length);

    private void Fill(uint pseudo)
    {
        Checksum = 0;
        Checksum = InternetChecksum.Fold(InternetChecksum.Partial(_bytes, pseudo));
    }
}
