using System.Text.Json;

namespace NetActors.Cli.Tests.Lab;

public sealed class ExplainTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    /// <summary>Each file is called like what limits it.</summary>
    public static TheoryData<string> Bottlenecks =>
    [
        .. Directory.EnumerateFiles(Path.Combine(ComparisonLibraryTests.Repository(), "config", "scenarios", "bottlenecks"), "*.yaml")
            .Select(f => Path.GetFileNameWithoutExtension(f)!),
    ];

    [Theory]
    [MemberData(nameof(Bottlenecks))]
    public void The_true_bottleneck_comes_first(string name)
    {
        using var json = Explain($"bottlenecks/{name}", "--no-trials");
        var found = json.RootElement.GetProperty("limits").EnumerateArray().Select(l => l.GetProperty("name").GetString()!).ToList();
        Assert.NotEmpty(found);
        Assert.StartsWith(name.Replace('-', ' '), found[0], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("small-ring", "receive ring of eth0 1024", "ethtool -G eth0 rx 1024")]
    [InlineData("small-backlog", "net.core.netdev_max_backlog 300", "sysctl -w net.core.netdev_max_backlog=300")]
    [InlineData("lock", "8 queues on eth0", "ethtool -L eth0 combined 8")]
    [InlineData("accept-queue", "listen backlog of web 4096", "sysctl -w net.core.somaxconn=4096")]
    public void The_knob_that_helps_is_found_by_trying(string name, string knob, string command)
    {
        using var json = Explain($"bottlenecks/{name}", "--seed", "3");
        var best = json.RootElement.GetProperty("tried")[0];
        Assert.Equal(knob, best.GetProperty("knob").GetString());
        Assert.Equal(command, best.GetProperty("commands")[0].GetString());
        Assert.True(best.GetProperty("gain").GetDouble() > 0.2);
        Assert.Equal(name.Replace('-', ' '), json.RootElement.GetProperty("limits")[0].GetProperty("name").GetString(), ignoreCase: true);
    }

    [Fact]
    public void The_gain_told_is_that_of_running_with_the_settings_told()
    {
        using var explained = Explain("bottlenecks/small-ring");
        var best = explained.RootElement.GetProperty("tried")[0];
        string[] set = [.. best.GetProperty("set").EnumerateArray().SelectMany(s => new[] { "--set", s.GetString()! })];
        using var compared = JsonDocument.Parse(_cli.Run(["compare", "bottlenecks/small-ring", .. set, "--seeds", "1", "--json", "-"]).Out);
        var run = compared.RootElement.GetProperty("variants")[1].GetProperty("runs")[0];
        Assert.Equal(run.GetProperty("throughput").GetDouble(), best.GetProperty("figures").GetProperty("throughput").GetDouble());
        Assert.Equal(run.GetProperty("cpu").GetDouble(), best.GetProperty("figures").GetProperty("cpu").GetDouble());
    }

    [Fact]
    public void What_an_idle_host_is_limited_by_is_nothing()
    {
        var result = _cli.Run("explain", "udp-echo", "--duration", "3ms");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("nothing: no CPU is full", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_costs_of_a_cpu_add_up_to_its_work()
    {
        using var json = Explain("bottlenecks/slow-application", "--no-trials");
        foreach (var cpu in json.RootElement.GetProperty("cpus").EnumerateArray())
        {
            var sum = cpu.GetProperty("costs").EnumerateArray().Sum(c => c.GetProperty("percent").GetDouble());
            Assert.Equal(100 * cpu.GetProperty("busy").GetDouble(), sum, 0.5);
        }
    }

    [Fact]
    public void Looking_for_flows_does_not_change_the_run()
    {
        using var explained = Explain("bottlenecks/elephant-flow", "--no-trials");
        using var compared = JsonDocument.Parse(_cli.Run("compare", "bottlenecks/elephant-flow", "bottlenecks/elephant-flow", "--seeds", "1", "--json", "-").Out);
        Assert.Equal(compared.RootElement.GetProperty("variants")[0].GetProperty("runs")[0].GetRawText().Replace(" ", "", StringComparison.Ordinal),
            explained.RootElement.GetProperty("figures").GetRawText().Replace(" ", "", StringComparison.Ordinal), ignoreWhiteSpaceDifferences: true, ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("SCENARIO is missing", "explain")]
    [InlineData("nosuch: there is no such file", "explain", "nosuch")]
    [InlineData("has no host `x`", "explain", "udp-echo", "--host", "x")]
    [InlineData("--top is a whole number from 1 to 100", "explain", "udp-echo", "--top", "0")]
    [InlineData("--set hosts.server.cpu=1: unknown key `cpu`", "explain", "udp-echo", "--set", "hosts.server.cpu=1")]
    public void A_wrong_command_line_is_refused(string message, params string[] args)
    {
        var result = _cli.Run(args);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
    }

    [Fact]
    public void Ctrl_c_before_anything_is_known_says_so()
    {
        var result = _cli.Run(["explain", "udp-echo"], new CancellationToken(canceled: true));
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Contains("nothing is known yet", result.Error, StringComparison.Ordinal);
    }

    private JsonDocument Explain(string scenario, params string[] args)
    {
        var result = _cli.Run(["explain", scenario, "--json", "-", .. args]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return JsonDocument.Parse(result.Out);
    }
}
