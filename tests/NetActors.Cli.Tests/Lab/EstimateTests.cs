using NetActors.Lab.Statistics;

namespace NetActors.Cli.Tests.Lab;

public class EstimateTests
{
    [Theory]
    [InlineData(1, 12.706)]
    [InlineData(4, 2.776)]
    [InlineData(30, 2.042)]
    [InlineData(40, 2.021)]
    [InlineData(60, 2.000)]
    [InlineData(120, 1.980)]
    [InlineData(1_000_000, 1.960)]
    public void Quantiles_are_those_of_any_table_of_students_t(int freedom, double quantile) =>
        Assert.Equal(quantile, StudentT.Quantile95(freedom), 0.001);

    [Fact]
    public void Differences_of_pairs_lose_what_both_share()
    {
        double[] a = [10, 20, 30], b = [11, 21, 31.3];
        var apart = Estimate.OfDifferences(a, b);
        Assert.Equal(1.1, apart.Mean, 6);
        Assert.Equal(4.303 * Math.Sqrt(0.03 / 3), apart.Half, 6); // deviations -0.1, -0.1, 0.2: variance 0.03
        Assert.True(apart.IsNotZero);
        Assert.True(Estimate.Of(a).Half > 20); // while the samples alone tell nothing
    }

    [Fact]
    public void One_sample_tells_no_interval_and_none_is_an_error()
    {
        Assert.False(Estimate.Of([3]).IsNotZero);
        Assert.Equal(double.PositiveInfinity, Estimate.Of([3]).Half);
        Assert.Throws<ArgumentOutOfRangeException>(() => Estimate.Of([]));
        Assert.Throws<ArgumentException>(() => Estimate.OfDifferences([1], [1, 2]));
    }
}
