using System.Net;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Tests.Scenarios;

public class ShippedScenariosTests
{
    public static TheoryData<string> Names => [.. ShippedFiles.Library];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shipped_scenario_is_valid_and_begins_with_what_to_look_at(string name)
    {
        var path = ShippedFiles.Scenario(name);
        var result = ScenarioReader.Read(path);
        Assert.Equal("", string.Join('\n', result.Faults));
        Assert.NotEmpty(result.Scenario!.Description);
        var text = File.ReadAllText(path);
        Assert.StartsWith("#", text, StringComparison.Ordinal);
        Assert.Contains("# Look at:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_names_every_scenario_and_no_other()
    {
        var page = File.ReadAllText(Path.Combine(ShippedFiles.Config, "scenarios", "README.md"));
        var section = page[page.IndexOf("## The scenarios here", StringComparison.Ordinal)..page.IndexOf("## Keys", StringComparison.Ordinal)];
        var named = section.Split('`').Where((word, i) => i % 2 == 1 && word.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '/'))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Equal("", string.Join(' ', ShippedFiles.Library.Where(name => !named.Contains(name) && !named.Contains(name.Split('/')[^1]))));
        Assert.Equal("", string.Join(' ', named.Where(name => !ShippedFiles.Library.Any(f => f == name || f.Split('/')[^1] == name))));
    }

    [Fact]
    public void The_rss_flood_reads_as_it_is_written()
    {
        var scenario = ScenarioReader.Read(ShippedFiles.Scenario("rss-udp-flood")).Scenario!;
        Assert.Equal("rss-udp-flood", scenario.Name);
        Assert.Equal(KernelTime.FromMilliseconds(100), scenario.Duration);
        Assert.Equal("bdw6-2018", scenario.CostModel.Name);
        var host = Assert.Single(scenario.Hosts);
        Assert.Equal(new CpuSettings(16, 1, 1), host.Cpus);
        Assert.Equal(300, host.Sysctl["net.core.netdev_budget"]);
        var device = Assert.Single(host.Devices);
        Assert.Equal(4, device.Queues);
        Assert.Equal(new RingSettings(512, 512), device.Ring);
        Assert.Equal(KernelTime.FromMicroseconds(8), device.Coalesce.RxUsecs);
        Assert.Equal(["0", "1", "2", "3"], device.SmpAffinity.Select(cpus => cpus.ToString()));
        Assert.Equal((FlowHashFields)15, device.RxFlowHash.Udp4);
        var route = Assert.Single(host.Routes);
        Assert.Equal((RouteKind.Unicast, Ipv4Prefix.Default, IPAddress.Parse("10.0.0.254"), "eth0"),
            (route.Kind, route.Destination, route.Gateway, route.Device));
        var sink = Assert.IsType<UdpSinkSettings>(Assert.Single(host.Tasks));
        Assert.Equal((12, "4-15", 32, true), (sink.Threads, sink.Cpus.ToString(), sink.Batch, sink.ReusePort));
        var flood = Assert.IsType<UdpFloodSettings>(Assert.Single(scenario.Traffic));
        Assert.Equal((4_000_000L, ArrivalProcess.Poisson, 64, scenario.Duration),
            (flood.Rate, flood.Arrival, flood.Flows.Count, flood.Stop));
        Assert.Equal("10.0.0.1:9000", flood.Destination.ToString());
    }
}
