using NetActors.Apps.Traffic;
using NetActors.Time;

namespace NetActors.Tests.Apps.Traffic;

public class ArrivalProcessTests
{
    [Theory]
    [InlineData(14_880_952)] // 10 Gbit/s of 64-byte frames
    [InlineData(3_000_000)]
    [InlineData(7)]
    public void A_constant_rate_does_not_drift(long rate)
    {
        var arrivals = new ConstantArrivals(new(5), rate);
        for (var k = 0L; k < 1_000_000; k++)
        {
            Assert.Equal(5 + (long)((Int128)k * 1_000_000_000 / rate), arrivals.Next.Nanoseconds);
            arrivals.Advance();
        }
    }

    [Fact]
    public void As_many_frames_as_asked_come_in_the_span()
    {
        var arrivals = new ConstantArrivals(KernelTime.Zero, 2_976_191, KernelTime.FromMilliseconds(200));
        var frames = 0;
        for (; arrivals.Next < KernelTime.FromMilliseconds(400); arrivals.Advance()) frames++;
        Assert.Equal(2 * 2_976_191, frames);
        Assert.Equal(KernelTime.FromMilliseconds(400), arrivals.Next);
    }

    [Fact]
    public void Poisson_gaps_have_the_mean_of_the_rate_and_are_memoryless()
    {
        var arrivals = new PoissonArrivals(KernelTime.Zero, 1_000_000, new KernelRandom(1));
        var inMicrosecond = new int[1_000_000];
        for (; arrivals.Next.Microseconds < inMicrosecond.Length; arrivals.Advance()) inMicrosecond[arrivals.Next.Microseconds]++;
        Assert.InRange(inMicrosecond.Sum(), 996_000, 1_004_000);
        // counts in equal spans: mean and variance 1, none in 1/e of them
        Assert.InRange(inMicrosecond.Average(c => (c - 1.0) * (c - 1.0)), 0.99, 1.01);
        Assert.InRange(inMicrosecond.Count(c => c == 0), 366_000, 370_000);
    }

    [Fact]
    public void The_same_seed_gives_the_same_gaps()
    {
        static PoissonArrivals Arrivals(ulong seed) => new(new(9), 1e5, new KernelRandom(seed));
        PoissonArrivals one = Arrivals(2), same = Arrivals(2), other = Arrivals(3);
        Assert.NotEqual(one.Next, other.Next);
        for (var i = 0; i < 1000; i++, one.Advance(), same.Advance()) Assert.Equal(one.Next, same.Next);
    }

    [Fact]
    public void Bursts_come_at_their_rate()
    {
        var arrivals = new BurstArrivals(new(10), 3, 3, new(100));
        var times = new List<long>();
        for (var i = 0; i < 12; i++, arrivals.Advance()) times.Add(arrivals.Next.Nanoseconds);
        Assert.Equal([10, 10, 10, 43, 43, 43, 76, 76, 76, 110, 110, 110], times);
    }

    [Fact]
    public void Impossible_rates_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantArrivals(KernelTime.Zero, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PoissonArrivals(KernelTime.Zero, double.NaN, new KernelRandom(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BurstArrivals(KernelTime.Zero, 0, 1, new(1)));
    }
}
