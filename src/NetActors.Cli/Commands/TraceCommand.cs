using System.CommandLine;
using System.Globalization;
using NetActors.Cli.Captures;
using NetActors.Cli.Logging;
using NetActors.Cli.Reports;
using NetActors.Cli.Running;
using NetActors.Cli.Tracing;
using NetActors.Observe;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors trace SCENARIO</c>. Virtual time only: there the same packet has the same number each time.</summary>
internal sealed class TraceCommand
{
    private readonly Argument<string> _scenario = ScenarioOptions.Scenario();
    private readonly TraceOptions _options = new();
    private readonly ScenarioOptions _changes = new();
    private readonly CommandContext _context;

    private TraceCommand(CommandContext context) => _context = context;

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var trace = new TraceCommand(context);
        const string Does = "Print the way of one packet or flow, function by function, with CPU and time as ftrace does.";
        var command = new Command("trace", Does) { trace._scenario };
        trace._options.AddTo(command);
        trace._changes.AddTo(command);
        Help.Extend(
            command,
            context.Terminal,
            examples:
            [
                "netactors trace rss-udp-flood                                      the first packet that was delivered",
                "netactors trace rss-udp-flood --point 'irq*' --point 'napi*' --limit 50",
                "netactors trace udp-echo --to 3ms --perfetto timeline.pftrace      to open in ui.perfetto.dev",
            ],
            next:
            [
                "netactors trace SCENARIO --packet ID       another packet, by the number after skbaddr=",
                "netactors trace SCENARIO --flow HASH       all packets of its flow, by the number after hash=",
            ]);
        command.SetAction(trace.Run);
        return command;
    }

    private int Run(ParseResult result)
    {
        var library = new ScenarioLibrary(_context.Terminal);
        var (limit, (from, to)) = (_options.Limit(result), _options.Span(result));
        _ = _options.Filter(result, null); // a wrong name is told before anything runs
        var scenario = _changes.Read(result, overrides => library.Read(result.GetRequiredValue(_scenario), overrides));
        var path = _options.Perfetto(result);
        using var file = path is null ? null : OutputFile.Open("--perfetto", path, [(scenario.Source, "the scenario that is traced")]);
        using var log = new LogSession(_context.Terminal.Error, LogOptions.Level(result));
        var packet = _options.Packet(result);
        if (_options.IsOpen(result) && file is null) packet = Find(scenario, log);
        var filter = _options.Filter(result, packet);
        var collector = new TraceCollector(filter, from, to, limit);
        bool Enough() => collector.IsFull || (packet is not null && collector.SawEnd);
        var outcome = Run(UpTo(scenario, to), collector, Enough, log);
        if (collector.Kept == 0) throw CliException.Failure("no event was found: `--point '*'` shows all, `--from` and `--to` choose when");
        if (file is null) FtraceWriter.Write(_context.Terminal.Out, collector.Events, outcome.Names, filter);
        else WriteTimeline(file, path!, collector, outcome.Names, filter);
        _context.Terminal.Out.Flush();
        if (collector.IsFull) Tell($"stopped after {Figures.Of(limit, "event")}; --limit N keeps more");
        return outcome.Interrupted ? ExitCode.Interrupted : ExitCode.Ok;
    }

    private long Find(ScenarioFile scenario, LogSession log)
    {
        var first = new FirstPacket();
        Run(scenario, first, () => first.Delivered != 0, log);
        if (first.Best == 0) throw CliException.Failure("no packet was delivered or dropped within the run; --duration lengthens it");
        Tell(string.Create(CultureInfo.InvariantCulture, $"packet {first.Best:x16} is the first that was {first.Fate}"));
        return first.Best;
    }

    private RunOutcome Run(ScenarioFile scenario, ITraceSink sink, Func<bool> enough, LogSession log)
    {
        using var captures = new ReplayOpener(scenario);
        return new ScenarioRun(scenario, new RunRequest { Trace = sink, Enough = enough }, captures, log, _context).Run();
    }

    private void WriteTimeline(FileStream file, string path, TraceCollector collector, TraceNames names, TraceFilter filter)
    {
        try
        {
            PerfettoWriter.Write(file, collector.Events, names, filter);
            file.Flush();
        }
        catch (IOException e)
        {
            throw CliException.Failure($"--perfetto: `{path}` cannot be written: {e.Message}");
        }

        _context.Terminal.Out.WriteLine($"{path}: {Figures.Of(collector.Kept, "event")}; open it in https://ui.perfetto.dev");
    }

    private void Tell(string message) => _context.Terminal.Error.WriteLine($"netactors: {message}");

    // What comes after the span cannot be seen: the run need not go there.
    private static ScenarioFile UpTo(ScenarioFile scenario, KernelTime to) =>
        scenario with { Duration = KernelTime.Min(scenario.Duration, to) };
}
