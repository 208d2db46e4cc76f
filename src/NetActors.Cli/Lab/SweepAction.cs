using System.CommandLine;
using NetActors.Cli.Commands;
using NetActors.Cli.Logging;
using NetActors.Cli.Reports;
using NetActors.Lab.Pages;
using NetActors.Lab.Runs;
using NetActors.Lab.Sweeping;
using NetActors.Scenarios;
using NetActors.Scenarios.Reading;

namespace NetActors.Cli.Lab;

/// <summary>Does what <c>sweep</c> asks for.</summary>
internal sealed class SweepAction(CommandContext context, SweepOptions options, ParseResult result)
{
    private readonly ScenarioLibrary _library = new(context.Terminal);

    /// <summary>Runs what is not done yet and reports all.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Execute()
    {
        var set = options.Set(result);
        if (set.Count == 0) throw CliException.Usage("nothing to sweep: --set KEY=a,b,c", "Try `netactors sweep --help`.");
        var metrics = Shown();
        var plan = SweepPlan.Read([.. options.Run.Overrides(result), .. set], options.Together(result), out var fault) ?? throw CliException.Usage(fault!);
        var jobs = Jobs(plan);
        using var files = options.Files.Open(result, [jobs[0].Scenario.Source]);
        using var store = Open();
        using var log = new LogSession(context.Terminal.Error, LogOptions.Level(result));
        var left = jobs.Count(j => store.Find(j.Key) is null);
        if (left < jobs.Count) context.Terminal.Error.WriteLine($"netactors: {jobs.Count - left} of {Figures.Of(jobs.Count, "run")} are in {store.Path} already");
        var counter = new RunCounter(context.Terminal, left);
        var how = new LabOptions(options.Run.Host(result), 0, log.AkkaConfig);
        ScenarioRuns.Guarded(() =>
        {
            SweepRun.Execute(plan, jobs, store, how, options.Run.Jobs(result), counter.Count, context.Cancellation);
            return true;
        });
        counter.End();
        return Report(files, plan, jobs, store, metrics);
    }

    private int Report(OpenLabFiles files, SweepPlan plan, List<SweepJob> jobs, SweepStore store, IReadOnlyList<Metric> metrics)
    {
        var results = SweepRun.Results(plan, jobs, store);
        if (files.OnOutput is null) SweepReport.Write(new Screen(context.Terminal), plan, results, jobs[0].Scenario, options.Seeds(result), metrics);
        context.Terminal.Out.Flush();
        files.Write("--json", () => SweepFiles.Json(plan, jobs, store), context.Terminal);
        files.Write("--csv", () => SweepFiles.Csv(plan, jobs, store), context.Terminal);
        files.WritePage(
            $"sweep of {jobs[0].Scenario.Name}", screen => SweepReport.Write(screen, plan, results, jobs[0].Scenario, options.Seeds(result), metrics),
            () => SweepPlots.Of(plan, results), context.Terminal);
        var code = ScenarioRuns.Verdict(results.SelectMany(r => r.Runs.Select(run => (string.Join(", ", r.Point.Values), run))), context.Terminal.Error);
        var done = jobs.Count(j => store.Find(j.Key) is not null);
        if (done == jobs.Count) return code;
        context.Terminal.Error.WriteLine($"netactors: interrupted: {done} of {Figures.Of(jobs.Count, "run")} are kept in {store.Path}; the same command goes on");
        return ExitCode.Interrupted;
    }

    private List<SweepJob> Jobs(SweepPlan plan)
    {
        var (runs, reference, host) = (new ScenarioRuns(_library), options.Scenario(result), options.Run.Host(result));
        var (seeds, jobs) = (options.Seeds(result), new List<SweepJob>());
        if ((long)plan.Points.Count * seeds > SweepPlan.MostPoints) throw CliException.Usage($"{plan.Points.Count} points with {seeds} seeds are more than {SweepPlan.MostPoints} runs");
        var read = Read(plan, reference);
        var text = _library.Text(reference);
        for (var at = 0; at < read.Length; at++)
        {
            var (point, overrides) = (plan.Points[at], plan.OverridesOf(plan.Points[at]));
            var scenario = read[at] ?? runs.Read(reference, overrides); // which tells the faults
            ScenarioRuns.Check(scenario, host);
            var first = options.Run.Seed(result) ?? scenario.Seed;
            for (var i = 0; i < seeds; i++)
            {
                var seeded = scenario with { Seed = unchecked(first + (ulong)i) };
                jobs.Add(new SweepJob(point, seeded, SweepJob.KeyOf(text, overrides, seeded, host)));
            }
        }

        return jobs;
    }

    /// <summary>The scenario of each point, read before anything runs; null where it has faults.</summary>
    private ScenarioFile?[] Read(SweepPlan plan, string reference)
    {
        var read = new ScenarioFile?[plan.Points.Count];
        ParallelWork.ForEach(
            [.. Enumerable.Range(0, read.Length)], options.Run.Jobs(result), i => read[i] = _library.Read(reference, plan.OverridesOf(plan.Points[i])).Scenario, context.Cancellation);
        return context.Cancellation.IsCancellationRequested ? throw CliException.Interrupted("netactors: interrupted before the first run: nothing was done") : read;
    }

    private SweepStore Open()
    {
        var directory = options.Out(result) ?? Path.GetFileNameWithoutExtension(options.Scenario(result)) + ".sweep";
        if (directory.Length == 0) throw CliException.Usage("--out needs the name of a directory");
        try
        {
            return new SweepStore(Path.Combine(context.Terminal.Directory, directory));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw CliException.Usage($"--out: `{directory}` cannot be written: {e.Message}");
        }
    }

    private IReadOnlyList<Metric> Shown()
    {
        var names = options.Show(result);
        if (names.Count == 0) return SweepReport.Usual;
        return [.. names.Select(Of)];

        static Metric Of(string name)
        {
            var all = Metric.All.Select(m => m.Key).ToList();
            return Metric.Find(name) ?? throw CliException.Usage($"--show: there is no figure `{Words.Cut(name)}`: {string.Join(", ", all)}"
                + (NearestName.Of(name, all) is { } near ? $"; did you mean `{near}`?" : ""));
        }
    }
}
