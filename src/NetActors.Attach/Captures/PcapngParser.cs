namespace NetActors.Attach;

/// <summary>
/// Reads the block format (draft-ietf-opsawg-pcapng): any number of sections, each in its own byte order. Blocks without packets
/// or interfaces (names, statistics, secrets, custom) are checked for their length and passed over.
/// </summary>
internal sealed partial class PcapngParser(CaptureInput input, CaptureLimits limits) : CaptureParser(input, limits)
{
    private const int MinBlockBytes = 12; // type, length, length again

    private ByteOrder _order;
    private int _sectionBase; // number of the section's first interface within the file

    public override bool TryRead(out CaptureRecord record)
    {
        record = default;
        while (TryReadBlock(out var start, out var type, out var length))
        {
            var block = Buffer.AsMemory(0, length);
            switch (type)
            {
                case PcapngBlockType.SectionHeader:
                    if (!BeginSection(block.Span, start)) return false;
                    break;
                case PcapngBlockType.InterfaceDescription:
                    if (!AddInterface(block.Span, start)) return false;
                    break;
                case PcapngBlockType.EnhancedPacket:
                case PcapngBlockType.ObsoletePacket:
                    return TryParsePacket(block, type, start, out record);
                case PcapngBlockType.SimplePacket:
                    return TryParseSimplePacket(block, start, out record);
                default:
                    break;
            }
        }

        return false;
    }

    /// <summary>Reads a whole block into the buffer and checks its frame (section 3.1). False at the end and at a fault.</summary>
    private bool TryReadBlock(out long start, out uint type, out int length)
    {
        (start, type, length) = (Input.Offset, 0, 0);
        var got = Input.Read(Buffer.AsSpan(0, MinBlockBytes));
        if (got == 0 && Input.Failure is null) return false;
        if (got < MinBlockBytes) return FailShort(start, "block header", got, MinBlockBytes);

        type = new ByteOrder(false).U32(Buffer);
        if (type == PcapngBlockType.SectionHeader) // reads the same both ways; says the order of everything after it
        {
            if (!SetByteOrder(start)) return false;
        }
        else
        {
            type = _order.U32(Buffer);
        }

        var total = _order.U32(Buffer.AsSpan(4));
        if (total < MinBlockBytes || total % 4 != 0)
            return Fail(CaptureFaultKind.BadLength, start, $"block length {total} is not a multiple of 4 from {MinBlockBytes} on");
        if (total > Limits.MaxBlockBytes)
            return Fail(CaptureFaultKind.BadLength, start, $"block length {total} is above the reader's limit {Limits.MaxBlockBytes}");

        length = (int)total;
        Reserve(length);
        got += Input.Read(Buffer.AsSpan(MinBlockBytes, length - MinBlockBytes));
        if (got < length) return FailShort(start, "block", got, length);

        var again = _order.U32(Buffer.AsSpan(length - 4));
        return again == total
            || Fail(CaptureFaultKind.BadLength, start, $"block length {total} at its begin is {again} at its end");
    }

    private bool SetByteOrder(long start)
    {
        var magic = Buffer.AsSpan(8);
        var isBig = new ByteOrder(true).U32(magic) == PcapngBlockType.ByteOrderMagic;
        if (!isBig && new ByteOrder(false).U32(magic) != PcapngBlockType.ByteOrderMagic)
            return Fail(CaptureFaultKind.BadMagic, start, "a section header without byte-order magic");
        _order = new ByteOrder(isBig);
        return true;
    }

    private bool BeginSection(ReadOnlySpan<byte> block, long start)
    {
        if (block.Length < 28)
            return Fail(CaptureFaultKind.BadLength, start, $"a section header of {block.Length} bytes is shorter than 28");
        var (major, minor) = (_order.U16(block[12..]), _order.U16(block[14..]));
        _sectionBase = Interfaces.Count;
        return major == 1
            || Fail(CaptureFaultKind.BadVersion, start, $"version {major}.{minor} of pcapng is not known, only 1.x");
    }
}
