using NetActors.Observe;

namespace NetActors.Tests.Observe;

public class TraceFilterTests
{
    [Fact]
    public void Without_wishes_everything_passes() => Assert.Equal(Traces.Steered.Length, Passed([]));

    [Theory]
    [InlineData("softirq_*", 4)]
    [InlineData("*_skb", 3)]
    [InlineData("sched_switch", 2)]
    [InlineData("?pi_entry", 1)]
    [InlineData("ip_rcv", 0)]
    public void A_glob_chooses_by_name(string glob, int expected) => Assert.Equal(expected, Passed([glob]));

    [Fact]
    public void Several_globs_choose_together() => Assert.Equal(6, Passed(["softirq_*", "sched_switch"]));

    [Fact]
    public void A_packet_or_a_flow_is_followed_alone()
    {
        Assert.Equal(5, Passed([], packet: 7));
        Assert.Equal(5, Passed([], flow: 0xabcd));
        Assert.Equal(1, Passed(["consume_skb"], packet: 7, flow: 0xabcd));
        Assert.Equal(0, Passed([], packet: 8, flow: 0xabcd));
    }

    [Theory]
    [InlineData("ip_recv", "ip_rcv")]
    [InlineData("netif_recieve_skb", "netif_receive_skb")]
    [InlineData("kfree_skb*x", "kfree_skb")]
    public void An_unknown_name_is_refused_with_the_nearest(string wrong, string nearest)
    {
        Assert.False(TraceFilter.TryCreate(["irq_*", wrong], null, null, out var filter, out var fault));
        Assert.Null(filter);
        Assert.Equal($"unknown trace point '{wrong}'; the nearest is '{nearest}'", fault);
    }

    private static int Passed(string[] points, long? packet = null, uint? flow = null)
    {
        Assert.True(TraceFilter.TryCreate(points, packet, flow, out var filter, out _));
        return Traces.Steered.Count(e => filter.Matches(e));
    }
}
