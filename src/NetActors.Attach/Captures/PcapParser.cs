namespace NetActors.Attach;

/// <summary>Reads the classic format (draft-ietf-opsawg-pcap), in both byte orders, with microseconds or nanoseconds.</summary>
internal sealed class PcapParser(CaptureInput input, CaptureLimits limits) : CaptureParser(input, limits)
{
    /// <summary>Timestamps in microseconds.</summary>
    public const uint MagicMicroseconds = 0xA1B2C3D4;

    /// <summary>Timestamps in nanoseconds.</summary>
    public const uint MagicNanoseconds = 0xA1B23C4D;

    private const int HeaderSize = 24;
    private const int RecordHeaderSize = 16;

    private ByteOrder _order;
    private uint _unit; // nanoseconds

    /// <summary>True when the file begins as this format does.</summary>
    public static bool IsMagic(ReadOnlySpan<byte> bytes)
    {
        var (little, big) = (new ByteOrder(false).U32(bytes), new ByteOrder(true).U32(bytes));
        return little is MagicMicroseconds or MagicNanoseconds || big is MagicMicroseconds or MagicNanoseconds;
    }

    public override bool TryRead(out CaptureRecord record)
    {
        record = default;
        if (_unit == 0 && !TryReadHeader()) return false;

        var start = Input.Offset;
        var got = Input.Read(Buffer.AsSpan(0, RecordHeaderSize));
        if (got == 0 && Input.Failure is null) return false;
        if (got < RecordHeaderSize) return FailShort(start, "packet record header", got, RecordHeaderSize);

        var seconds = _order.U32(Buffer);
        var fraction = _order.U32(Buffer.AsSpan(4));
        var captured = _order.U32(Buffer.AsSpan(8));
        var original = _order.U32(Buffer.AsSpan(12));
        if (captured > Limits.MaxBlockBytes)
            return Fail(CaptureFaultKind.BadLength, start, $"captured length {captured} is above the reader's limit {Limits.MaxBlockBytes}");

        Reserve((int)captured);
        got = Input.Read(Buffer.AsSpan(0, (int)captured));
        if (got < captured) return FailShort(start, "packet", got, captured);

        // A fraction of a second or more is damage, but a harmless one: libpcap adds it as well.
        var (since, absolute) = Stamp((seconds * 1_000_000_000L) + (fraction * (long)_unit));
        record = new CaptureRecord
        {
            Time = since,
            UnixNanoseconds = absolute,
            HasTimestamp = true,
            Data = Buffer.AsMemory(0, (int)captured),
            OriginalLength = Clamp(original),
            FileOffset = start,
        };
        return true;
    }

    private bool TryReadHeader()
    {
        var header = Buffer.AsSpan(0, HeaderSize);
        var got = Input.Read(header);
        if (got < HeaderSize) return FailShort(0, "file header", got, HeaderSize);

        var isBig = new ByteOrder(true).U32(header) is MagicMicroseconds or MagicNanoseconds;
        _order = new ByteOrder(isBig);
        var (major, minor) = (_order.U16(header[4..]), _order.U16(header[6..]));
        if (major != 2) return Fail(CaptureFaultKind.BadVersion, 4, $"version {major}.{minor} of the classic format is not known, only 2.x");

        // The time zone and accuracy at 8 and 12 are always zero in practice and ignored by libpcap.
        var isNano = _order.U32(header) == MagicNanoseconds;
        var network = _order.U32(header[20..]);
        var fcsBytes = (network & 0x0400_0000) != 0 ? (int)(network >> 28) * 2 : 0; // bit 26: the top four bits count 16-bit words
        var resolution = isNano ? TimestampResolution.Nanoseconds : TimestampResolution.Microseconds;
        var captured = new CaptureInterface(0, "", (int)(network & 0x03FF_FFFF), _order.U32(header[16..]), resolution, 0, fcsBytes);
        if (!TryAddInterface(captured, 20) || !CheckLinkType(captured, 20)) return false;
        _unit = isNano ? 1u : 1000u;
        return true;
    }
}
