using System.Text.Json;

namespace NetActors.Cli.Tests.Lab;

public sealed class CompareTests : IDisposable
{
    private const string Rps = "hosts.server.devices.eth0.queues-sysfs={rx-0: {rps_cpus: fe}}";
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_variant_stands_beside_the_scenario_with_its_difference_and_whether_that_may_be_chance()
    {
        var result = _cli.Run("compare", "single-queue-host", "--set", Rps, "--seeds", "3", "--duration", "20ms");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("A  single-queue-host as it is\n", result.Out, StringComparison.Ordinal);
        Assert.Contains($"B  {Rps}\n", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^throughput +datagrams/s +\d.*\+\d.*\*$", result.Out); // RPS more than doubles it
        Assert.Matches(@"(?m)^drops .*-100\.0\*$", result.Out);
    }

    [Fact]
    public void Equal_variants_differ_by_nothing_and_jobs_do_not_show()
    {
        string[] args = ["compare", "tcp-rr", "tcp-rr", "--seeds", "2", "--duration", "2ms", "--json", "-"];
        var (alone, both) = (_cli.Run([.. args, "--jobs", "1"]), _cli.Run([.. args, "--jobs", "2"]));
        Assert.Equal((0, ""), (alone.ExitCode, alone.Error));
        Assert.Equal(alone.Out, both.Out);
        using var json = JsonDocument.Parse(alone.Out);
        var other = json.RootElement.GetProperty("variants")[1];
        Assert.All(other.GetProperty("difference").EnumerateObject(), d => Assert.Equal(0, d.Value.GetProperty("mean").GetDouble()));
        var runs = other.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("p99").GetDouble()).ToList();
        Assert.NotEqual(runs[0], runs[1]); // while seeds do
    }

    [Fact]
    public void Figures_are_those_of_a_run_of_the_same_seed()
    {
        using var compared = JsonDocument.Parse(_cli.Run("compare", "tcp-rr", "tcp-rr", "--seeds", "1", "--seed", "7", "--duration", "5ms", "--json", "-").Out);
        using var run = JsonDocument.Parse(_cli.Run("run", "tcp-rr", "--seed", "7", "--duration", "5ms", "--json", "-").Out);
        var figures = compared.RootElement.GetProperty("variants")[0].GetProperty("runs")[0];
        var latency = run.RootElement.GetProperty("latency").EnumerateArray().Single(l => l.GetProperty("name").GetString() == "client/asker");
        Assert.Equal(latency.GetProperty("p99_ns").GetInt64() / 1e3, figures.GetProperty("p99").GetDouble());
        Assert.Equal(latency.GetProperty("count").GetInt64() / 0.005, figures.GetProperty("throughput").GetDouble(), 6);
        var cpus = run.RootElement.GetProperty("hosts").EnumerateArray().Single(h => h.GetProperty("name").GetString() == "server").GetProperty("cpus");
        var soft = cpus.EnumerateArray().Sum(c => c.GetProperty("softirq_ns").GetInt64());
        Assert.Equal(100.0 * soft / (5e6 * cpus.GetArrayLength()), figures.GetProperty("soft").GetDouble(), 6);
    }

    [Fact]
    public void The_warm_up_is_left_out()
    {
        string[] args = ["compare", "tcp-rr", "tcp-rr", "--seeds", "1", "--duration", "6ms", "--json", "-", "--set"];
        using var whole = JsonDocument.Parse(_cli.Run([.. args, "report.warm-up=0ns"]).Out);
        using var warm = JsonDocument.Parse(_cli.Run([.. args, "report.warm-up=2ms"]).Out);
        static double Rate(JsonDocument d) => d.RootElement.GetProperty("variants")[0].GetProperty("runs")[0].GetProperty("throughput").GetDouble();
        Assert.True(Rate(warm) > Rate(whole) * 1.02, "connections are being made in the first millisecond");
    }

