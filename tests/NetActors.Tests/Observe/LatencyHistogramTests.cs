using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tests.Observe;

public class LatencyHistogramTests
{
    [Fact]
    public void An_empty_histogram_says_zero() => Assert.Equal(new LatencySnapshot { Name = "x" }, new LatencyHistogram("x").Snapshot());

    [Fact]
    public void Percentiles_are_within_a_thousandth_and_the_ends_exact()
    {
        var snapshot = Filled(1, 10_000).Snapshot();
        Assert.Equal((10_000L, 1_000L, 10_000_000L), (snapshot.Count, snapshot.MinNs, snapshot.MaxNs));
        Assert.Equal(5_000_500, snapshot.MeanNs);
        Assert.InRange(snapshot.P50Ns, 5_000_000, 5_005_000);
        Assert.InRange(snapshot.P90Ns, 9_000_000, 9_009_000);
        Assert.InRange(snapshot.P99Ns, 9_900_000, 9_910_000);
        Assert.InRange(snapshot.P999Ns, 9_990_000, 10_000_000);
    }

    [Fact]
    public void A_single_value_is_every_percentile()
    {
        var histogram = new LatencyHistogram("x");
        histogram.Record(new KernelTime(123_457));
        var snapshot = histogram.Snapshot();
        long[] values = [snapshot.MinNs, snapshot.MeanNs, snapshot.P50Ns, snapshot.P999Ns, snapshot.MaxNs];
        Assert.All(values, value => Assert.Equal(123_457, value));
    }

    [Fact]
    public void Beyond_the_bound_the_percentile_says_the_bound_and_the_maximum_the_truth()
    {
        var histogram = new LatencyHistogram("x", KernelTime.FromMicroseconds(1));
        histogram.Record(KernelTime.FromSeconds(5));
        var snapshot = histogram.Snapshot();
        Assert.Equal((1L, 1_000L, 5_000_000_000L, 5_000_000_000L), (snapshot.Overflow, snapshot.P50Ns, snapshot.MinNs, snapshot.MaxNs));
    }

    [Fact]
    public void Two_halves_add_up_to_the_whole()
    {
        var sum = Filled(1, 5_000);
        sum.Add(Filled(5_001, 10_000));
        Assert.Equal(Filled(1, 10_000).Snapshot(), sum.Snapshot());
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var histogram = Filled(1, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) histogram.Record(new KernelTime(i));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static LatencyHistogram Filled(int from, int to)
    {
        var histogram = new LatencyHistogram("x");
        for (var i = from; i <= to; i++) histogram.Record(KernelTime.FromMicroseconds(i));
        return histogram;
    }
}
