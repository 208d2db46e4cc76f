using CsCheck;

namespace NetActors.Attach.Tests;

/// <summary>Damaged files are answered, never thrown at the caller.</summary>
public sealed class CaptureFaultTests
{
    private static readonly byte[] Small = File.ReadAllBytes(CaptureFiles.PathOf(CaptureFiles.Snap80));
    private static readonly byte[] SmallBlocks = File.ReadAllBytes(CaptureFiles.PathOf(CaptureFiles.Mixed))[..6000];

    public static TheoryData<string, CaptureFaultKind, long, string> Damaged => new()
    {
        { "", CaptureFaultKind.EmptyFile, 0, "empty" },
        { "D4C3", CaptureFaultKind.Truncated, 0, "2 of the 4" },
        { "1F8B080000000000", CaptureFaultKind.BadMagic, 0, "gzip" },
        { "504B0304", CaptureFaultKind.BadMagic, 0, "neither pcap nor pcapng" },
        { Hex(b => b.U32(0xA1B2C3D4).U16(3).U16(0).Raw(new byte[16])), CaptureFaultKind.BadVersion, 4, "3.0" },
        { Hex(b => b.PcapHeader(0xA1B2C3D4, 189)), CaptureFaultKind.UnknownLinkType, 20, "189" },
        { Hex(b => b.PcapHeader(0xA1B2C3D4, 1).U32(0).U32(0).U32(0x7FFF_FFFF).U32(0)), CaptureFaultKind.BadLength, 24, "2147483647" },
        { Hex(b => b.Block(0x0A0D0D0A, i => i.U32(7).U16(1).U16(0).U64(0))), CaptureFaultKind.BadMagic, 0, "byte-order" },
        { Hex(b => b.Block(0x0A0D0D0A, i => i.U32(0x1A2B3C4D).U16(2).U16(0).U64(0))), CaptureFaultKind.BadVersion, 0, "2.0" },
        { Hex(b => b.Block(0x0A0D0D0A, i => i.U32(0x1A2B3C4D))), CaptureFaultKind.BadLength, 0, "16" },
        { Hex(b => b.Section().U32(4).U32(13).U32(0).U32(13)), CaptureFaultKind.BadLength, 28, "13" },
        { Hex(b => b.Section().U32(4).U32(8).U32(8)), CaptureFaultKind.BadLength, 28, "8" },
        { Hex(b => b.Section().U32(4).U32(16).U32(0).U32(20)), CaptureFaultKind.BadLength, 28, "20 at its end" },
        { Hex(b => b.Section().U32(4).U32(0xFFFF_FFF0).U32(0)), CaptureFaultKind.BadLength, 28, "limit" },
        { Hex(b => b.Section().Block(1, i => i.U32(1))), CaptureFaultKind.BadLength, 28, "shorter than 20" },
        { Hex(b => b.Section().Interface(1, 0, i => i.Option(9, 1, 2))), CaptureFaultKind.BadOption, 28, "instead of 1" },
        { Hex(b => b.Section().Interface(1, 0, i => i.U16(2).U16(900))), CaptureFaultKind.BadOption, 28, "beyond" },
        { Hex(b => b.Section().Packet(0, 0, [1])), CaptureFaultKind.BadInterface, 28, "interface 0" },
        { Hex(b => b.Section().Interface(1).Packet(4_000_000_000, 0, [1])), CaptureFaultKind.BadInterface, 48, "4000000000" },
        { Hex(b => b.Section().Interface(189).Packet(0, 0, [1])), CaptureFaultKind.UnknownLinkType, 48, "189" },
        { Hex(b => b.Section().Interface(1).Block(6, i => i.U32(0).U64(0).U32(9).U32(9))), CaptureFaultKind.BadLength, 48, "9" },
        { Hex(b => b.Section().Interface(1).Block(6, i => i.U32(0))), CaptureFaultKind.BadLength, 48, "shorter than 32" },
        { Hex(b => b.Section().Interface(1).Block(3, i => i.U32(1))), CaptureFaultKind.BadLength, 48, "0 bytes in the block" },
        { Hex(b => b.Section().Interface(1).Packet(0, 0, [1], 1, i => i.Option(2, 1))), CaptureFaultKind.BadOption, 48, "instead of 4" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damaged_file_gives_no_packet_and_says_what_and_where(string hex, CaptureFaultKind kind, long offset, string words)
    {
        using var reader = CaptureFiles.Over(Convert.FromHexString(hex));
        Assert.Empty(CaptureFiles.ReadAll(reader));
        Assert.Equal((kind, offset), (reader.Fault.Kind, reader.Fault.Offset));
        Assert.Contains(words, reader.Fault.Message, StringComparison.Ordinal);
        Assert.False(reader.TryRead(out _)); // and it stays so
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_truncation_gives_the_packets_before_it_and_then_the_fault(bool blocks)
    {
        var whole = blocks ? SmallBlocks : Small;
        using var reader = CaptureFiles.Over(whole);
        var records = CaptureFiles.ReadAll(reader);
        var ends = BlockEnds(whole, blocks);
        for (var length = 0; length < whole.Length; length++)
        {
            using var cut = CaptureFiles.Over(whole[..length]);
            var count = 0;
            for (; cut.TryRead(out var record); count++)
                Assert.True(record.Data.Span.SequenceEqual(records[count].Data.Span) && record.Time == records[count].Time);

            // All packets that lie wholly before the cut were given, and between two blocks there is nothing to complain of.
            Assert.Equal(records.Count(r => ends.First(end => end > r.FileOffset) <= length), count);
            Assert.Equal(
                length == 0 ? CaptureFaultKind.EmptyFile : ends.Contains(length) ? CaptureFaultKind.None : CaptureFaultKind.Truncated,
                cut.Fault.Kind);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_mutations_never_throw_and_never_give_more_than_the_limit(bool blocks)
    {
        var whole = (blocks ? SmallBlocks : Small)[..3000];
        var limits = new CaptureLimits(MaxBlockBytes: 4096, MaxInterfaces: 8);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 20].Sample(
            changes =>
            {
                var bytes = whole.ToArray();
                foreach (var (at, value) in changes) bytes[at] = value;
                using var reader = CaptureFiles.Over(bytes, limits);
                var timeline = new CaptureTimeline(reader);
                while (timeline.TryTake(timeline.NextArrival, out var frame)) Assert.True(frame.Length <= 65_535);
                Assert.True(reader.Interfaces.Count <= 8);
                Assert.True(reader.Fault.IsNone || reader.Fault.Offset <= bytes.Length);
            },
            iter: 3000,
            threads: 1);
    }

    [Fact]
    public void More_interfaces_than_the_limit_are_a_fault()
    {
        using var reader = CaptureFiles.Over(
            new CaptureBuilder(false).Section().Interface(1).Section().Interface(1).Interface(1).Bytes, new CaptureLimits(MaxInterfaces: 2));
        Assert.Empty(CaptureFiles.ReadAll(reader));
        Assert.Equal((CaptureFaultKind.BadInterface, 96), (reader.Fault.Kind, reader.Fault.Offset));
    }

    [Fact]
    public void Stream_that_fails_gives_the_packets_before_and_then_its_own_words()
    {
        using var reader = new CaptureReader(new DripStream(Small[..1000], failsAtEnd: true));
        Assert.NotEmpty(CaptureFiles.ReadAll(reader));
        Assert.Equal(CaptureFaultKind.InputOutput, reader.Fault.Kind);
        Assert.Contains("the cable was pulled", reader.Fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_does_not_exist_is_a_fault_with_its_name()
    {
        using var reader = CaptureReader.Open("/nonexistent/a.pcap");
        Assert.False(reader.TryRead(out _));
        Assert.Equal(CaptureFaultKind.InputOutput, reader.Fault.Kind);
        Assert.Contains("/nonexistent/a.pcap", reader.Fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Where the file header and each record or block ends, found without the reader.</summary>
    private static SortedSet<int> BlockEnds(byte[] bytes, bool blocks)
    {
        var ends = new SortedSet<int>();
        for (var at = blocks ? 0 : 24; at <= bytes.Length;)
        {
            if (at > 0) ends.Add(at);
            if (at + 16 > bytes.Length) break;
            at += blocks ? BitConverter.ToInt32(bytes, at + 4) : 16 + BitConverter.ToInt32(bytes, at + 8);
        }

        ends.Add(int.MaxValue); // the one that the test's own cut went through
        return ends;
    }

    private static string Hex(Action<CaptureBuilder> build)
    {
        var builder = new CaptureBuilder(false);
        build(builder);
        return Convert.ToHexString(builder.Bytes);
    }
}
