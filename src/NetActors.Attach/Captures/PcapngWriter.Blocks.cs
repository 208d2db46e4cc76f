using NetActors.Links;
using NetActors.Time;

namespace NetActors.Attach;

/// <content>The blocks' contents (sections 4.1, 4.3 and 4.6).</content>
public sealed partial class PcapngWriter
{
    private void WriteSectionHeader()
    {
        _buffer.Begin(PcapngBlockType.SectionHeader);
        _buffer.U32(PcapngBlockType.ByteOrderMagic);
        _buffer.U16(1);
        _buffer.U16(0);
        _buffer.U64(ulong.MaxValue); // length of the section: not said, since the file is written forwards
        _buffer.Option(PcapngOption.SectionHardware, "emulated host"u8);
        _buffer.Option(PcapngOption.SectionOs, "NetActors, virtual time"u8);
        _buffer.Option(PcapngOption.SectionApplication, "NetActors"u8);
        _buffer.EndOfOptions();
        _buffer.End();
    }

    private void WriteOptions(in PcapngPacket packet, ulong unseenDrops)
    {
        var start = _buffer.Length;
        var cpu = _comments.Cpu(packet.Cpu);
        var drop = _comments.Drop(packet.DropReason, afterCpu: !cpu.IsEmpty);
        if (cpu.Length + drop.Length > 0) _buffer.Option(PcapngOption.Comment, cpu, drop);
        if (packet.Direction != CaptureDirection.Unknown) _buffer.Option32(PcapngOption.PacketFlags, (uint)packet.Direction);
        if (unseenDrops > 0) _buffer.Option64(PcapngOption.PacketDropCount, unseenDrops);
        if (packet.PacketId >= 0) _buffer.Option64(PcapngOption.PacketId, (ulong)packet.PacketId);
        if (packet.Queue >= 0) _buffer.Option32(PcapngOption.PacketQueue, (uint)packet.Queue);
        if (_buffer.Length > start) _buffer.EndOfOptions();
    }

    private void WriteStatistics(int interfaceId)
    {
        var counts = _interfaces[interfaceId];
        _buffer.Begin(PcapngBlockType.InterfaceStatistics);
        _buffer.U32((uint)interfaceId);
        _buffer.Timestamp((ulong)_last.Nanoseconds);
        WriteTimeOption(PcapngOption.StatisticsStartTime, KernelTime.Min(_first, _last));
        WriteTimeOption(PcapngOption.StatisticsEndTime, _last);
        _buffer.Option64(PcapngOption.StatisticsReceived, counts.Received);
        _buffer.Option64(PcapngOption.StatisticsInterfaceDrops, counts.InterfaceDrops);
        _buffer.Option64(PcapngOption.StatisticsSystemDrops, counts.SystemDrops);
        _buffer.Option64(PcapngOption.StatisticsDelivered, counts.Delivered);
        _buffer.EndOfOptions();
        _buffer.End();
    }

    private void WriteTimeOption(ushort code, KernelTime time)
    {
        _buffer.U16(code);
        _buffer.U16(8);
        _buffer.Timestamp((ulong)time.Nanoseconds);
    }
}
