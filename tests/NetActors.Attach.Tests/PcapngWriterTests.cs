using CsCheck;
using NetActors.Buffers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Attach.Tests;

public sealed class PcapngWriterTests
{
    private static readonly byte[] Arp = Convert.FromHexString(
        "FFFFFFFFFFFF020000000101080600010800060400010200000001" + "01C0000201000000000000C00002FE");

    private static readonly SkbDropReason[] Reasons =
        [SkbDropReason.NOT_DROPPED_YET, SkbDropReason.CONSUMED, SkbDropReason.NO_SOCKET, SkbDropReason.WIRE_LOSS];

    [TsharkFact]
    public void Tshark_reads_every_field_and_finds_nothing_malformed()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Sample());
            var lines = Tshark.Fields(
                path, "frame.number", "frame.time_epoch", "frame.interface_name", "frame.cap_len", "frame.len", "frame.comment",
                "frame.packet_flags", "frame.drop_count", "frame.packet_id", "frame.interface_queue", "arp.opcode", "_ws.malformed");
            Assert.Equal(
            [
                "1\t0.000001000\thost1/eth0\t42\t42\tcpu 3\t0x00000001\t\t7\t\t1\t",
                "2\t0.000002000\thost2/eth0\t42\t60\tcpu 0, dropped CPU_BACKLOG\t0x00000002\t\t7\t\t1\t",
                "3\t4503599.627370495\thost1/eth0\t42\t42\tdropped HW_FIFO_FULL\t\t5\t\t2\t1\t",
                "4\t4503599.627370496\thost1/eth0\t42\t42\t\t\t\t\t\t1\t",
            ],
            lines);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Same_calls_give_the_same_bytes() => Assert.Equal(Sample(), Sample());

    [Fact]
    public void Whatever_is_written_is_read_back()
    {
        var packets = Gen.Select(
            Gen.Int[0, 1], Gen.Long[0, (1L << 62) - 1], Gen.Byte.Array[0, 300], Gen.Int[0, 2000], Gen.Int[0, 2], Gen.Int[-1, 9],
            Gen.Int[0, 3].Select(i => Reasons[i]),
            Gen.Long[-1, long.MaxValue]);
        Gen.Select(packets.Array[0, 20], Gen.Int[1, 400]).Sample(
            (written, snapLength) =>
            {
                var stream = new MemoryStream();
                using (var writer = new PcapngWriter(stream, snapLength))
                {
                    writer.AddInterface("a", 1);
                    writer.AddInterface("b", 101);
                    foreach (var (id, time, frame, more, direction, cpu, reason, packet) in written)
                    {
                        writer.Write(
                            id, new KernelTime(time), frame, frame.Length + more, (CaptureDirection)direction, cpu, reason, packet);
                    }
                }

                using var reader = CaptureFiles.Over(stream.ToArray());
                var read = CaptureFiles.ReadAll(reader);
                Assert.Equal("", reader.Fault.ToString());
                Assert.Equal(written.Length, read.Count);
                foreach (var ((id, time, frame, more, direction, cpu, reason, packet), record) in written.Zip(read))
                {
                    Assert.Equal(
                        (id, time, frame.Length + more, (CaptureDirection)direction, Comment(cpu, reason), packet < 0 ? null : packet),
                        (record.InterfaceIndex, record.UnixNanoseconds, record.OriginalLength, record.Direction, record.Comment, record.PacketId));
                    Assert.Equal(frame[..Math.Min(frame.Length, snapLength)], record.Data.ToArray());
                }
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public void Unseen_drops_stand_in_the_next_packet_of_their_interface_once()
    {
        var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream))
        {
            writer.AddInterface("a", 1);
            writer.AddInterface("b", 1);
            writer.CountDropped(0, 3);
            writer.CountDropped(0, 2);
            foreach (var id in (int[])[1, 0, 0]) writer.Write(new PcapngPacket(id, KernelTime.Zero, Arp));
        }

        using var reader = CaptureFiles.Over(stream.ToArray());
        Assert.Equal([0ul, 5, 0], CaptureFiles.ReadAll(reader).Select(r => r.DropCount));
    }

    [Fact]
    public void Ten_thousand_packets_are_written_without_allocating()
    {
        using var writer = new PcapngWriter(Stream.Null);
        writer.AddInterface("host1/eth0", 1);
        WriteMany(writer, 2000); // buffer and texts come into being
        var before = GC.GetAllocatedBytesForCurrentThread();
        WriteMany(writer, 10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Full_disk_is_a_fault_and_not_an_exception()
    {
        using var writer = new PcapngWriter(new MemoryStream(new byte[40_000]));
        writer.AddInterface("host1/eth0", 1);
        WriteMany(writer, 2000);
        Assert.Equal(CaptureFaultKind.InputOutput, writer.Fault.Kind);
        Assert.True(writer.LostFrames > 0);
        writer.Complete();
    }

    [Fact]
    public void File_of_a_writer_that_was_never_completed_is_read_up_to_its_last_flush()
    {
        var stream = new MemoryStream();
        var writer = new PcapngWriter(stream);
        writer.AddInterface("host1/eth0", 1);
        writer.Write(new PcapngPacket(0, KernelTime.Zero, Arp));
        writer.Flush();
        using var reader = CaptureFiles.Over(stream.ToArray());
        Assert.Single(CaptureFiles.ReadAll(reader));
        Assert.True(reader.Fault.IsNone);
        writer.Dispose();
    }

    private static void WriteMany(PcapngWriter writer, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var reason = i % 5 == 0 ? SkbDropReason.CPU_BACKLOG : SkbDropReason.NOT_DROPPED_YET;
            writer.Write(0, new KernelTime(i), Arp, Arp.Length, CaptureDirection.Inbound, i % 16, reason, i);
        }
    }

    private static byte[] Sample()
    {
        var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream))
        {
            writer.AddInterface("host1/eth0", 1);
            writer.AddInterface("host2/eth0", 1);
            writer.Write(0, new KernelTime(1000), Arp, 42, CaptureDirection.Inbound, 3, SkbDropReason.NOT_DROPPED_YET, 7);
            writer.Write(1, new KernelTime(2000), Arp, 60, CaptureDirection.Outbound, 0, SkbDropReason.CPU_BACKLOG, 7);
            writer.CountDropped(0, 5);
            var late = new KernelTime(0xFFFFF_FFFF_FFFF);
            writer.Write(new PcapngPacket(0, late, Arp) { DropReason = SkbDropReason.HW_FIFO_FULL, Queue = 2 });
            writer.Write(new PcapngPacket(0, late + new KernelTime(1), Arp));
        }

        return stream.ToArray();
    }

    private static string? Comment(int cpu, SkbDropReason reason) => (cpu, reason) switch
    {
        ( < 0, SkbDropReason.NOT_DROPPED_YET or SkbDropReason.CONSUMED) => null,
        ( < 0, _) => $"dropped {reason}",
        (_, SkbDropReason.NOT_DROPPED_YET or SkbDropReason.CONSUMED) => $"cpu {cpu}",
        _ => $"cpu {cpu}, dropped {reason}",
    };
}
