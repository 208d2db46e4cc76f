using System.CommandLine;
using System.Globalization;
using NetActors.Cli.Captures;
using NetActors.Cli.Logging;
using NetActors.Cli.Reports;
using NetActors.Cli.Running;
using NetActors.Cli.Tracing;
using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors states SCENARIO</c>. Virtual time only.</summary>
internal sealed class StatesCommand
{
    private readonly Argument<string> _scenario = ScenarioOptions.Scenario();
    private readonly ScenarioOptions _changes = new();
    private readonly CommandContext _context;

    private readonly Option<string?> _port = new("--port")
    {
        Description = "The connection whose active end has this port; the first that is opened unless told.",
        HelpName = "N",
    };

    private StatesCommand(CommandContext context) => _context = context;

    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var states = new StatesCommand(context);
        var command = new Command("states", "Print the way of one TCP connection through the states of RFC 9293, both ends, with the diagram.") { states._scenario };
        command.Options.Add(states._port);
        states._changes.AddTo(command);
        Help.Extend(
            command,
            context.Terminal,
            examples: ["netactors states tcp-crr", "netactors states tcp-lossy-wire --port 45576"],
            next:
            [
                "netactors trace SCENARIO --point inet_sock_set_state    every connection's",
                "netactors run SCENARIO --tcp-probe FILE.csv             windows and round trips over time",
            ]);
        command.SetAction(states.Run);
        return command;
    }

    private int Run(ParseResult result)
    {
        var port = Port(result);
        var library = new ScenarioLibrary(_context.Terminal);
        var scenario = _changes.Read(result, overrides => library.Read(result.GetRequiredValue(_scenario), overrides));
        var walk = new StateWalk(port);
        using var log = new LogSession(_context.Terminal.Error, LogOptions.Level(result));
        using var captures = new ReplayOpener(scenario);
        var outcome = new ScenarioRun(scenario, new RunRequest { Trace = walk, Enough = () => walk.IsOver }, captures, log, _context).Run();
        if (!walk.IsFound)
        {
            throw CliException.Failure(port == 0
                ? "no TCP connection was opened within the run; --duration lengthens it"
                : string.Create(CultureInfo.InvariantCulture, $"no TCP connection was opened from port {port} within the run: leave --port out for the first one"));
        }

        StateDiagram.Write(_context.Terminal.Out, WithTimeWait(walk.Steps, outcome.Snapshot), host => scenario.Hosts[host].Name);
        _context.Terminal.Out.Flush();
        return outcome.Interrupted ? ExitCode.Interrupted : ExitCode.Ok;
    }

    private int Port(ParseResult result)
    {
        var text = result.GetValue(_port);
        if (text is null) return 0;
        return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : throw CliException.Usage($"--port: `{text}` is no port: 1 to 65535");
    }

    /// <summary>Of a socket that closes Linux keeps a small record in TIME_WAIT, and says CLOSE of the socket.</summary>
    private static List<StateStep> WithTimeWait(IReadOnlyList<StateStep> steps, SimulationSnapshot snapshot) =>
    [
        .. steps.Select(step => step is { New: TcpState.Close, Old: TcpState.FinWait1 or TcpState.FinWait2 or TcpState.Closing }
            && snapshot.Hosts[step.Host].TcpSockets.Any(socket => IsTimeWait(socket, step)) ? step with { New = TcpState.TimeWait } : step),
    ];

    private static bool IsTimeWait(TcpSocketSnapshot socket, StateStep step) => socket.State == "TIME-WAIT"
        && socket.Local.EndsWith($":{step.Port}", StringComparison.Ordinal) && socket.Remote.EndsWith($":{step.PeerPort}", StringComparison.Ordinal);
}
