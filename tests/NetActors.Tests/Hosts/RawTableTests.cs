using NetActors.Buffers;
using NetActors.Scenarios;

namespace NetActors.Tests.Hosts;

/// <summary>Table raw of iptables at PREROUTING.</summary>
public sealed class RawTableTests
{
    [Theory]
    [InlineData("-p udp -j DROP", true)]
    [InlineData("-p udp --dport 9000 -j DROP", true)]
    [InlineData("-s 10.0.0.0/30 -d 10.0.0.1 -j DROP", true)]
    [InlineData("-j DROP", true)]
    [InlineData("-p udp --dport 9001 -j DROP", false)]
    [InlineData("-p tcp -j DROP", false)]
    [InlineData("-s 10.0.0.4/30 -j DROP", false)]
    [InlineData("-j ACCEPT", false)]
    public void A_packet_that_matches_is_dropped_before_its_route_is_looked_up(string rule, bool drops)
    {
        using var run = new Running(Host($"\"-t raw -A PREROUTING {rule}\""));
        run.Until(20_000);
        Assert.Equal(drops ? (100, 0L) : (0, 100L), ((int)run.Dropped(SkbDropReason.NETFILTER_DROP), run.Socket("sink").Delivered));
    }

    [Fact]
    public void The_first_rule_that_matches_decides()
    {
        using var run = new Running(Host("\"-t raw -A PREROUTING -p udp --dport 9000 -j ACCEPT\", \"-t raw -A PREROUTING -j DROP\""));
        run.Until(20_000);
        Assert.Equal(100, run.Socket("sink").Delivered);
    }

    [Theory]
    [InlineData("-t nat -A PREROUTING -j DROP")]
    [InlineData("-t raw -A OUTPUT -j DROP")]
    [InlineData("-t raw -A PREROUTING -j REJECT")]
    [InlineData("-t raw -A PREROUTING --dport 9 -j DROP")]
    [InlineData("-t raw -A PREROUTING -s 10.0.0.0/33 -j DROP")]
    [InlineData("-t raw -A PREROUTING -j")]
    [InlineData("")]
    public void What_is_no_such_rule_is_refused(string rule) =>
        Assert.Contains("iptables", Assert.Single(ScenarioReader.ReadText(Host($"\"{rule}\""), "test.yaml").Faults).Message, StringComparison.Ordinal);

    private static string Host(string rules) =>
        Yaml.Server(tasks: Yaml.Sink(), more: $"iptables: [ {rules} ]", traffic: Yaml.Flood("10kpps", ", stop: 10ms"));
}
