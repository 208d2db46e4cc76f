using System.CommandLine;
using NetActors.Cli.Commands;
using NetActors.Cli.Logging;
using NetActors.Costs;
using NetActors.Lab.Calibrating;
using NetActors.Lab.Comparing;
using NetActors.Lab.Runs;
using NetActors.Scenarios;

namespace NetActors.Cli.Lab;

/// <summary>Does what <c>calibrate</c> asks for.</summary>
internal sealed class CalibrateAction(CommandContext context, CalibrateOptions options, ParseResult result)
{
    private static readonly TextLibrary Texts = new("comparisons", ".yaml");

    /// <summary>Fits and reports.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Execute()
    {
        var read = CostModelReader.Read(options.Profile(result));
        if (read.Model is not { } profile) throw CliException.Usage([.. read.Faults.Select(f => f.ToString())]);
        var comparisons = options.Rows(result).Select(Read).ToList();
        var fit = options.Fit(result) is { Count: > 0 } told ? told : [.. comparisons.SelectMany(c => c.Fit)];
        if (fit.Count == 0) throw CliException.Usage("nothing to fit: name operations with --fit, or under `fit` in the rows", "Try `netactors calibrate --help`.");
        var groups = fit.Select(Group).ToList();
        if (options.Out(result) is { } path && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw CliException.Usage($"--out: there is no directory {folder}");
        var rows = Rows(comparisons);
        using var log = new LogSession(context.Terminal.Error, LogOptions.Level(result));
        var (how, threads) = (new LabOptions(options.Run.Host(result) ?? comparisons[0].Host, 0, log.AkkaConfig), options.Run.Jobs(result));
        var calibration = new Calibration(profile, groups, rows);
        var source = $"fitted to {string.Join(", ", options.Rows(result).Select(Path.GetFileNameWithoutExtension))}";
        var batches = 0;
        var (fitted, checks) = ScenarioRuns.Guarded(() =>
        {
            var best = calibration.Fit(source, options.Iterations(result), how, threads, Tell, context.Cancellation);
            return (best, best is null ? null : calibration.Check(best, how, threads, context.Cancellation));
        });
        if (fitted is null || checks is null) throw CliException.Interrupted($"netactors: interrupted after {calibration.Runs} runs: nothing fitted yet");
        Report(profile, fitted, groups, checks);
        return ExitCode.Ok;

        void Tell(double squares) =>
            context.Terminal.Error.WriteLine(FormattableString.Invariant($"batch {++batches}: {calibration.Runs} runs, sum of squares {squares:F2}"));
    }

    private void Report(CostModel profile, CostModel fitted, IReadOnlyList<CostGroup> groups, IReadOnlyList<PublishedCheck> checks)
    {
        var output = context.Terminal.Out;
        foreach (var op in groups.SelectMany(g => g.Operations).Distinct())
            output.WriteLine(FormattableString.Invariant($"{op,-24} {profile[op],8} ns -> {fitted[op],8} ns"));
        output.WriteLine();
        foreach (var check in checks)
        {
            var verdict = check.Within is null ? "" : check.Holds ? "holds" : "OFF";
            output.WriteLine(FormattableString.Invariant($"{check.What,-32} {check.Simulated,14:F2} {check.Published,14:F2} {100 * check.Off,8:+0.0;-0.0;0.0} % {verdict}"));
        }

        var text = Calibration.Write(fitted, profile, $"{profile.Name} fitted to {string.Join(", ", options.Rows(result).Select(Path.GetFileNameWithoutExtension))}");
        if (options.Out(result) is { } path) File.WriteAllText(path, text);
        else output.Write($"\n{text}");
        output.Flush();
    }

    private List<(Variant Variant, ScenarioFile Scenario, IReadOnlyDictionary<string, double> Within)> Rows(IReadOnlyList<Comparison> comparisons)
    {
        var runs = new ScenarioRuns(new ScenarioLibrary(context.Terminal));
        var rows = new List<(Variant, ScenarioFile, IReadOnlyDictionary<string, double>)>();
        foreach (var comparison in comparisons)
        {
            foreach (var variant in comparison.Variants.Where(v => v.Published.Count > 0 && !HasCosts(v)))
            {
                var scenario = runs.Read(variant.Scenario, [.. variant.Set, .. options.Run.Overrides(result)]);
                ScenarioRuns.Check(scenario, options.Run.Host(result) ?? comparison.Host);
                rows.Add((variant, options.Run.Seed(result) is { } seed ? scenario with { Seed = seed } : scenario, comparison.Within));
            }
        }

        return rows.Count > 0 ? rows : throw CliException.Usage("no row has figures under `published`: there is nothing to fit to");
    }

    /// <summary>A row that names its cost model is another machine's: it is not fitted.</summary>
    private static bool HasCosts(Variant variant) => variant.Set.Any(s => s.StartsWith("cost-model=", StringComparison.Ordinal));

    private static CostGroup Group(string text)
    {
        var read = CostGroup.Read(text);
        return read.Fault is null ? read.Value! : throw CliException.Usage($"--fit: {read.Fault}{(read.Suggestion is null ? "" : $": did you mean `{read.Suggestion}`?")}");
    }

    private Comparison Read(string reference)
    {
        if (Texts.Find(reference, context.Terminal.Directory) is not { } file) throw CliException.Usage($"--rows: no file is called {reference}");
        var (comparison, faults) = ComparisonReader.Read(file.Text, file.Path);
        return comparison ?? throw CliException.Usage([.. faults.Select(f => f.ToString())]);
    }
}
