namespace NetActors.Cli.Tests;

public sealed class ListAndDescribeTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_scenarios_built_in_are_listed_with_what_they_show()
    {
        var result = _cli.Run("list");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches("(?m)^rss-udp-flood +RSS spreads a UDP flood", result.Out);
        Assert.Matches("(?m)^udp-echo +round trip", result.Out);
        Assert.DoesNotContain("cannot be run", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_scenarios_of_a_directory_above_go_before_those_built_in()
    {
        Directory.CreateDirectory(_cli.PathOf("config/scenarios"));
        _cli.Write("config/scenarios/mine.yaml", "description: my own\nhosts: { a: {} }\n");
        _cli.Write("config/scenarios/broken.yaml", "description: worse\n");
        var result = _cli.Run("list");
        Assert.Equal(["broken    cannot be run: 1 fault", "mine      my own"], result.OutLines[1..3]);
        Assert.Equal(0, _cli.Run("run", "mine", "--duration", "1ms").ExitCode);
        Assert.Equal(ExitCode.Usage, _cli.Run("run", "udp-echo").ExitCode);
    }

    [Fact]
    public void Every_scenario_can_be_described()
    {
        foreach (var name in _cli.Run("list").OutLines[1..^1].Select(line => line.Split(' ')[0]))
        {
            var result = _cli.Run("describe", name);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            Assert.StartsWith(name[(name.LastIndexOf('/') + 1)..] + ": ", result.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_description_has_the_knobs_the_programs_and_the_sources_of_the_costs()
    {
        var result = _cli.Run("describe", "rss-udp-flood", "--set", "hosts.server.sysctl.net.core.netdev_budget=600");
        foreach (var text in new[]
        {
            "host server\n", "16 CPUs\n", "net.core.netdev_budget = 600 (default 300)\n", "ethtool -L combined 4; -G rx 512 tx 512;",
            "rx-usecs 8 ", "rx-flow-hash tcp4 sdfn, udp4 sdfn\n", "eth0-TxRx-3=3\n", "route default via 10.0.0.254 dev eth0\n",
            "task sink: udp-sink, 12 threads on CPUs 4-15, a CPU each", "traffic flood to server.eth0: udp-flood",
            "64 flows uniform, from 10.0.1.0/24 ports 1024-65535 to 10.0.0.1:9000\n",
            "cost model bdw6-2018: ", "HardIrqEntry 350 ns (derived: ",
        })
            Assert.Contains(text, result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wire_is_described_with_its_faults()
    {
        var result = _cli.Run("describe", "lossy-wire");
        Assert.Contains(
            "wire client.eth0 - server.eth0: rate 1Gbit, delay 20 us, queue 100, "
                + "loss 1%, duplicate 0.5%, reorder 2%, corrupt 0.1%, reorder-delay 100 us\n",
            result.Out,
            StringComparison.Ordinal);
    }
}
