using NetActors.Script.Shell;
using NetActors.Script.Syntax;

namespace NetActors.Script.Running;

/// <summary>One run of one script.</summary>
internal sealed class ScriptRun
{
    private readonly PacketScript _script;
    private readonly IScriptHost _host;
    private readonly ShellInterpreter _shell;
    private readonly ScriptRunnerOptions _options;
    private readonly ScriptDialogue _dialogue = new();
    private readonly List<ScriptFailure> _warnings = [];
    private readonly ScriptSockets _sockets;
    private readonly CodeBlocks _code;
    private ScriptClock _clock;

    /// <summary>A run that has not begun.</summary>
    public ScriptRun(PacketScript script, IScriptHost host, ShellInterpreter shell, ScriptRunnerOptions options)
    {
        (_script, _host, _shell, _options) = (script, host, shell, options);
        _sockets = new ScriptSockets(script.Settings, options);
        _code = new CodeBlocks(host, _sockets);
        _clock = new ScriptClock(host, script.Settings);
    }

    /// <summary>Plays the script.</summary>
    public ScriptResult Run()
    {
        var failure = Attempt(() => RunCommand(_script.Init), PositionOf(_script.Init));
        _clock = new ScriptClock(_host, _script.Settings); // the script's time begins behind its first command
        failure ??= RunEvents();
        return new ScriptResult(failure ?? Attempt(() => RunCommand(_script.Cleanup), PositionOf(_script.Cleanup)), _warnings, _code.Printed, _dialogue.Lines);
    }

    private ScriptFailure? RunEvents()
    {
        var packets = new PacketRunner(_host, _script.Settings, _options, _sockets, _clock, _dialogue);
        var syscalls = new SyscallRunner(_host, _script.Settings, _options, _sockets, _clock, _dialogue);
        foreach (var step in _script.Events)
        {
            var due = _clock.Due(step);
            var failure = Judge(Attempt(() => RunAction(step, due, packets, syscalls), step.Position), IsNonFatal(step))
                ?? Judge(Attempt(syscalls.CheckBlocked, step.Position), _script.Settings.NonFatalSyscalls);
            if (failure is not null) return WithWaiting(failure, packets);
            _clock.Passed(step, due);
        }

        return Attempt(syscalls.Finish, _script.Events[^1].Position) is { } last ? WithWaiting(last, packets) : null;
    }

    private ScriptFailure WithWaiting(ScriptFailure failure, PacketRunner packets)
    {
        packets.ShowWaiting();
        return failure with { Dialogue = _dialogue.Snapshot() };
    }

    private void RunAction(ScriptEvent step, DueTime due, PacketRunner packets, SyscallRunner syscalls)
    {
        if (step.Action is PacketAction { Packet.Direction: PacketDirection.Outbound } expected)
        {
            packets.Expect(expected.Packet, due); // from now on: a packet may come too early
            return;
        }

        _host.AdvanceTo(_clock.ToLive(due.Start));
        if (_clock.Verify(due, _clock.Now, "the event") is { } fault) throw new ScriptMismatchException(step.Position, fault);
        syscalls.CheckBlocked();
        switch (step.Action)
        {
            case PacketAction packet: packets.Inject(packet.Packet); break;
            case SyscallAction syscall: syscalls.Run(syscall, due); break;
            case CommandAction command: RunCommand(command); break;
            case CodeAction code: _code.Run(code); break;
        }
    }

    private void RunCommand(CommandAction? command)
    {
        if (command is null) return;
        var result = _shell.Run(command.Program);
        _dialogue.Add(_clock.Now, "sh  ", command.Program.Text.ReplaceLineEndings(" "));
        if (result.Status == 0) return;
        var said = (result.Errors + result.Output).Trim().ReplaceLineEndings("; ");
        throw new ScriptMismatchException(command.Program.Position,
            $"the command ended with status {result.Status}{(said.Length == 0 ? "" : $": {said}")}");
    }

    private ScriptFailure? Attempt(Action action, ScriptPosition position)
    {
        try
        {
            action();
            return null;
        }
        catch (ScriptMismatchException error)
        {
            return new ScriptFailure(_script.File, error.Position, error.Message, error.Expected, error.Actual, _dialogue.Snapshot());
        }
        catch (ScriptEndlessException error)
        {
            return new ScriptFailure(_script.File, position, error.Message, null, null, _dialogue.Snapshot());
        }
    }

    private static ScriptPosition PositionOf(CommandAction? command) => command?.Program.Position ?? default;

    /// <summary>A failure that only warns is kept and the script goes on (<c>--non_fatal</c>).</summary>
    private ScriptFailure? Judge(ScriptFailure? failure, bool onlyWarns)
    {
        if (failure is null || !onlyWarns) return failure;
        _warnings.Add(failure);
        return null;
    }

    private bool IsNonFatal(ScriptEvent step) => step.Action switch
    {
        PacketAction { Packet.Direction: PacketDirection.Outbound } => _script.Settings.NonFatalPackets,
        SyscallAction => _script.Settings.NonFatalSyscalls,
        _ => false,
    };
}
