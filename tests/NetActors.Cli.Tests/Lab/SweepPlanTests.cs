using NetActors.Lab.Sweeping;

namespace NetActors.Cli.Tests.Lab;

public class SweepPlanTests
{
    [Theory]
    [InlineData("a,b,c", "a", "b", "c")]
    [InlineData("1..4", "1", "2", "3", "4")]
    [InlineData("1..64*4", "1", "4", "16", "64")]
    [InlineData("0.5..2+0.5Mpps", "0.5Mpps", "1.0Mpps", "1.5Mpps", "2.0Mpps")]
    [InlineData("8us,10..30+10us", "8us", "10us", "20us", "30us")]
    [InlineData("{},{rx-0: {rps_cpus: fe, x: [1, 2]}}", "{}", "{rx-0: {rps_cpus: fe, x: [1, 2]}}")]
    [InlineData("\"4-7,9\",'0,1'", "\"4-7,9\"", "'0,1'")]
    [InlineData("10.0.0.1:9000", "10.0.0.1:9000")]
    [InlineData("5..7*2", "5")]
    public void Values_are_lists_and_ranges(string text, params string[] values) => Assert.Equal(values, SweepValues.Read(text, out _));

    [Theory]
    [InlineData("a,,b", "has an empty value")]
    [InlineData("8..1", "goes down")]
    [InlineData("0..8*2", "never arrives")]
    [InlineData("1..8+0", "never arrives")]
    [InlineData("1..100000000", "more than 10000 values")]
    public void Values_that_never_end_are_refused(string text, string message)
    {
        Assert.Null(SweepValues.Read(text, out var fault));
        Assert.Contains(message, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_has_each_with_each_and_a_list_goes_hand_in_hand()
    {
        var grid = SweepPlan.Read(["a=1,2", "b=x,y,z", "c=9"], together: false, out _)!;
        Assert.Equal(["c=9"], grid.Fixed);
        Assert.Equal(["1x", "1y", "1z", "2x", "2y", "2z"], grid.Points.Select(p => string.Concat(p.Values)));
        Assert.Equal(["c=9", "a=2", "b=y"], grid.OverridesOf(grid.Points[4]));
        var list = SweepPlan.Read(["a=1,2", "b=x,y"], together: true, out _)!;
        Assert.Equal(["1x", "2y"], list.Points.Select(p => string.Concat(p.Values)));
        Assert.Single(SweepPlan.Read(["c=9"], together: true, out _)!.Points);
    }

    [Theory]
    [InlineData("--together needs as many values of each key, not 2, 3", true, "a=1,2", "b=1,2,3")]
    [InlineData("the key has values already", false, "a=1,2", "a=3,4")]
    [InlineData("write KEY=VALUES", false, "a")]
    [InlineData("more than 100000 points", false, "a=1..1000", "b=1..1000")]
    public void A_plan_that_cannot_be_is_refused(string message, bool together, params string[] options)
    {
        Assert.Null(SweepPlan.Read(options, together, out var fault));
        Assert.Contains(message, fault, StringComparison.Ordinal);
    }
}
