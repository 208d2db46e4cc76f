using System.CommandLine;
using System.Globalization;
using NetActors.Attach;
using NetActors.Cli.Captures;
using NetActors.Cli.Running;
using NetActors.Scenarios;
using ReplayTiming = NetActors.Scenarios.ReplayTiming;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors replay CAPTURE</c>.</summary>
internal sealed class ReplayCommand
{
    private readonly Argument<string> _capture = new("CAPTURE") { Description = "A pcap or pcapng file." };

    private readonly Option<ReplayTiming?> _timing = Choice.Of(
        "--timing",
        "original: the gaps of the capture (unless told); scaled: divided by --speed; maximum: as fast as the link takes them.",
        ("original", ReplayTiming.Original),
        ("scaled", ReplayTiming.Scaled),
        ("maximum", ReplayTiming.Maximum));

    private readonly Option<string?> _speed = new("--speed")
    {
        Description = "How many times faster than captured; means --timing scaled.",
        HelpName = "X",
    };

    private readonly Option<string?> _to = new("--to")
    {
        Description = "The device that receives; needed where there are several.",
        HelpName = "HOST.DEV",
    };

    private readonly Option<string?> _scenario = new("--scenario")
    {
        Description = "Replay onto the hosts of a scenario; else a host is made with the address that most packets go to.",
        HelpName = "SCENARIO",
    };

    private readonly ScenarioOptions _changes = new();
    private readonly OutputOptions _output = new();
    private readonly CommandContext _context;

    private ReplayCommand(CommandContext context) => _context = context;

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var replay = new ReplayCommand(context);
        const string Does = "Replay a capture onto a host: every packet is delivered or its drop is counted.";
        var command = new Command("replay", Does) { replay._capture };
        foreach (var option in (Option[])[replay._timing, replay._speed, replay._to, replay._scenario]) command.Options.Add(option);
        replay._changes.AddTo(command);
        replay._output.AddTo(command);
        Help.Extend(
            command,
            context.Terminal,
            examples:
            [
                "netactors replay capture.pcapng",
                "netactors replay capture.pcap --timing maximum --set hosts.server.cpus=1 --set hosts.server.devices.eth0.queues=1",
                "netactors replay capture.pcap --scenario rss-udp-flood --to server.eth0 --speed 10",
            ],
            next:
            [
                "netactors replay CAPTURE --show snmp,ethtool      why packets were dropped, in Linux's counters",
                "netactors replay CAPTURE --pcap out.pcapng        the frames, the CPU as a comment",
            ]);
        command.SetAction(replay.Run);
        return command;
    }

    private int Run(ParseResult result)
    {
        var (file, (timing, speed)) = (result.GetRequiredValue(_capture), Timing(result));
        var run = new ReportedRun(_context, _output, result);
        if (Directory.Exists(file)) throw CliException.Usage($"{file}: is a directory, not a capture");
        if (!File.Exists(file)) throw CliException.Usage($"{file}: there is no such file");
        var options = new ReplayOptions { Timing = (Attach.ReplayTiming)timing, Speed = speed };
        var survey = CaptureSurvey.Of(file, options, _context.Cancellation);
        var library = new ScenarioLibrary(_context.Terminal);
        var scenario = _changes.Read(result, overrides => result.GetValue(_scenario) is { } name
            ? library.Read(name, overrides)
            : ReplayScenario.MakeHost(file, survey, overrides));
        var to = ReplayScenario.PortOf(scenario, result.GetValue(_to));
        var replay = new ReplaySettings { Name = "replay", File = file, Timing = timing, Speed = speed, To = to };
        var hasDuration = _changes.HasDuration(result);
        return run.Execute(ReplayScenario.With(scenario, replay, survey.End, hasDuration), settles: !hasDuration);
    }

    private (ReplayTiming Timing, double Speed) Timing(ParseResult result)
    {
        var (timing, text) = (result.GetValue(_timing), result.GetValue(_speed));
        if (text is null)
        {
            if (timing == ReplayTiming.Scaled) throw CliException.Usage("--timing scaled needs --speed");
            return (timing ?? ReplayTiming.Original, 1);
        }

        if (timing is not (null or ReplayTiming.Scaled))
            throw CliException.Usage($"--speed is for --timing scaled, not {timing.ToString()!.ToLowerInvariant()}");
        var isNumber = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed);
        return isNumber && speed is >= 0.001 and <= 1_000_000
            ? (ReplayTiming.Scaled, speed)
            : throw CliException.Usage($"--speed is a number from 0.001 to 1000000, not `{text}`");
    }
}
