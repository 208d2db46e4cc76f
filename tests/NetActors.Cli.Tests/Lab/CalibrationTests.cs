using NetActors.Costs;
using NetActors.Lab.Calibrating;
using NetActors.Lab.Comparing;
using NetActors.Lab.Runs;
using NetActors.Scenarios;

namespace NetActors.Cli.Tests.Lab;

/// <summary>Profiles are fitted to measured rows, and ours to the published ones.</summary>
public sealed class CalibrationTests
{
    private const string Rows = """
        duration: 4ms
        cost-model: bdw6-2018
        hosts:
          server:
            cpus: 1
            devices:
              eth0: { addresses: [10.0.0.1/24], queues: 1, mac: "02:00:00:00:00:01", features: { gro: off } }
            iptables: [ "-t raw -A PREROUTING -p udp -j DROP" ]
        traffic: [ { name: flood, to: server.eth0, kind: udp-flood, rate: 9Mpps, size: 64, source: 10.0.0.2/32, destination: "10.0.0.1:9000" } ]
        report: { warm-up: 1ms, interval: 1ms }
        """;

    [Theory]
    [InlineData("calibration-1-rps")]
    [InlineData("calibration-2-ladder")]
    [InlineData("calibration-3-memcached")]
    public void A_published_table_is_reproduced(string name)
    {
        var path = Path.Combine(ComparisonLibraryTests.Repository(), "config", "comparisons", name + ".yaml");
        var (comparison, faults) = ComparisonReader.Read(File.ReadAllText(path), path);
        Assert.Empty(faults);
        Assert.Equal((0.05, 0.1), (comparison!.Within["throughput"], comparison.Within["cpu"]));
        var library = new Commands.ScenarioLibrary(new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, Directory = Path.GetDirectoryName(path)! });
        var variants = comparison.Variants.Select(v => (v, (IReadOnlyList<ScenarioFile>)[library.Read(v.Scenario, v.Set).Scenario!])).ToList();
        var results = ComparisonRun.Execute(variants, new LabOptions(comparison.Host), 2, () => { }, CancellationToken.None)!;
        Assert.All(results, r => Assert.Empty(r.Runs[0].Faults));
        var off = PublishedCheck.Of(comparison, results).Where(c => !c.Holds).Select(c => $"{c.What}: {c.Simulated:F3}, published {c.Published:F3}");
        Assert.Equal("", string.Join('\n', off));
        var unfitted = PublishedCheck.Of(comparison, results).Where(c => c.Within is null && c.What.Split(' ')[0] is "interrupts" or "ppi" or "mean" && Math.Abs(c.Off) > 0.12);
        Assert.Equal("", string.Join('\n', unfitted.Select(c => $"{c.What}: {c.Simulated:F3}, published {c.Published:F3}")));
    }

    [Fact]
    public void The_profile_of_2024_is_its_prior_times_one_factor_for_each_group_of_the_fit()
    {
        var config = Path.Combine(ComparisonLibraryTests.Repository(), "config");
        var prior = CostModelReader.Read(Path.Combine(config, "cost-models", "priors", "srv64-2024.yaml")).Model!;
        var fitted = CostModelReader.Read("srv64-2024").Model!;
        var rows = Path.Combine(config, "comparisons", "calibration-3-memcached.yaml");
        var groups = ComparisonReader.Read(File.ReadAllText(rows), rows).Comparison!.Fit.Select(f => CostGroup.Read(f).Value!).ToList();
        var free = groups.SelectMany(g => g.Operations).ToHashSet();
        Assert.All(Enum.GetValues<CostOp>().Where(op => !free.Contains(op)), op => Assert.Equal(prior[op], fitted[op]));
        foreach (var group in groups)
        {
            var factor = group.Operations.Select(op => (double)fitted[op] / prior[op]).Order().ElementAt(group.Operations.Count / 2);
            Assert.All(group.Operations, op => Assert.InRange((fitted[op] - (factor * prior[op])) / (1 + (0.01 * prior[op])), -1, 1)); // rounded to the nanosecond
        }
    }

    [Fact]
    public void Costs_that_made_the_rows_are_found_again()
    {
        var truth = CostModelReader.Read("bdw6-2018").Model!.With(CostOp.RxDescriptor, 160).With(CostOp.SkbDrop, 20);
        var scenario = ScenarioReader.ReadText(Rows, "rows.yaml").Scenario!;
        var measured = RunFigures.Of(LabRun.Execute(scenario with { CostModel = truth }, new LabOptions())!)["throughput"]!.Value;
        var within = new Dictionary<string, double> { ["throughput"] = 0.02 };
        var variant = new Variant("raw drop", "", [], new Dictionary<string, double> { ["throughput"] = measured });
        var profile = CostModelReader.Read("bdw6-2018").Model!;
        CostModel Fit() => new Calibration(profile, [CostGroup.Read("RxDescriptor:0.5..4").Value!], [(variant, scenario, within)])
            .Fit("fitted", 8, new LabOptions(), 2, _ => { }, CancellationToken.None)!;
        var fitted = Fit();
        Assert.InRange(fitted[CostOp.RxDescriptor], 150, 170);
        Assert.Equal(fitted.Nanoseconds.ToArray(), Fit().Nanoseconds.ToArray());
        var written = CostModelReader.ReadText(Calibration.Write(fitted, profile, "a test"), "mine.yaml");
        Assert.Empty(written.Faults);
        Assert.Equal(fitted.Nanoseconds.ToArray(), written.Model!.Nanoseconds.ToArray());
    }

    [Fact]
    public void Least_squares_stay_within_their_bounds()
    {
        static IReadOnlyList<double[]> Line(IReadOnlyList<double[]> points) => [.. points.Select(p => new[] { p[0] - 3, p[1] + 1, (p[0] * p[1]) + 3 })];
        Assert.Equal([3.0, -1.0], BoundedLeastSquares.Minimise(Line, [1, 1], [-9, -9], [9, 9], 40).Select(x => Math.Round(x, 2)));
        Assert.Equal(2.0, BoundedLeastSquares.Minimise(Line, [1, 1], [-9, -9], [2, 9], 40)[0]);
    }

    [Theory]
    [InlineData("IdleExit", 1, 0.2, 5)]
    [InlineData("IdleExit + Wakeup:0.5..4", 2, 0.5, 4)]
    public void Groups_are_read(string text, int operations, double least, double most)
    {
        var group = CostGroup.Read(text).Value!;
        Assert.Equal((operations, least, most), (group.Operations.Count, group.Least, group.Most));
    }

    [Theory]
    [InlineData("IdelExit")]
    [InlineData("IdleExit:4..1")]
    [InlineData("IdleExit:0..1")]
    [InlineData("IdleExit:1")]
    [InlineData("")]
    public void Bad_groups_are_refused(string text) => Assert.NotNull(CostGroup.Read(text).Fault);

    [Fact]
    public void The_command_says_what_is_wrong()
    {
        using var cli = new Cli();
        var bad = cli.Run("calibrate", "--profile", "bdw6-2018", "--rows", "calibration-2-ladder", "--fit", "RxDescriptro");
        Assert.Equal(ExitCode.Usage, bad.ExitCode);
        Assert.Contains("RxDescriptor", bad.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, cli.Run("calibrate", "--profile", "bdw7", "--rows", "calibration-2-ladder").ExitCode);
        Assert.Equal(ExitCode.Usage, cli.Run("calibrate", "--profile", "bdw6-2018", "--rows", "rps-single-queue").ExitCode);
    }
}
