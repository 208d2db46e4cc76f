namespace NetActors.Attach.Tests;

public sealed class CaptureReaderTests
{
    private static readonly byte[] Data = [1, 2, 3, 4, 5];

    [Theory]
    [InlineData(false, 0xA1B2C3D4u, 7_000_009_000)]
    [InlineData(true, 0xA1B2C3D4u, 7_000_009_000)]
    [InlineData(false, 0xA1B23C4Du, 7_000_000_009)]
    [InlineData(true, 0xA1B23C4Du, 7_000_000_009)]
    public void Classic_file_of_either_order_and_unit_gives_its_packet(bool bigEndian, uint magic, long unixNanoseconds)
    {
        using var reader = CaptureFiles.Over(new CaptureBuilder(bigEndian).PcapHeader(magic, 101).PcapRecord(7, 9, Data, 60).Bytes);
        var record = Assert.Single(CaptureFiles.ReadAll(reader));
        Assert.Equal(unixNanoseconds, record.UnixNanoseconds);
        Assert.Equal(0, record.Time.Nanoseconds);
        Assert.Equal(Data, record.Data.ToArray());
        Assert.Equal((60, true), (record.OriginalLength, record.IsTruncated));
        Assert.Equal(CaptureLinkType.RawIp, reader.Interfaces[0].LinkType);
        Assert.True(reader.Fault.IsNone);
    }

    [Fact]
    public void Classic_link_field_tells_the_check_sequence_from_the_link_type()
    {
        using var reader = CaptureFiles.Over(new CaptureBuilder(false).PcapHeader(0xA1B2C3D4, 0x2400_0001).Bytes);
        Assert.False(reader.TryRead(out _));
        Assert.Equal((CaptureLinkType.Ethernet, 4), (reader.Interfaces[0].LinkType, reader.Interfaces[0].FcsBytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Block_file_gives_packets_of_all_kinds_over_two_sections(bool bigEndian)
    {
        var first = new CaptureBuilder(bigEndian).Section()
            .Interface(1, 0, b => b.Option(2, "eth0"u8.ToArray()).Option(9, 9))
            .Interface(101, 4, b => b.Option(9, 0x80 | 10).U16(0).U16(0))
            .Block(4, b => b.U32(0)) // names: passed over
            .Packet(0, 5_000_000_000, Data, 1500, b => b.Option(1, "why"u8.ToArray()).Option(0x8BAD, 1, 2, 3))
            .Packet(1, 6 << 10, Data)
            .Block(3, b => b.U32(5).Raw(Data))
            .Block(2, b => b.U16(1).U16(3).U32(0).U32(7 << 10).U32(5).U32(5).Raw(Data))
            .Block(0x0BAD, b => b.U32(1)).Bytes;
        var second = new CaptureBuilder(!bigEndian).Section().Interface(113, 0, b => b.Option(14, Offset(!bigEndian)))
            .Packet(0, 8_000_001, Data).Bytes;
        using var reader = CaptureFiles.Over([.. first, .. second]);
        var records = CaptureFiles.ReadAll(reader);

        Assert.Equal("", reader.Fault.ToString());
        Assert.Equal([0, 1, 0, 1, 2], records.Select(r => r.InterfaceIndex));
        Assert.Equal(
            [5_000_000_000, 6_000_000_000, 6_000_000_000, 7_000_000_000, 108_000_001_000], records.Select(r => r.UnixNanoseconds));
        Assert.Equal([0, 1_000_000_000, 1_000_000_000, 2_000_000_000, 103_000_001_000], records.Select(r => r.Time.Nanoseconds));
        Assert.Equal([true, true, false, true, true], records.Select(r => r.HasTimestamp));
        Assert.Equal([1500, 5, 5, 5, 5], records.Select(r => r.OriginalLength));
        Assert.Equal(["why", null, null, null, null], records.Select(r => r.Comment));
        Assert.Equal([0ul, 0, 0, 3, 0], records.Select(r => r.DropCount));
        Assert.All(records, r => Assert.Equal(Data, r.Data.ToArray()));
        Assert.Equal(["eth0", "", ""], reader.Interfaces.Select(i => i.Name));
    }

    [Fact]
    public void Simple_packet_is_cut_to_the_snap_length_of_the_first_interface()
    {
        using var reader = CaptureFiles.Over(
            new CaptureBuilder(false).Section().Interface(1, 4).Block(3, b => b.U32(90).Raw(1, 2, 3, 4)).Bytes);
        var record = Assert.Single(CaptureFiles.ReadAll(reader));
        Assert.Equal([1, 2, 3, 4], record.Data.ToArray());
        Assert.Equal((90, 0L), (record.OriginalLength, record.UnixNanoseconds));
    }

    [Theory]
    [InlineData(0, 3ul, 0, 3_000_000_000)]
    [InlineData(3, 3ul, -1, -997_000_000)]
    [InlineData(12, 2_999ul, 0, 2)]
    [InlineData(127, ulong.MaxValue, 0, 0)]
    [InlineData(0x80, 3ul, 0, 3_000_000_000)]
    [InlineData(0x80 | 32, 0x1_8000_0000ul, 0, 1_500_000_000)]
    [InlineData(0xFF, ulong.MaxValue, 0, 0)]
    [InlineData(0, ulong.MaxValue, long.MaxValue, (1L << 62) - 1)]
    [InlineData(9, 0ul, long.MinValue, -((1L << 62) - 1))]
    public void Resolution_is_a_power_of_ten_or_two_and_never_overflows(int encoded, ulong ticks, long offset, long nanoseconds) =>
        Assert.Equal(nanoseconds, new TimestampResolution((byte)encoded).ToUnixNanoseconds(ticks, offset));

    [Fact]
    public void Stream_that_gives_one_byte_at_a_time_reads_the_same()
    {
        var bytes = File.ReadAllBytes(CaptureFiles.PathOf(CaptureFiles.Snap80));
        using var slow = new CaptureReader(new DripStream(bytes));
        using var fast = CaptureFiles.Over(bytes);
        Assert.Equal(
            CaptureFiles.ReadAll(fast).Select(r => Convert.ToHexString(r.Data.Span)),
            CaptureFiles.ReadAll(slow).Select(r => Convert.ToHexString(r.Data.Span)));
    }

    private static byte[] Offset(bool bigEndian) => new CaptureBuilder(bigEndian).U64(100).Bytes;
}
