using NetActors.Buffers;
using NetActors.Links;
using NetActors.Time;

namespace NetActors.Attach.Tests;

public sealed class CaptureSourceTests
{
    [Fact]
    public void Frames_stay_as_they_are_while_a_card_looks_further_ahead()
    {
        using var source = new CaptureSource(Of(Enumerable.Range(0, 5000).Select(i => Numbered(i, 60)))) { FirstId = 7 };
        var frames = new List<WireFrame>();
        while (source.TryTake(source.NextArrival, out var frame)) frames.Add(frame);
        Assert.Equal((5000, 5000 * 60, 5000), (source.Sent, source.SentBytes, source.Outstanding));
        for (var i = 0; i < frames.Count; i++)
        {
            Assert.Equal(Numbered(i, 60), frames[i].Bytes.ToArray());
            Assert.Equal((i + 7, i * 1000), (frames[i].Id, frames[i].Arrival.Nanoseconds));
            frames[i].Owner!.Free(SkbDropReason.CONSUMED);
        }

        Assert.Equal(0, source.Outstanding);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(65_549)]
    [InlineData(200_000)]
    public void Frames_of_any_length_are_given_whole(int length)
    {
        using var source = new CaptureSource(Of([Numbered(1, length)]));
        Assert.True(source.TryTake(KernelTime.Zero, out var frame));
        Assert.Equal(Numbered(1, length), frame.Bytes.ToArray());
        frame.Owner?.Free(SkbDropReason.CONSUMED);
        Assert.Equal(0, source.Outstanding);
    }

    [Fact]
    public void Nothing_that_arrives_from_the_end_on_is_given()
    {
        using var source = new CaptureSource(Of(Enumerable.Range(0, 9).Select(i => Numbered(i, 60)))) { End = new KernelTime(3000) };
        var given = 0;
        while (source.TryTake(KernelTime.FromSeconds(1), out _)) given++;
        Assert.Equal(3, given);
        Assert.True(source.NextArrival.IsNever);
        Assert.False(source.TryTake(KernelTime.Never, out _));
    }

    [Fact]
    public void A_damaged_file_gives_the_frames_before_the_damage_and_says_where_it_is()
    {
        var bytes = Build([Numbered(1, 60), Numbered(2, 60)]);
        using var source = new CaptureSource(CaptureFiles.Over(bytes[..^10]));
        Assert.True(source.TryTake(KernelTime.FromSeconds(1), out _));
        Assert.False(source.TryTake(KernelTime.FromSeconds(1), out _));
        Assert.Equal(CaptureFaultKind.Truncated, source.Fault.Kind);
        Assert.Equal((1, 1), (source.Records, source.Sent));
    }

    private static byte[] Numbered(int number, int length)
    {
        var frame = new byte[length];
        BitConverter.TryWriteBytes(frame.AsSpan(6), number);
        frame[^1] = 0xEE;
        return frame;
    }

    private static CaptureReader Of(IEnumerable<byte[]> frames) => CaptureFiles.Over(Build(frames));

    private static byte[] Build(IEnumerable<byte[]> frames)
    {
        var file = new CaptureBuilder(false).PcapHeader(0xA1B2C3D4, 1);
        var microseconds = 0u;
        foreach (var frame in frames) file = file.PcapRecord(0, microseconds++, frame);
        return file.Bytes;
    }
}
