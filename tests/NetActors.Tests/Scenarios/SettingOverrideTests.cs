using NetActors.Scenarios;

namespace NetActors.Tests.Scenarios;

public class SettingOverrideTests
{
    private static readonly string Text = File.ReadAllText(ShippedFiles.Scenario("rss-udp-flood"));

    [Fact]
    public void A_dotted_path_replaces_a_value() =>
        Assert.Equal(8, Texts.Scenario(Text, "hosts.server.devices.eth0.queues=8").Hosts[0].Devices[0].Queues);

    [Fact]
    public void A_path_makes_the_sections_that_are_not_there() =>
        Assert.Equal(1, Texts.Scenario(Text, "hosts.server.devices.eth0.napi.weight=1").Hosts[0].Devices[0].Napi.Weight);

    [Fact]
    public void Keys_with_dots_are_found() =>
        Assert.Equal(64, Texts.Scenario(Text, "hosts.server.sysctl.net.core.netdev_budget=64").Hosts[0].Sysctl["net.core.netdev_budget"]);

    [Fact]
    public void Items_of_lists_go_by_number_or_name()
    {
        var scenario = Texts.Scenario(Text, "traffic[0].rate=1Mpps", "traffic.flood.flows=2", "hosts.server.tasks[0].threads=3");
        var flood = (UdpFloodSettings)scenario.Traffic[0];
        Assert.Equal((1_000_000L, 2, 3), (flood.Rate, flood.Flows.Count, scenario.Hosts[0].Tasks[0].Threads));
    }

    [Fact]
    public void The_number_after_the_last_adds_an_item() =>
        Assert.Equal("hog", Texts.Scenario(Text, "hosts.server.tasks[1]={ name: hog, program: cpu-hog }").Hosts[0].Tasks[1].Name);

    [Fact]
    public void A_later_option_wins() => Assert.Equal(3UL, Texts.Scenario(Text, "seed=2", "seed=3").Seed);

    [Theory]
    [InlineData("seed=x", "--set seed=x: `seed`: `x` is no whole number of 64 bits")]
    [InlineData("hosts.server.devices.eth0.queue=8",
        "--set hosts.server.devices.eth0.queue=8: unknown key `queue` in hosts.HOST.devices.DEVICE; did you mean `queues`?")]
    [InlineData("hosts.server.sysctl.net.core.netdev_bugdet=1",
        "--set hosts.server.sysctl.net.core.netdev_bugdet=1: no sysctl here is called `net.core.netdev_bugdet`; did you mean `net.core.netdev_budget`?")]
    [InlineData("seed", "--set seed: write key=value, such as hosts.server.cpus=8")]
    [InlineData("seed.x=1", "--set seed.x=1: `x` leads into a value, which has no keys")]
    [InlineData("traffic[2].rate=1pps", "--set traffic[2].rate=1pps: `[2].rate` is no item of a list of 1: [0] is the first, [1] adds one")]
    [InlineData("traffic.flod.rate=1pps",
        "--set traffic.flod.rate=1pps: no item of the list is called `flod`: write its number, [0] being the first; did you mean `flood`?")]
    [InlineData("seed=[", "--set seed=[: not YAML: while parsing a node, did not find expected node content")]
    [InlineData("seed=", "--set seed=: the value is empty")]
    public void A_faulty_option_is_named(string option, string fault) => Assert.Equal(fault, Texts.Faults(Text, option));
}
