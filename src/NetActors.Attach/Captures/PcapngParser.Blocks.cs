using System.Text;
using NetActors.Links;

namespace NetActors.Attach;

/// <content>The blocks that describe interfaces and hold packets (sections 4.2 to 4.4 and appendix A).</content>
internal sealed partial class PcapngParser
{
    private const int MaxNameBytes = 256;
    private const int PacketDataOffset = 28; // the same in enhanced and obsolete packet blocks
    private const int SimplePacketDataOffset = 12;

    private bool AddInterface(ReadOnlySpan<byte> block, long start)
    {
        if (block.Length < 20)
            return Fail(CaptureFaultKind.BadLength, start, $"an interface description of {block.Length} bytes is shorter than 20");

        var (name, resolution, offsetSeconds, fcsBytes) = ("", TimestampResolution.Microseconds, 0L, 0);
        var option = new PcapngOptionReader(block[16..^4], _order);
        while (option.MoveNext())
        {
            switch (option.Code)
            {
                case PcapngOption.InterfaceName:
                    name = Encoding.UTF8.GetString(option.Value[..Math.Min(option.Value.Length, MaxNameBytes)]);
                    break;
                case PcapngOption.InterfaceResolution when option.HasLength(1):
                    resolution = new TimestampResolution(option.Value[0]);
                    break;
                case PcapngOption.InterfaceFcsLength when option.HasLength(1):
                    // Bits by the draft, bytes by what many write: no check sequence has four bits or 32 bytes.
                    fcsBytes = option.Value[0] % 8 == 0 ? option.Value[0] / 8 : option.Value[0];
                    break;
                case PcapngOption.InterfaceOffset when option.HasLength(8):
                    offsetSeconds = (long)_order.U64(option.Value);
                    break;
                default:
                    break;
            }
        }

        if (option.Fault is { } fault) return Fail(CaptureFaultKind.BadOption, start, fault);
        var (linkType, snapLength) = (_order.U16(block[8..]), _order.U32(block[12..]));
        return TryAddInterface(
            new CaptureInterface(Interfaces.Count, name, linkType, snapLength, resolution, offsetSeconds, fcsBytes), start);
    }

    private bool TryParsePacket(ReadOnlyMemory<byte> block, uint type, long start, out CaptureRecord record)
    {
        record = default;
        var bytes = block.Span;
        if (bytes.Length < PacketDataOffset + 4)
            return Fail(CaptureFaultKind.BadLength, start, $"a packet block of {bytes.Length} bytes is shorter than 32");

        var isObsolete = type == PcapngBlockType.ObsoletePacket;
        var number = isObsolete ? _order.U16(bytes[8..]) : _order.U32(bytes[8..]);
        if (!TryFindInterface(number, start, out var captured)) return false;

        var ticks = ((ulong)_order.U32(bytes[12..]) << 32) | _order.U32(bytes[16..]);
        var length = _order.U32(bytes[20..]);
        var room = bytes.Length - PacketDataOffset - 4;
        if (length > room)
            return Fail(CaptureFaultKind.BadLength, start, $"captured length {length} is more than the {room} bytes in the block");

        var (since, absolute) = Stamp(captured.Resolution.ToUnixNanoseconds(ticks, captured.OffsetSeconds));
        uint drops = isObsolete ? _order.U16(bytes[10..]) : (ushort)0;
        record = new CaptureRecord
        {
            InterfaceIndex = captured.Index,
            Time = since,
            UnixNanoseconds = absolute,
            HasTimestamp = true,
            Data = block.Slice(PacketDataOffset, (int)length),
            OriginalLength = Clamp(_order.U32(bytes[24..])),
            DropCount = drops == ushort.MaxValue ? 0 : drops, // all ones: not known
            FileOffset = start,
        };
        return TryParseOptions(block[(PacketDataOffset + (((int)length + 3) & ~3))..^4], start, ref record);
    }

    private bool TryParseOptions(ReadOnlyMemory<byte> options, long start, ref CaptureRecord record)
    {
        var option = new PcapngOptionReader(options.Span, _order);
        while (option.MoveNext())
        {
            record = option.Code switch
            {
                PcapngOption.Comment when record.CommentUtf8.IsEmpty =>
                    record with { CommentUtf8 = options.Slice(option.ValueOffset, option.Value.Length) },
                PcapngOption.PacketFlags when option.HasLength(4) =>
                    record with { Direction = ToDirection(_order.U32(option.Value)) },
                PcapngOption.PacketDropCount when option.HasLength(8) => record with { DropCount = _order.U64(option.Value) },
                PcapngOption.PacketId when option.HasLength(8) => record with { PacketId = (long)_order.U64(option.Value) },
                PcapngOption.PacketQueue when option.HasLength(4) => record with { Queue = _order.U32(option.Value) },
                _ => record,
            };
        }

        if (option.Fault is not { } fault) return true;
        record = default;
        return Fail(CaptureFaultKind.BadOption, start, fault);
    }

    private bool TryParseSimplePacket(ReadOnlyMemory<byte> block, long start, out CaptureRecord record)
    {
        record = default;
        if (block.Length < SimplePacketDataOffset + 4)
            return Fail(CaptureFaultKind.BadLength, start, $"a simple packet block of {block.Length} bytes is shorter than 16");
        if (!TryFindInterface(0, start, out var captured)) return false;

        // The block does not say how much was captured: all of the packet, or as much as the interface's snap length lets through.
        var original = _order.U32(block.Span[8..]);
        var length = captured.SnapLength == 0 ? original : Math.Min(original, captured.SnapLength);
        var room = block.Length - SimplePacketDataOffset - 4;
        if (length > room)
            return Fail(CaptureFaultKind.BadLength, start, $"captured length {length} is more than the {room} bytes in the block");

        var (since, absolute) = Stamp(null);
        record = new CaptureRecord
        {
            InterfaceIndex = captured.Index,
            Time = since,
            UnixNanoseconds = absolute,
            Data = block.Slice(SimplePacketDataOffset, (int)length),
            OriginalLength = Clamp(original),
            FileOffset = start,
        };
        return true;
    }

    private bool TryFindInterface(uint number, long start, out CaptureInterface captured)
    {
        var inSection = Interfaces.Count - _sectionBase;
        captured = number < inSection ? Interfaces[_sectionBase + (int)number] : null!;
        return captured is null
            ? Fail(CaptureFaultKind.BadInterface, start, $"the packet names interface {number}, the section has described {inSection}")
            : CheckLinkType(captured, start);
    }

    private static CaptureDirection ToDirection(uint flags) =>
        (flags & 3) is 1 or 2 ? (CaptureDirection)(flags & 3) : CaptureDirection.Unknown;
}
