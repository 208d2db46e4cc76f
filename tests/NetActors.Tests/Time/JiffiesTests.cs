using NetActors.Time;

namespace NetActors.Tests.Time;

public class JiffiesTests
{
    [Theory]
    [InlineData(100, 10_000_000, 8)]
    [InlineData(250, 4_000_000, 9)]
    [InlineData(1000, 1_000_000, 9)]
    [InlineData(0, 1, 8)]
    public void A_frequency_gives_its_tick_and_wheel(int hz, long tickNanoseconds, int levels)
    {
        var jiffies = Jiffies.OfHz(hz);
        Assert.Equal(tickNanoseconds, jiffies.Tick.Nanoseconds);
        Assert.Equal(levels, jiffies.WheelLevels);
        Assert.Equal(hz == 0, jiffies.IsExact);
    }

    [Fact]
    public void The_default_is_exact() => Assert.Equal(Jiffies.Exact, default);

    [Fact]
    public void Other_frequencies_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Jiffies.OfHz(300));

    [Fact]
    public void The_counter_moves_only_at_ticks()
    {
        Assert.Equal(0, Jiffies.Hz250.At(new(3_999_999)));
        Assert.Equal(1, Jiffies.Hz250.At(new(4_000_000)));
        Assert.Equal(3_999_999, Jiffies.Exact.At(new(3_999_999)));
    }

    [Theory] // the two limits of the softirq loop, specification section 0.2
    [InlineData(100, 2000, 1)]
    [InlineData(250, 2000, 1)]
    [InlineData(1000, 2000, 2)]
    [InlineData(100, 20000, 2)]
    [InlineData(250, 8000, 2)]
    [InlineData(1000, 2001, 3)]
    public void A_span_is_rounded_up(int hz, long microseconds, long expected) =>
        Assert.Equal(expected, Jiffies.OfHz(hz).Covering(KernelTime.FromMicroseconds(microseconds)));

    [Fact]
    public void No_time_and_less_is_no_jiffy()
    {
        Assert.Equal(0, Jiffies.Hz250.Covering(KernelTime.Zero));
        Assert.Equal(0, Jiffies.Hz250.Covering(new(-1)));
    }

    [Fact]
    public void Rounding_up_finds_the_next_tick_and_leaves_never()
    {
        Assert.Equal(new KernelTime(8_000_000), Jiffies.Hz250.RoundUp(new(4_000_001)));
        Assert.Equal(new KernelTime(4_000_000), Jiffies.Hz250.RoundUp(new(4_000_000)));
        Assert.Equal(new KernelTime(4_000_001), Jiffies.Exact.RoundUp(new(4_000_001)));
        Assert.Equal(KernelTime.Never, Jiffies.Hz250.RoundUp(KernelTime.Never));
        Assert.Equal(KernelTime.Never, Jiffies.Hz250.ToTime(long.MaxValue));
    }
}
