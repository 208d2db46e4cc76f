using NetActors.Hosts;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Tests.Hosts;

/// <summary>What is drawn has the distribution that was asked for.</summary>
public sealed class SizeDrawTests
{
    private const int Draws = 200_000;

    /// <summary>Of 200,000 draws a share strays from its probability by less than 0.005 (four standard deviations are 0.0045).</summary>
    private const double Stray = 0.005;

    private static List<int> Draw(SizeDistribution sizes, ulong seed = 7)
    {
        var random = new KernelRandom(seed);
        return [.. Enumerable.Range(0, Draws).Select(_ => SizeDraw.Next(sizes, random))];
    }

    [Theory]
    [InlineData(15, 214.476, 0.348238)]
    [InlineData(0, 100, 0)] // exponential
    [InlineData(40, 50, -0.3)] // ends at 40 + 50 / 0.3
    public void A_generalised_pareto_law_has_its_tail(double location, double scale, double shape)
    {
        var drawn = Draw(new DrawnSizes(SizeLaw.GeneralisedPareto, location, scale, shape, 1, 1_000_000));
        foreach (var size in new[] { 20, 50, 100, 150, 500, 2000 })
        {
            var z = Math.Max(0, (size - location) / scale);
            var tail = shape == 0 ? Math.Exp(-z) : Math.Pow(Math.Max(0, 1 + (shape * z)), -1 / shape);
            Assert.Equal(tail, drawn.Count(d => d >= size) / (double)Draws, Stray);
        }
    }

    [Theory]
    [InlineData(30.7984, 8.20449, 0.078688)]
    [InlineData(100, 20, 0)] // Gumbel
    public void A_generalised_extreme_value_law_has_its_distribution(double location, double scale, double shape)
    {
        var drawn = Draw(new DrawnSizes(SizeLaw.GeneralisedExtremeValue, location, scale, shape, 1, 1_000_000));
        foreach (var size in new[] { 20, 30, 40, 60, 80, 100, 130, 200 })
        {
            var z = (size - location) / scale;
            var below = Math.Exp(-(shape == 0 ? Math.Exp(-z) : Math.Pow(Math.Max(1e-12, 1 + (shape * z)), -1 / shape)));
            Assert.Equal(below, drawn.Count(d => d < size) / (double)Draws, Stray);
        }
    }

    /// <summary>Atikoglu et al. 2012: 36 bytes are their mean key; 44 % of the values are below 15 bytes, 18 % have 2 and 9 % have 11 bytes.</summary>
    [Fact]
    public void Etc_has_the_published_keys_and_values()
    {
        Assert.Equal(36, Draw(EtcSizes.Keys).Average() + 0.5, 0.3); // they are rounded down
        var values = Draw(EtcSizes.Values(65_000));
        double Share(Func<int, bool> which) => values.Count(which) / (double)Draws;
        Assert.Equal(0.4415, Share(v => v < 15), Stray);
        Assert.Equal(0.1782, Share(v => v == 2), Stray);
        Assert.Equal(0.0899, Share(v => v == 11), Stray);
        // The Pareto law from 0 on, among what is 15 and more: P(X > 500 | X > 15).
        static double Tail(double x) => Math.Pow(1 + (0.348238 * x / 214.476), -1 / 0.348238);
        Assert.Equal(0.5585 * Tail(500) / Tail(15), Share(v => v >= 500), Stray);
        Assert.InRange(values.Max(), 5000, 65_000);
    }

    [Fact]
    public void Sizes_stay_within_their_limits() =>
        Assert.All(Draw(new DrawnSizes(SizeLaw.GeneralisedPareto, 0, 1000, 3, 8, 4000)), size => Assert.InRange(size, 8, 4000));

    [Fact]
    public void A_mix_is_drawn_by_weight()
    {
        var drawn = Draw(new SizeMix([new(100, 3), new(200, 1)]));
        Assert.Equal(0.75, drawn.Count(d => d == 100) / (double)Draws, Stray);
        Assert.Equal(0.25, drawn.Count(d => d == 200) / (double)Draws, Stray);
    }
}
