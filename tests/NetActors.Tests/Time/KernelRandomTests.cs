using NetActors.Time;

namespace NetActors.Tests.Time;

public class KernelRandomTests
{
    [Fact] // state 1, 2, 3, 4: the values that the reference implementation of xoshiro256** gives
    public void It_is_xoshiro256_starstar()
    {
        var random = new KernelRandom(1, 2, 3, 4);
        ulong[] reference =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625,
            8476171486693032832, 10595114339597558777, 2904607092377533576,
        ];
        Assert.All(reference, expected => Assert.Equal(expected, random.NextUInt64()));
    }

    [Fact] // splitmix64 of the seed 1234567
    public void It_is_seeded_by_splitmix64()
    {
        var seeded = new KernelRandom(1234567);
        var same = new KernelRandom(6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431);
        for (var i = 0; i < 100; i++) Assert.Equal(same.NextUInt64(), seeded.NextUInt64());
    }

    [Fact]
    public void Parts_of_one_seed_have_sequences_of_their_own()
    {
        Assert.Equal(KernelRandom.For(7, "nic").NextUInt64(), KernelRandom.For(7, "nic").NextUInt64());
        Assert.NotEqual(KernelRandom.For(7, "nic").NextUInt64(), KernelRandom.For(7, "wire").NextUInt64());
        Assert.NotEqual(KernelRandom.For(7, "nic").NextUInt64(), KernelRandom.For(8, "nic").NextUInt64());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(10, 9)]
    [InlineData(uint.MaxValue, uint.MaxValue - 1)]
    public void A_number_below_a_bound_is_below_it(uint bound, uint most)
    {
        var random = new KernelRandom(3);
        for (var i = 0; i < 1000; i++) Assert.InRange(random.NextBelow(bound), 0u, most);
    }

    [Fact]
    public void Every_number_below_a_bound_comes_as_often()
    {
        var random = new KernelRandom(3);
        var counts = new int[10];
        for (var i = 0; i < 100_000; i++) counts[random.NextBelow(10)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Doubles_lie_in_the_unit_interval_and_chances_come_true()
    {
        var random = new KernelRandom(4);
        var hits = 0;
        for (var i = 0; i < 100_000; i++)
        {
            Assert.InRange(random.NextDouble(), 0, 0.9999999999999999);
            if (random.Chance(0.3)) hits++;
        }

        Assert.InRange(hits, 29_400, 30_600);
        Assert.False(random.Chance(0));
        Assert.True(random.Chance(1));
    }

    [Fact] // of an exponential distribution: mean and deviation alike, 1/e of the values above the mean
    public void Exponential_gaps_have_their_mean_and_deviation()
    {
        var random = new KernelRandom(5);
        double sum = 0, squares = 0;
        var above = 0;
        const int n = 400_000;
        for (var i = 0; i < n; i++)
        {
            var gap = random.NextExponential(1000);
            Assert.True(gap >= 0);
            sum += gap;
            squares += gap * gap;
            if (gap > 1000) above++;
        }

        var mean = sum / n;
        Assert.InRange(mean, 992, 1008);
        Assert.InRange(Math.Sqrt((squares / n) - (mean * mean)), 985, 1015);
        Assert.InRange(above / (double)n, 0.3679 - 0.004, 0.3679 + 0.004);
    }

    [Fact]
    public void The_logarithm_is_the_logarithm()
    {
        var random = new KernelRandom(6);
        for (var i = 0; i < 100_000; i++)
        {
            var value = random.NextDouble() + (1.0 / (1UL << 53));
            Assert.Equal(Math.Log(value), KernelRandom.Log(value), 1e-12);
        }

        Assert.Equal(0, KernelRandom.Log(1));
        Assert.Equal(Math.Log(1.0 / (1UL << 53)), KernelRandom.Log(1.0 / (1UL << 53)), 1e-12);
    }

    [Fact]
    public void Exponentials_and_powers_agree_with_the_library()
    {
        var random = new KernelRandom(3);
        for (var i = 0; i < 10_000; i++)
        {
            var (x, y) = ((random.NextDouble() * 1200) - 600, (random.NextDouble() * 10) - 5);
            Assert.Equal(1, KernelRandom.Exp(x) / Math.Exp(x), 1e-13);
            var value = random.NextDouble() + 1e-9;
            Assert.Equal(1, KernelRandom.Pow(value, y) / Math.Pow(value, y), 1e-11);
        }

        Assert.Equal(1, KernelRandom.Exp(0));
        Assert.Equal(1, KernelRandom.Pow(1, -0.3));
    }
}
