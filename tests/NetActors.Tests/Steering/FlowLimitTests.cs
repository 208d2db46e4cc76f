using NetActors.Steering;

namespace NetActors.Tests.Steering;

/// <summary>Specification section 5.7.</summary>
public class FlowLimitTests
{
    [Fact]
    public void One_flow_is_refused_from_its_65th_packet_on() // threshold > 64 of a history of 128
    {
        var limit = new FlowLimit(4096);
        for (var n = 0; n < 64; n++) Assert.False(limit.Refuses(0x1234_5678));
        for (var n = 0; n < 200; n++) Assert.True(limit.Refuses(0x1234_5678)); // refused ones count in the history too
        Assert.Equal(200u, limit.Count);
    }

    [Fact]
    public void Flow_with_half_of_the_packets_is_not_refused_and_with_more_is()
    {
        var half = new FlowLimit(4096);
        for (var n = 0; n < 2000; n++) Assert.False(half.Refuses(n % 2 == 0 ? 0x1234_5678 : Other(n)));
        var more = new FlowLimit(4096);
        var refused = 0;
        for (var n = 0; n < 2000; n++) refused += more.Refuses(n % 3 != 0 ? 0x1234_5678 : Other(n)) ? 1 : 0;
        Assert.InRange(refused, 1200, 1334); // two in three, but for the first
    }

    private static uint Other(int n) => (uint)((n % 50) + 1) * 0x9E37_79B9;

    [Fact]
    public void Sixty_four_equal_flows_are_not_limited() // 13 item 8
    {
        var limit = new FlowLimit(4096);
        for (var n = 0u; n < 10_000; n++) Assert.False(limit.Refuses((n % 64) * 0x9E37_79B9));
        Assert.Equal(0u, limit.Count);
    }

    [Fact]
    public void Flow_that_stops_is_forgotten_after_128_packets()
    {
        var limit = new FlowLimit(4096);
        for (var n = 0; n < 64; n++) limit.Refuses(0x1234_5678);
        for (var n = 0u; n < 128; n++) limit.Refuses(n * 0x9E37_79B9);
        for (var n = 0; n < 64; n++) Assert.False(limit.Refuses(0x1234_5678));
    }

    [Theory]
    [InlineData(499, 1000, true)]
    [InlineData(500, 1000, false)]
    [InlineData(50, 101, false)] // an integer shift
    public void Backlog_below_half_is_not_looked_at(int length, int max, bool idle) => Assert.Equal(idle, FlowLimit.IsIdle(length, max));

    [Fact]
    public void Buckets_are_a_power_of_two() => Assert.Throws<ArgumentOutOfRangeException>(() => new FlowLimit(1000));
}
