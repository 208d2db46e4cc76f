using System.CommandLine;
using NetActors.Cli.Commands;
using NetActors.Cli.Logging;
using NetActors.Cli.Reports;
using NetActors.Lab.Explaining;
using NetActors.Lab.Pages;
using NetActors.Lab.Runs;
using NetActors.Scenarios;

namespace NetActors.Cli.Lab;

/// <summary>Does what <c>explain</c> asks for.</summary>
internal sealed class ExplainAction(CommandContext context, ExplainOptions options, ParseResult result)
{
    private readonly ScenarioLibrary _library = new(context.Terminal);

    /// <summary>Runs, looks and tries.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Execute()
    {
        string[] overrides = [.. options.Set(result), .. options.Run.Overrides(result)];
        var (reference, host) = (options.Scenario(result), options.Run.Host(result));
        var scenario = new ScenarioRuns(_library).Read(reference, overrides);
        ScenarioRuns.Check(scenario, host);
        if (options.Run.Seed(result) is { } seed) scenario = scenario with { Seed = seed };
        using var files = options.Files.Open(result, [scenario.Source]);
        using var log = new LogSession(context.Terminal.Error, LogOptions.Level(result));
        var counter = new RunCounter(context.Terminal, 0);
        var explained = ScenarioRuns.Guarded(() => Explanation.Of(
            scenario, new LabOptions(host, options.Files.Slices(result), log.AkkaConfig), With, options.Run.Jobs(result), counter.Count, options.Trials(result), context.Cancellation));
        counter.End();
        if (explained is null) throw CliException.Interrupted("netactors: interrupted before the first run ended: nothing is known yet");
        if (files.OnOutput is null) ExplainReport.Write(new Screen(context.Terminal), explained, options.Top(result));
        context.Terminal.Out.Flush();
        files.Write("--json", () => ExplainFiles.Json(explained), context.Terminal);
        files.Write("--csv", () => ExplainFiles.Csv(explained), context.Terminal);
        var run = explained.Evidence.Run;
        files.WritePage($"why {run.Subject.Host} of {scenario.Name} is busy", screen => ExplainReport.Write(screen, explained, options.Top(result)), Plots, context.Terminal);
        var code = ScenarioRuns.Verdict([(scenario.Name, explained.Figures)], context.Terminal.Error);
        if (!context.Cancellation.IsCancellationRequested) return code;
        context.Terminal.Error.WriteLine("netactors: interrupted: not every knob has been tried");
        return ExitCode.Interrupted;

        IReadOnlyList<Plot> Plots() =>
        [
            .. new[]
            {
                RunPlots.Cpus("cpus", $"CPUs of {run.Subject.Host}", run.Slices), RunPlots.Depths("queues", $"queues of {run.Subject.Host}", run.Slices),
                RunPlots.Latency([(scenario.Name, run.Latency)]),
            }.OfType<Plot>(),
        ];

        ScenarioFile? With(IReadOnlyList<string> set) => _library.Read(reference, [.. overrides, .. set]).Scenario;
    }
}
