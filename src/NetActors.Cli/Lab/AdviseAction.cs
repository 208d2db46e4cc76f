using System.CommandLine;
using System.Globalization;
using NetActors.Cli.Commands;
using NetActors.Cli.Logging;
using NetActors.Cli.Reports;
using NetActors.Lab.Advising;
using NetActors.Lab.Comparing;
using NetActors.Lab.Runs;
using NetActors.Scenarios;

namespace NetActors.Cli.Lab;

/// <summary>Does what <c>advise</c> asks for.</summary>
internal sealed class AdviseAction(CommandContext context, AdviseOptions options, ParseResult result)
{
    private const int CheckSeeds = 4;
    private static readonly string[] Shown = ["throughput", "p50", "p99", "cpu", "busiest", "core_us", "interrupts", "drops"];
    private readonly ScenarioLibrary _library = new(context.Terminal);

    /// <summary>Searches, checks with other seeds, and reports.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Execute()
    {
        var goal = options.Goal(result) ?? throw CliException.Usage("--goal FIGURE says what is to be better, such as --goal p99", "Try `netactors advise --help`.");
        var reference = options.Scenario(result);
        var runs = new ScenarioRuns(_library);
        List<string> overrides = [.. options.Set(result), .. options.Run.Overrides(result)];
        if (options.Load(result) is { } load) overrides.Add(LoadOf(load, runs.Read(reference, overrides)));
        var scenario = runs.Read(reference, overrides);
        ScenarioRuns.Check(scenario, options.Run.Host(result));
        var host = Subject.Of(scenario, options.Run.Host(result)).Host;
        var seed = options.Run.Seed(result) ?? scenario.Seed;
        using var log = new LogSession(context.Terminal.Error, LogOptions.Level(result));
        var (counter, how) = (new RunCounter(context.Terminal, 0), new LabOptions(host, 0, log.AkkaConfig));
        var jobs = options.Run.Jobs(result);
        var search = new AdviceSearch(goal, host, With, Measure, jobs, options.Runs(result));
        var advice = ScenarioRuns.Guarded(() => search.Search(context.Cancellation));
        if (advice is null || advice.Steps.Count == 0 && context.Cancellation.IsCancellationRequested)
            throw CliException.Interrupted("netactors: interrupted before anything was tried: there is no advice yet");
        var check = advice.Chosen.Count == 0 ? null : Check(advice);
        counter.End();
        Report(new Screen(context.Terminal), goal, scenario with { Seed = seed }, host, advice, check);
        context.Terminal.Out.Flush();
        var code = ScenarioRuns.Verdict([(scenario.Name, advice.Before), ("the advice", advice.After)], context.Terminal.Error);
        if (!context.Cancellation.IsCancellationRequested) return code;
        context.Terminal.Error.WriteLine("netactors: interrupted: this is the best so far");
        return ExitCode.Interrupted;

        ScenarioFile? With(IReadOnlyList<string> set) => _library.Read(reference, [.. overrides, .. set]).Scenario;

        RunFigures? Measure(ScenarioFile changed)
        {
            var run = LabRun.Execute(changed with { Seed = seed }, how, () => context.Cancellation.IsCancellationRequested);
            counter.Count();
            return run is null ? null : RunFigures.Of(run);
        }

        IReadOnlyList<VariantResult>? Check(Advice found)
        {
            if (With(found.Set) is not { } advised) return null;
            var variants = new[] { (new Variant("as it is", reference, []), scenario), (new Variant("advice", reference, found.Set), advised) };
            return ComparisonRun.Execute(
                [.. variants.Select(v => (v.Item1, (IReadOnlyList<ScenarioFile>)[.. Enumerable.Range(1, CheckSeeds).Select(i => v.Item2 with { Seed = unchecked(seed + (ulong)i) })]))],
                how, jobs, counter.Count, context.Cancellation);
        }
    }

    private static string LoadOf(string load, ScenarioFile scenario)
    {
        if (load.Contains('=', StringComparison.Ordinal)) return load;
        var keys = Load.KeysOf(scenario);
        if (keys.Count == 1) return $"{keys[0]}={load}";
        throw CliException.Usage(keys.Count == 0
            ? $"--load: {scenario.Source} has no source with a rate; write --load KEY=VALUE"
            : $"--load: {scenario.Source} has several sources with a rate; write one of {string.Join(", ", keys.Select(k => $"--load {k}={load}"))}");
    }

    private static void Report(Screen screen, Goal goal, ScenarioFile scenario, string host, Advice advice, IReadOnlyList<VariantResult>? check)
    {
        screen.Heading($"{scenario.Name}: settings of {host} for {goal.Metric.Heading}");
        var whole = advice.IsWhole ? "until nothing more was gained" : "then the runs were used up or Ctrl-C came";
        screen.Line($"{Figures.Of(advice.Runs, "run")} of {Figures.Time(scenario.Duration)}, seed {scenario.Seed}, {whole}");
        screen.Section("the search");
        var table = new ColumnTable("changed", "tried", "taken", goal.Metric.Key).Text("changed", "taken");
        table.Add("", "", "as it is", Text(advice.Before[goal.Metric.Key]));
        foreach (var step in advice.Steps.Where(s => s.Tried > 0)) table.Add(step.Dimension, Figures.Count(step.Tried), step.Chosen?.Name ?? "-", Text(step.Figures[goal.Metric.Key]));
        screen.Table(table);
        screen.Section("advice");
        if (advice.Chosen.Count == 0)
        {
            screen.Line("leave it as it is: nothing of what was tried is better");
            return;
        }

        foreach (var command in advice.Chosen.SelectMany(k => k.Commands)) screen.Line(command);
        screen.Line();
        screen.Line($"here: {string.Join(" ", advice.Set.Select(s => $"--set '{s}'"))}");
        if (check is null) return;
        screen.Section($"checked with {CheckSeeds} other seeds");
        var figures = new ColumnTable("figure", "unit", "as it is", "advice", "difference", "95% +-", "%").Text("figure", "unit");
        foreach (var metric in Shown.Select(k => Metric.Find(k)!))
        {
            if (check[0][metric.Key] is not { } before || check[1][metric.Key] is not { } after || check[1].Minus(check[0], metric.Key) is not { } difference) continue;
            figures.Add(metric.Heading, metric.UnitOf(check[0].First.Subject.Unit), ComparisonReport.Value(before.Mean), ComparisonReport.Value(after.Mean),
                ComparisonReport.Value(difference.Mean), double.IsFinite(difference.Half) ? ComparisonReport.Value(difference.Half) : "-",
                before.Mean == 0 ? "-" : (100 * difference.Mean / before.Mean).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + (difference.IsNotZero ? "*" : " "));
        }

        screen.Table(figures);
    }

    private static string Text(double? value) => value is { } number ? ComparisonReport.Value(number) : "-";
}
