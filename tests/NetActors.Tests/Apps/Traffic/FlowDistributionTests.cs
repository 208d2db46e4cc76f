using NetActors.Apps.Traffic;
using NetActors.Time;

namespace NetActors.Tests.Apps.Traffic;

public class FlowDistributionTests
{
    private const int Draws = 1_000_000;

    [Fact]
    public void Round_robin_takes_turns()
    {
        var flows = FlowDistribution.RoundRobin(3);
        Assert.Equal([0, 1, 2, 0, 1], Enumerable.Range(0, 5).Select(_ => flows.Next()));
    }

    [Fact]
    public void Uniform_flows_are_equally_likely() =>
        Assert.All(Counts(FlowDistribution.Uniform(20, new KernelRandom(1))), count => Assert.InRange(count, 49_000, 51_000));

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.7)]
    [InlineData(1.5)]
    public void Zipf_follows_its_formula(double exponent)
    {
        const int flows = 1000;
        var counts = Counts(FlowDistribution.Zipf(flows, exponent, new KernelRandom(2)));
        var harmonic = Enumerable.Range(1, flows).Sum(k => Math.Pow(k, -exponent));
        var chiSquare = 0.0;
        for (var k = 0; k < flows; k++)
        {
            var expected = Draws * Math.Pow(k + 1, -exponent) / harmonic;
            chiSquare += (counts[k] - expected) * (counts[k] - expected) / expected;
        }

        Assert.InRange(chiSquare, 820, 1190); // 999 degrees of freedom: deviation 45
    }

    [Fact]
    public void An_elephant_gets_its_share_and_mice_the_rest()
    {
        var counts = Counts(FlowDistribution.Elephant(11, 0.6, new KernelRandom(3)));
        Assert.InRange(counts[0], 598_000, 602_000);
        Assert.All(counts[1..], count => Assert.InRange(count, 39_300, 40_700));
        Assert.Equal(Draws, Counts(FlowDistribution.Elephant(1, 0.6, new KernelRandom(3)))[0]);
    }

    [Fact]
    public void A_weight_of_zero_is_never_drawn()
    {
        var counts = Counts(FlowDistribution.Weighted([0, 1, 0, 3, 0], new KernelRandom(4)));
        Assert.Equal((0, 0, 0), (counts[0], counts[2], counts[4]));
        Assert.InRange(counts[3], 748_000, 752_000);
    }

    [Fact]
    public void Impossible_weights_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new AliasTable([]));
        Assert.Throws<ArgumentException>(() => new AliasTable([0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AliasTable([1, -1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AliasTable([double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FlowDistribution.Elephant(3, 1.1, new KernelRandom(1)));
    }

    [Fact]
    public void The_same_seed_draws_the_same_flows()
    {
        FlowDistribution one = FlowDistribution.Zipf(50, 1, new KernelRandom(5)), same = FlowDistribution.Zipf(50, 1, new KernelRandom(5));
        for (var i = 0; i < 1000; i++) Assert.Equal(one.Next(), same.Next());
    }

    [Fact]
    public void The_internet_mix_is_seven_to_four_to_one()
    {
        var mix = FrameSizeMix.Imix(new KernelRandom(6));
        var counts = new int[3];
        for (var i = 0; i < 120_000; i++) counts[mix.Next()]++;
        Assert.Equal([60, 590, 1514], mix.Sizes.ToArray());
        Assert.InRange(counts[0], 69_000, 71_000);
        Assert.InRange(counts[1], 39_000, 41_000);
        Assert.InRange(counts[2], 9_500, 10_500);
    }

    [Fact]
    public void Frames_too_short_or_too_long_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameSizeMix.Fixed(59));
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameSizeMix.Fixed(9015));
        Assert.Throws<ArgumentException>(() => FrameSizeMix.Weighted([60], [1, 2], new KernelRandom(1)));
    }

    private static int[] Counts(FlowDistribution flows)
    {
        var counts = new int[flows.Flows];
        for (var i = 0; i < Draws; i++) counts[flows.Next()]++;
        return counts;
    }
}
