using CsCheck;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Congestion;

/// <summary>The filter of lib/win_minmax.c against what it approximates.</summary>
public class WindowedExtremumTests
{
    [Fact]
    public void Least_value_is_that_of_some_sample_in_the_window_and_never_above_the_newest() =>
        Gen.Select(Gen.UInt[0, 20], Gen.UInt[1, 1000]).List[1, 200].Sample(samples =>
        {
            var filter = default(WindowedExtremum);
            filter.Reset(0, uint.MaxValue);
            var (now, seen) = (0u, new List<(uint Time, uint Value)>());
            foreach (var (gap, value) in samples)
            {
                now += gap;
                seen.Add((now, value));
                var least = filter.RunningMin(100, now, value);
                Assert.True(least <= value);
                Assert.Contains(seen, sample => sample.Value == least && now - sample.Time <= 100);
                Assert.Equal(least, filter.Value);
            }
        });

    [Fact]
    public void Greatest_value_is_that_of_some_sample_in_the_window_and_never_below_the_newest() =>
        Gen.Select(Gen.UInt[0, 20], Gen.UInt[1, 1000]).List[1, 200].Sample(samples =>
        {
            var filter = default(WindowedExtremum);
            filter.Reset(0, 0);
            var (now, seen) = (0u, new List<(uint Time, uint Value)>());
            foreach (var (gap, value) in samples)
            {
                now += gap;
                seen.Add((now, value));
                var greatest = filter.RunningMax(100, now, value);
                Assert.True(greatest >= value);
                Assert.Contains(seen, sample => sample.Value == greatest && now - sample.Time <= 100);
            }
        });

    [Fact]
    public void Extremum_that_grows_old_gives_way_to_the_best_since()
    {
        var filter = default(WindowedExtremum);
        filter.Reset(0, 10);
        foreach (var time in new uint[] { 30, 60, 90 }) Assert.Equal(10u, filter.RunningMin(100, time, 20 + time));
        Assert.Equal(50u, filter.RunningMin(100, 105, 200)); // the sample of time 30
    }
}
