using System.Diagnostics;
using NetActors.Apps.Traffic;
using NetActors.Headers;
using NetActors.Time;
using Xunit.Abstractions;

namespace NetActors.Tests.Apps.Traffic;

public class FrameFloodTests(ITestOutputHelper output)
{
    private const int Flows = 64;

    private static readonly FlowTable Table = FlowTable.Draw(Flows, 1);

    [Fact]
    public void Frames_come_when_they_are_due_and_not_before()
    {
        var flood = Flood(new ConstantArrivals(new(100), 10_000_000));
        Assert.Equal(new KernelTime(100), flood.NextArrival);
        Assert.False(flood.TryTake(new(99), out _));
        Assert.True(flood.TryTake(new(100), out var frame));
        Assert.Equal((new KernelTime(100), 60, 0L), (frame.Arrival, frame.Length, frame.Id));
        Assert.Null(frame.Owner);
        Assert.False(flood.TryTake(new(199), out _));
        Assert.True(flood.TryTake(new(1000), out frame));
        Assert.Equal((new KernelTime(200), 1L), (frame.Arrival, frame.Id));
        Assert.Equal((2L, 120L), (flood.Sent, flood.SentBytes));
    }

    [Fact]
    public void It_ends_after_its_frames()
    {
        var flood = new FrameFlood(
            new ConstantArrivals(KernelTime.Zero, 1000), FlowDistribution.RoundRobin(Flows), FrameSizeMix.Fixed(60), Templates(60))
        {
            FrameLimit = 3,
            FirstId = 50,
        };
        var ids = new List<long>();
        while (flood.TryTake(KernelTime.FromSeconds(1), out var frame)) ids.Add(frame.Id);
        Assert.Equal([50, 51, 52], ids);
        Assert.Equal(KernelTime.Never, flood.NextArrival);
        Assert.False(flood.TryTake(KernelTime.Never, out _));
    }

    [Fact]
    public void It_ends_at_its_time()
    {
        var flood = new FrameFlood(
            new ConstantArrivals(KernelTime.Zero, 1000), FlowDistribution.RoundRobin(Flows), FrameSizeMix.Fixed(60), Templates(60))
        {
            End = KernelTime.FromMilliseconds(10),
        };
        while (flood.TryTake(KernelTime.FromSeconds(5), out _))
        {
        }

        Assert.Equal(10, flood.Sent);
    }

    [Fact]
    public void A_frame_is_the_template_of_its_flow()
    {
        var flood = Flood(new ConstantArrivals(KernelTime.Zero, 1000));
        for (var i = 0; i < 2 * Flows; i++)
        {
            var flow = Table[flood.NextFlow];
            Assert.True(flood.TryTake(KernelTime.FromSeconds(1), out var frame));
            Assert.True(UdpHeader.TryParse(frame.Buffer.AsSpan(frame.Offset + 34, frame.Length - 34), out var udp));
            Assert.Equal(flow.SourcePort, udp.SourcePort);
        }
    }

    [Fact]
    public void A_burst_is_back_to_back_at_the_rate_of_the_link()
    {
        // 84 bytes at 10 Gbit/s are 67.2 ns: 67, 134, 201, 268, 336, ... after the burst's begin, then the line is idle
        var flood = Flood(new BurstArrivals(new(1000), 5, 1, new(10_000)), linkBitsPerSecond: 10_000_000_000);
        var times = new List<long>();
        for (var i = 0; i < 7 && flood.TryTake(KernelTime.FromSeconds(1), out var frame); i++) times.Add(frame.Arrival.Nanoseconds);
        Assert.Equal([1067, 1134, 1201, 1268, 1336, 11067, 11134], times);
    }

    [Fact]
    public void More_than_the_link_carries_arrives_at_line_rate_without_drift()
    {
        var flood = Flood(new ConstantArrivals(KernelTime.Zero, 20_000_000), linkBitsPerSecond: 10_000_000_000);
        var last = KernelTime.Zero;
        for (var i = 0; i < 1_000_000 && flood.TryTake(KernelTime.Never, out var frame); i++) last = frame.Arrival;
        Assert.Equal(67_200_000, last.Nanoseconds);
    }

    [Fact]
    public void The_same_seed_gives_the_same_frames()
    {
        FrameFlood one = Mixed(9), same = Mixed(9), other = Mixed(10);
        var differs = false;
        for (var i = 0; i < 5000; i++)
        {
            Assert.True(one.TryTake(KernelTime.Never, out var frame));
            Assert.True(same.TryTake(KernelTime.Never, out var twin));
            Assert.True(other.TryTake(KernelTime.Never, out var third));
            Assert.Equal((frame.Arrival, frame.Offset, frame.Length, frame.Id), (twin.Arrival, twin.Offset, twin.Length, twin.Id));
            differs |= frame.Arrival != third.Arrival;
        }

        Assert.True(differs);
    }

    [Fact]
    public void Frames_allocate_nothing()
    {
        var flood = Mixed(1);
        Assert.Equal(0, Allocation.Of(() => Take(flood, 10_000)));
        output.WriteLine($"constant, uniform, 60 bytes: {Cost(Flood(new ConstantArrivals(KernelTime.Zero, 14_880_952))):F1} ns a frame");
        output.WriteLine($"poisson, zipf, imix, 10 Gbit/s: {Cost(Mixed(2)):F1} ns a frame");
    }

    private static double Cost(FrameFlood flood)
    {
        const int frames = 1_000_000;
        Take(flood, frames);
        var begin = Stopwatch.GetTimestamp();
        Take(flood, frames);
        return Stopwatch.GetElapsedTime(begin).TotalNanoseconds / frames;
    }

    private static void Take(FrameFlood source, int frames)
    {
        for (var i = 0; i < frames; i++) source.TryTake(KernelTime.Never, out _);
    }

    private static FrameFlood Flood(ArrivalProcess arrivals, long linkBitsPerSecond = 0) => new(
        arrivals, FlowDistribution.Uniform(Flows, new KernelRandom(4)), FrameSizeMix.Fixed(60), Templates(60), linkBitsPerSecond);

    private static FrameFlood Mixed(ulong seed)
    {
        var sizes = FrameSizeMix.Imix(KernelRandom.For(seed, "sizes"));
        return new(
            new PoissonArrivals(KernelTime.Zero, 1_000_000, KernelRandom.For(seed, "arrivals")),
            FlowDistribution.Zipf(Flows, 1, KernelRandom.For(seed, "flow")),
            sizes,
            Templates(sizes.Sizes),
            10_000_000_000);
    }

    private static FrameTemplates Templates(params ReadOnlySpan<int> sizes) =>
        new(Table, sizes, MacAddress.Local(1), MacAddress.Local(2));
}
