using NetActors.Nic;

namespace NetActors.Tests.Nic;

public sealed class FlowRulesTests
{
    private readonly RssContexts _contexts = new(Toeplitz.CanonicalKey, 128, 8);
    private readonly FlowRules _rules = new(8);

    [Theory]
    [InlineData("flow-type udp4 dst-port 53 action 2", true)]
    [InlineData("flow-type udp4 dst-port 54 action 2", false)]
    [InlineData("flow-type tcp4 dst-port 53 action 2", false)]
    [InlineData("flow-type ip4 src-ip 10.1.2.3 action 2", true)]
    [InlineData("flow-type ip4 src-ip 10.1.9.9 m 0.0.255.255 action 2", true)]
    [InlineData("flow-type ip4 dst-ip 10.1.9.9 m 0.0.255.255 action 2", false)]
    [InlineData("flow-type ip4 l4proto 17 action 2", true)]
    [InlineData("flow-type ip4 l4proto 6 action 2", false)]
    [InlineData("flow-type udp4 src-port 0x1000 m 0xfff action 2", true)]
    [InlineData("flow-type ether dst 02:00:00:00:00:01 action 2", true)]
    [InlineData("flow-type ether proto 0x0806 action 2", false)]
    [InlineData("flow-type ether vlan 5 m 0xf000 action 2", true)]
    [InlineData("flow-type udp4 vlan 6 action 2", false)]
    [InlineData("flow-type ip6 action 2", false)]
    public void A_rule_matches_what_its_words_say(string words, bool expected)
    {
        Assert.True(FlowRuleParser.TryParse(words, out var rule).Ok);
        var frame = Frames.Udp("10.1.2.3", 0x1234, "10.2.0.1", 53, vlan: 5);
        Assert.Equal(expected, rule.Matches(frame, FrameLayout.Parse(frame)));
    }

    [Fact]
    public void Ipv6_rules_match_addresses()
    {
        var frame = Frames.Tcp("fd00::1", 1, "fd00::2", 80);
        FlowRuleParser.TryParse("flow-type tcp6 src-ip fd00::1 dst-port 80 action 1", out var rule);
        Assert.True(rule.Matches(frame, FrameLayout.Parse(frame)));
        FlowRuleParser.TryParse("flow-type tcp6 src-ip fd00::3 action 1", out rule);
        Assert.False(rule.Matches(frame, FrameLayout.Parse(frame)));
    }

    [Fact]
    public void Port_rules_do_not_match_fragments()
    {
        var frame = Frames.Udp("10.0.0.1", 1, "10.0.0.2", 53);
        frame[20] = 0x20;
        FlowRuleParser.TryParse("flow-type udp4 dst-port 53 action 1", out var rule);
        Assert.False(rule.Matches(frame, FrameLayout.Parse(frame)));
    }

    [Theory]
    [InlineData("udp4 action 1", "flow-type")]
    [InlineData("flow-type udp5 action 1", "udp5")]
    [InlineData("flow-type udp4 dst-port 70000 action 1", "dst-port 70000")]
    [InlineData("flow-type udp4 dst-port", "lacks a value")]
    [InlineData("flow-type udp4 dst-port 5 m", "lacks a value")]
    [InlineData("flow-type udp4 dst-port 5", "needs an action")]
    [InlineData("flow-type ether src-ip 10.0.0.1 action 1", "'src-ip'")]
    [InlineData("flow-type ip4 dst-port 5 action 1", "'dst-port'")]
    [InlineData("flow-type ip4 src-ip fd00::1 action 1", "fd00::1")]
    [InlineData("flow-type ip4 colour red action 1", "'colour'")]
    public void Faulty_words_are_refused_by_name(string words, string named)
    {
        var answer = FlowRuleParser.TryParse(words, out _);
        Assert.StartsWith("EINVAL", answer.Error, StringComparison.Ordinal);
        Assert.Contains(named, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lowest_location_wins()
    {
        Add("flow-type ip4 action 3 loc 5");
        Add("flow-type udp4 action 4 loc 2");
        var frame = Frames.Flow(0);
        Assert.Equal(4, _rules.Match(frame, FrameLayout.Parse(frame))!.Queue);
        Assert.True(_rules.Delete(2).Ok);
        Assert.Equal(3, _rules.Match(frame, FrameLayout.Parse(frame))!.Queue);
        Assert.StartsWith("ENOENT", _rules.Delete(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_and_last_take_the_highest_free_location_and_first_the_lowest()
    {
        Assert.Equal(7, Add("flow-type ip4 action 0"));
        Assert.Equal(6, Add("flow-type ip4 action 0 loc last"));
        Assert.Equal(0, Add("flow-type ip4 action 0 loc first"));
        Assert.Equal(1, Add("flow-type ip4 action 0 loc first"));
    }

    [Fact]
    public void A_rule_at_a_taken_location_replaces_it()
    {
        Add("flow-type ip4 action 3 loc 5");
        Add("flow-type ip4 action 4 loc 5");
        Assert.Equal(4, Assert.Single(_rules.Rules).Queue);
    }

    [Theory]
    [InlineData("flow-type ip4 action 8", "EINVAL")]
    [InlineData("flow-type ip4 action -2", "EOPNOTSUPP")]
    [InlineData("flow-type ip4 context 3", "EINVAL")]
    [InlineData("flow-type ip4 action 1 loc 8", "EINVAL")]
    public void A_rule_that_the_device_cannot_keep_is_refused(string words, string error)
    {
        Assert.True(FlowRuleParser.TryParse(words, out var rule).Ok);
        Assert.StartsWith(error, _rules.Insert(rule, 8, _contexts, out _).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_table_has_no_space()
    {
        for (var i = 0; i < 8; i++) Add("flow-type ip4 action 0");
        FlowRuleParser.TryParse("flow-type ip4 action 0", out var rule);
        Assert.StartsWith("ENOSPC", _rules.Insert(rule, 8, _contexts, out _).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_in_use_is_not_deleted()
    {
        Assert.True(_contexts.Create(8, out var context).Ok);
        var location = Add($"flow-type ip4 context {context.Id}");
        Assert.StartsWith("EBUSY", _contexts.Delete(context.Id, _rules).Error, StringComparison.Ordinal);
        _rules.Delete(location);
        Assert.True(_contexts.Delete(context.Id, _rules).Ok);
        Assert.StartsWith("ENOENT", _contexts.Delete(0, _rules).Error, StringComparison.Ordinal);
    }

    private int Add(string words)
    {
        Assert.True(FlowRuleParser.TryParse(words, out var rule).Ok);
        Assert.True(_rules.Insert(rule, 8, _contexts, out var location).Ok);
        return location;
    }
}
