using NetActors.Time;

namespace NetActors.Attach.Tests;

public sealed class CaptureTimelineTests
{
    private static readonly byte[] Frame = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];

    [Fact]
    public void Frames_are_given_when_they_have_arrived_and_not_before()
    {
        using var reader = At(5_000, 5_010, 5_030);
        var timeline = new CaptureTimeline(reader, new ReplayOptions { Start = new KernelTime(500) });
        Assert.Equal(new KernelTime(500), timeline.NextArrival);
        Assert.False(timeline.TryTake(new KernelTime(499), out _));
        Assert.True(timeline.TryTake(new KernelTime(10_499), out var first));
        Assert.False(timeline.TryTake(new KernelTime(10_499), out _));
        Assert.Equal(new KernelTime(10_500), timeline.NextArrival); // looking ahead leaves the frame given last alone
        Assert.Equal(Frame, first.Bytes.ToArray());
        Assert.Equal([10_500, 30_500], Arrivals(timeline));
        Assert.True(timeline.NextArrival.IsNever);
        Assert.False(timeline.TryTake(KernelTime.Never, out _));
        Assert.Equal(3, timeline.Replayed);
    }

    [Theory]
    [InlineData(2, 0, 5_000, 15_000)]
    [InlineData(0.5, 0, 20_000, 60_000)]
    [InlineData(3, 0, 3_333, 10_000)]
    public void Scaled_timing_divides_the_gaps_by_the_speed(double speed, long first, long second, long third)
    {
        using var reader = At(5_000, 5_010, 5_030);
        var options = new ReplayOptions { Timing = ReplayTiming.Scaled, Speed = speed };
        Assert.Equal([first, second, third], Arrivals(new CaptureTimeline(reader, options)));
    }

    [Fact]
    public void Maximum_timing_is_the_wire_time_of_the_frames_and_does_not_drift()
    {
        using var reader = At(5_000, 9_000_000, 1);
        var options = new ReplayOptions { Timing = ReplayTiming.Maximum, LinkBitsPerSecond = 3_000_000_000 };
        Assert.Equal([124 * 8 / 3, 2 * 124 * 8 / 3, 3 * 124 * 8 / 3], Arrivals(new CaptureTimeline(reader, options))); // 100 + 24 bytes each
    }

    [Fact]
    public void Maximum_timing_counts_short_frames_with_their_padding()
    {
        using var reader = CaptureFiles.Over(new CaptureBuilder(false).PcapHeader(0xA1B2C3D4, 1).PcapRecord(0, 0, new byte[42]).Bytes);
        var options = new ReplayOptions { Timing = ReplayTiming.Maximum, LinkBitsPerSecond = 1_000_000_000 };
        Assert.Equal([672], Arrivals(new CaptureTimeline(reader, options))); // 84 bytes, the well-known 1.488 Mpps
    }

    [Fact]
    public void Times_that_run_backwards_are_clamped_and_counted()
    {
        using var reader = At(5_000, 5_030, 5_010, 4_000, 5_040);
        var timeline = new CaptureTimeline(reader);
        Assert.Equal([0, 30_000, 30_000, 30_000, 40_000], Arrivals(timeline));
        Assert.Equal(2, timeline.BackwardRecords);
    }

    [Fact]
    public void Truncated_packet_is_padded_with_zeros_to_its_length_but_not_beyond_the_bound()
    {
        using var reader = CaptureFiles.Over(new CaptureBuilder(false).PcapHeader(0xA1B2C3D4, 1)
            .PcapRecord(0, 0, Frame).PcapRecord(0, 0, Frame[..60], 100).PcapRecord(0, 0, Frame, 2_000_000_000).Bytes);
        var timeline = new CaptureTimeline(reader);
        Assert.True(timeline.TryTake(KernelTime.Zero, out var whole));
        Assert.False(whole.IsPadded);
        Assert.True(timeline.TryTake(KernelTime.Zero, out var padded));
        Assert.Equal([.. Frame[..60], .. new byte[40]], padded.Bytes.ToArray());
        Assert.True(timeline.TryTake(KernelTime.Zero, out var bounded));
        Assert.Equal((65_535, true, 2L), (bounded.Length, bounded.IsPadded, bounded.Id));
        Assert.Equal(2, timeline.TruncatedRecords);
    }

    [Fact]
    public void Truncated_packets_are_left_out_when_asked()
    {
        using var reader = CaptureReader.Open(CaptureFiles.PathOf(CaptureFiles.Snap80));
        var timeline = new CaptureTimeline(reader, new ReplayOptions { Truncated = TruncatedPackets.Skip });
        var replayed = Arrivals(timeline).Count;
        Assert.True(replayed > 0 && timeline.TruncatedRecords > 0);
        Assert.Equal(reader.RecordCount, replayed + timeline.TruncatedRecords);
    }

    [Fact]
    public void Only_the_wanted_interface_is_replayed()
    {
        using var reader = CaptureReader.Open(CaptureFiles.PathOf(CaptureFiles.Mixed));
        var timeline = new CaptureTimeline(reader, new ReplayOptions { InterfaceIndex = 1 });
        var wanted = CaptureFiles.Expected(CaptureFiles.Mixed).Count(line => line.EndsWith("\t1", StringComparison.Ordinal));
        Assert.Equal(wanted, Arrivals(timeline).Count);
        Assert.Equal(0, timeline.BackwardRecords); // one interface by itself is in order
    }

    [Fact]
    public void Check_sequence_of_the_capture_is_left_off()
    {
        using var reader = CaptureFiles.Over(new CaptureBuilder(false).PcapHeader(0xA1B2C3D4, 0x2400_0001)
            .PcapRecord(0, 0, Frame).PcapRecord(0, 0, Frame[..98], 100).Bytes);
        var timeline = new CaptureTimeline(reader);
        Assert.True(timeline.TryTake(KernelTime.Zero, out var whole));
        Assert.Equal(Frame[..96], whole.Bytes.ToArray());
        Assert.True(timeline.TryTake(KernelTime.Zero, out var cut));
        Assert.Equal((96, false), (cut.Length, cut.IsPadded));
    }

    [Fact]
    public void Replay_allocates_nothing_per_frame()
    {
        var bytes = File.ReadAllBytes(CaptureFiles.PathOf(CaptureFiles.Client));
        using var reader = CaptureFiles.Over([.. bytes, .. bytes[24..], .. bytes[24..]]);
        var timeline = new CaptureTimeline(reader);
        for (var i = 0; i < 130; i++) Assert.True(timeline.TryTake(KernelTime.Never, out _));
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (timeline.TryTake(KernelTime.Never, out _))
        {
            // to the end
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(timeline.Fault.IsNone);
        Assert.Equal(360, timeline.Replayed);
    }

    [Fact]
    public void Damaged_capture_ends_the_timeline_with_the_readers_fault()
    {
        var bytes = File.ReadAllBytes(CaptureFiles.PathOf(CaptureFiles.Client))[..^1];
        using var reader = CaptureFiles.Over(bytes);
        var timeline = new CaptureTimeline(reader);
        Assert.Equal(119, Arrivals(timeline).Count);
        Assert.Equal(CaptureFaultKind.Truncated, timeline.Fault.Kind);
        Assert.True(timeline.NextArrival.IsNever);
    }

    private static List<long> Arrivals(CaptureTimeline timeline)
    {
        var arrivals = new List<long>();
        while (timeline.TryTake(timeline.NextArrival, out var frame)) arrivals.Add(frame.Arrival.Nanoseconds);
        return arrivals;
    }

    private static CaptureReader At(params uint[] microseconds)
    {
        var builder = new CaptureBuilder(false).PcapHeader(0xA1B2C3D4, 1);
        foreach (var time in microseconds) builder.PcapRecord(0, time, Frame);
        return CaptureFiles.Over(builder.Bytes);
    }
}
