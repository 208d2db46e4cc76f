using System.CommandLine;
using NetActors.Cli.Commands;
using NetActors.Cli.Logging;
using NetActors.Cli.Reports;
using NetActors.Lab.Comparing;
using NetActors.Lab.Pages;
using NetActors.Lab.Runs;
using NetActors.Scenarios;

namespace NetActors.Cli.Lab;

/// <summary>Does what <c>compare</c> asks for.</summary>
internal sealed class CompareAction(CommandContext context, CompareOptions options, ParseResult result)
{
    private const int DefaultSeeds = 5;
    private static readonly TextLibrary Texts = new("comparisons", ".yaml");
    private readonly ScenarioLibrary _library = new(context.Terminal);

    /// <summary>Runs and reports.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Execute()
    {
        var comparison = Comparison();
        var runs = new ScenarioRuns(_library);
        var extra = options.Run.Overrides(result);
        var scenarios = comparison.Variants.Select(v => runs.Read(v.Scenario, [.. v.Set, .. extra])).ToList();
        var host = options.Run.Host(result) ?? comparison.Host;
        foreach (var scenario in scenarios) ScenarioRuns.Check(scenario, host);
        var first = options.Run.Seed(result) ?? scenarios[0].Seed;
        var seeds = options.Seeds(result) ?? comparison.Seeds ?? DefaultSeeds;
        var bySeed = comparison.Variants.Select((v, i) => (v, BySeed(scenarios[i], first, seeds))).ToList();
        using var files = options.Files.Open(result, scenarios.Select(s => s.Source).Concat(options.Scenarios(result)));
        using var log = new LogSession(context.Terminal.Error, LogOptions.Level(result));
        var counter = new RunCounter(context.Terminal, seeds * scenarios.Count);
        var how = new LabOptions(host, options.Files.Slices(result), log.AkkaConfig);
        var results = ScenarioRuns.Guarded(() => ComparisonRun.Execute(bySeed, how, options.Run.Jobs(result), counter.Count, context.Cancellation));
        counter.End();
        if (results is null)
            throw CliException.Interrupted($"netactors: interrupted after {counter.Done} of {Figures.Of(seeds * scenarios.Count, "run")}: nothing to compare yet");
        return Report(files, comparison, results, first);
    }

    private int Report(OpenLabFiles files, Comparison comparison, IReadOnlyList<VariantResult> results, ulong first)
    {
        if (files.OnOutput is null) ComparisonReport.Write(new Screen(context.Terminal), comparison, results, first);
        context.Terminal.Out.Flush();
        files.Write("--json", () => ComparisonFiles.Json(comparison, results, first), context.Terminal);
        files.Write("--csv", () => ComparisonFiles.Csv(results, first), context.Terminal);
        files.WritePage(Title(comparison, results), screen => ComparisonReport.Write(screen, comparison, results, first), () => Plots(results), context.Terminal);
        var code = ScenarioRuns.Verdict(results.SelectMany(r => r.Runs.Select(run => (r.Variant.Name, run))), context.Terminal.Error);
        return code == ExitCode.Ok && options.Checks(result) && PublishedCheck.Of(comparison, results).Any(c => !c.Holds) ? ExitCode.Failure : code;
    }

    private static string Title(Comparison comparison, IReadOnlyList<VariantResult> results) =>
        comparison.Description.Length > 0 ? comparison.Description : string.Join(" and ", results.Select(r => r.Variant.Name));

    private static IReadOnlyList<Plot> Plots(IReadOnlyList<VariantResult> results)
    {
        var plots = new List<Plot?> { RunPlots.Latency([.. results.Select(r => (r.Variant.Name, r.First.Latency))]) };
        for (var i = 0; i < results.Count; i++)
        {
            var (letter, run) = (ComparisonReport.Letter(i), results[i].First);
            plots.Add(RunPlots.Cpus($"cpus-{letter}", $"{letter}: CPUs of {run.Subject.Host}", run.Slices));
            plots.Add(RunPlots.Depths($"queues-{letter}", $"{letter}: queues of {run.Subject.Host}", run.Slices));
        }

        return [.. plots.OfType<Plot>()];
    }

    private static IReadOnlyList<ScenarioFile> BySeed(ScenarioFile scenario, ulong first, int seeds) =>
        [.. Enumerable.Range(0, seeds).Select(i => scenario with { Seed = unchecked(first + (ulong)i) })];

    private Comparison Comparison()
    {
        var (scenarios, set, with) = (options.Scenarios(result), options.Set(result), options.With(result));
        UsageFault.RefuseOptions(result, scenarios);
        if (scenarios.Count == 1 && FromFile(scenarios[0]) is { } read)
        {
            if (with.Count > 0) throw CliException.Usage($"--with makes variants of a scenario; {scenarios[0]} has its own");
            return read with { Variants = [.. read.Variants.Select(v => v with { Set = [.. v.Set, .. set] })] };
        }

        if (scenarios.Count > 1 && with.Count > 0) throw CliException.Usage("--with makes variants of one scenario: name one, or leave --with away");
        if (scenarios.Count > 1)
            return new Comparison { Variants = [.. scenarios.Select(s => new Variant(Path.GetFileNameWithoutExtension(s), s, set))] };
        var own = with.Count > 0 ? with.Select(w => w.Split("; ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) : set.Select(s => new[] { s });
        var common = with.Count > 0 ? set : [];
        var variants = own.Select(o => new Variant(string.Join("; ", o), scenarios[0], [.. common, .. o])).ToList();
        if (variants.Count == 0) new ScenarioRuns(_library).Read(scenarios[0], []); // that there is no such scenario is the nearer fault
        if (variants.Count == 0) throw CliException.Usage("nothing to compare with: name another scenario, or a variant with --set KEY=VALUE", "Try `netactors compare --help`.");
        return new Comparison { Variants = [new Variant($"{Path.GetFileNameWithoutExtension(scenarios[0])} as it is", scenarios[0], common), .. variants] };
    }

    /// <summary>The comparison that a file holds; null when it is a scenario, or none.</summary>
    private Comparison? FromFile(string reference)
    {
        var found = Texts.Find(reference, context.Terminal.Directory);
        if (found is not { } file || !ComparisonReader.Is(file.Text)) return null;
        var (comparison, faults) = ComparisonReader.Read(file.Text, file.Path);
        return comparison ?? throw CliException.Usage([.. faults.Select(f => f.ToString())]);
    }
}