    [Fact]
    public void Published_figures_stand_beside_with_how_far_off_and_check_answers_for_it()
    {
        var file = _cli.Write("c.yaml", """
            description: one queue and RPS
            source: somebody, 2010
            scenario: single-queue-host
            seeds: 1
            set: ["duration=3ms"]
            within: { throughput: 50%, ratio: 1% }
            variants:
              none: { published: { throughput: 1500000, cpu: 33 } }
              rps:
                set: ["hosts.server.devices.eth0.queues-sysfs={rx-0: {rps_cpus: fe}}"]
                published: { throughput: 100000000 }
            """);
        var result = _cli.Run("compare", file);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("published: somebody, 2010\n", result.Out, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^throughput of none .* 50\.00  holds$", result.Out);
        Assert.Matches(@"(?m)^cpu of none .* -$", result.Out);
        Assert.Matches(@"(?m)^throughput of rps .* OFF$", result.Out);
        Assert.Matches(@"(?m)^throughput rps / none .* 1\.00  OFF$", result.Out);
        Assert.Equal(1, _cli.Run("compare", file, "--check").ExitCode);
    }

    [Fact]
    public void Csv_has_a_row_for_each_run_and_quotes_names()
    {
        var csv = _cli.PathOf("r.csv");
        Assert.Equal(0, _cli.Run("compare", "udp-echo", "--with", "seed=3; duration=1ms", "--seeds", "2", "--csv", csv).ExitCode);
        var lines = File.ReadAllLines(csv);
        Assert.StartsWith("variant,seed,throughput,p50,", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + 2 + 2, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(c => c == ','), line.Count(c => c == ',')));
    }

    [Theory]
    [InlineData("SCENARIO is missing", "compare")]
    [InlineData("there is no option `--sed`; did you mean `--set`?", "compare", "udp-echo", "tcp-rr", "--sed", "3")]
    [InlineData("nosuch: there is no such file", "compare", "nosuch")]
    [InlineData("nothing to compare with", "compare", "udp-echo")]
    [InlineData("--seeds is a whole number from 1 to 1000, not `0`", "compare", "udp-echo", "--seeds", "0")]
    [InlineData("--jobs is a whole number", "compare", "udp-echo", "--jobs", "many")]
    [InlineData("has no host `sever`: client, server; did you mean `server`?", "compare", "udp-echo", "tcp-rr", "--host", "sever")]
    [InlineData("nosuch: there is no such file", "compare", "udp-echo", "nosuch")]
    [InlineData("--set hosts.server.cpu=3: unknown key `cpu`", "compare", "udp-echo", "--set", "hosts.server.cpu=3")]
    [InlineData("--duration 5: `duration`: `5` needs a unit", "compare", "udp-echo", "tcp-rr", "--duration", "5")]
    [InlineData("--with makes variants of one scenario", "compare", "udp-echo", "tcp-rr", "--with", "seed=2")]
    [InlineData("both want standard output", "compare", "udp-echo", "tcp-rr", "--json", "-", "--csv", "-")]
    [InlineData("--seed: `x` is no whole number", "compare", "udp-echo", "tcp-rr", "--seed", "x")]
    public void A_wrong_command_line_is_refused(string message, params string[] args)
    {
        var result = _cli.Run(args);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
    }

    [Theory]
    [InlineData("variants: { a: {} }", "two variants at least", "`a` has no scenario")]
    [InlineData("scenario: udp-echo\nvariants: { a: {}, b: { set: seed=2 } }", "`set` is a list", null)]
    [InlineData("scenario: udp-echo\nvariants: { a: { published: { throughpt: 1 } }, b: {} }", "there is no figure `throughpt`", "did you mean `throughput`?")]
    [InlineData("scenario: udp-echo\nwithin: { cpu: 5 }\nvariants: { a: {}, b: {} }", "`5` needs a unit", null)]
    [InlineData("scenario: udp-echo\nvariant: 3\nvariants: { a: { published: { cpu: -1 } }, b: {} }", "unknown key `variant`", "no number from 0")]
    public void Faults_of_a_file_are_told_with_their_places(string text, string first, string? second)
    {
        var result = _cli.Run("compare", _cli.Write("c.yaml", text));
        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
        Assert.Contains(first, result.Error, StringComparison.Ordinal);
        if (second is not null) Assert.Contains(second, result.Error, StringComparison.Ordinal);
        Assert.Matches(@"c\.yaml:\d+:\d+: ", result.Error);
    }

    [Fact]
    public void Ctrl_c_ends_it_with_a_word()
    {
        var result = _cli.Run(["compare", "udp-echo", "tcp-rr"], new CancellationToken(canceled: true));
        Assert.Equal(ExitCode.Interrupted, result.ExitCode);
        Assert.Contains("interrupted after 0 of 10 runs", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_narrow_terminal_gets_whole_columns()
    {
        var result = _cli.Run(["compare", "udp-echo", "--set", "seed=2", "--seeds", "2", "--duration", "1ms"], CancellationToken.None, width: 60);
        Assert.Equal(0, result.ExitCode);
        Assert.All(result.OutLines.Where(l => l.StartsWith("throughput", StringComparison.Ordinal)), l => Assert.InRange(l.Length, 1, 60));
        Assert.True(result.OutLines.Count(l => l.StartsWith("figure", StringComparison.Ordinal)) > 1);
    }
}
