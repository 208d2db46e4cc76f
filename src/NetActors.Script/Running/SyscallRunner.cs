using NetActors.Script.Syntax;
using NetActors.Time;

namespace NetActors.Script.Running;

/// <summary>
/// Runs a script's system calls. One at a time may be under way beside the script: a call that blocks and whose end the script states
/// (packetdrill: the system call thread).
/// </summary>
internal sealed class SyscallRunner(IScriptHost host, ScriptSettings settings, ScriptRunnerOptions options, ScriptSockets sockets,
    ScriptClock clock, ScriptDialogue dialogue)
{
    private readonly SyscallBinder _binder = new(settings, sockets);
    private readonly SyscallChecker _checker = new(settings, sockets, clock);
    private (Arguments Args, ScriptCall Call, KernelTime Begin, KernelTime End)? _blocked;

    /// <summary>Makes a call; one that does not block according to the script is waited for.</summary>
    /// <exception cref="ScriptMismatchException">It answers otherwise, or does not end.</exception>
    public void Run(SyscallAction action, DueTime due)
    {
        var args = new Arguments(action, sockets);
        if (action.BlocksUntil is { } end)
        {
            if (_blocked is not null) throw new ScriptMismatchException(action.Position,
                "a call that blocks while another that blocks is under way");
            _blocked = (args, host.Begin(_binder.Bind(args)), due.Start, due.Offset + end);
            dialogue.Add(clock.Now, "call", $"{action.Name}() begins");
            CheckBlocked();
            return;
        }

        var call = host.Begin(_binder.Bind(args));
        if (!call.IsCompleted && host.RunUntilCompleted(call, host.Now + options.MaxWait) != HostWait.Happened)
            throw new ScriptMismatchException(action.Position, $"{action.Name}() blocks, and nothing ends it");
        dialogue.Add(clock.ToScript(call.CompletedAt), "call", $"{action.Name}() = {SyscallChecker.Text(call.Answer)}");
        _checker.Check(args, call);
    }

    /// <summary>Checks a call that blocks once it is completed: its answer, and when it came.</summary>
    /// <exception cref="ScriptMismatchException">It answered otherwise or at another time.</exception>
    public void CheckBlocked()
    {
        if (_blocked is not { Call.IsCompleted: true } done) return;
        _blocked = null;
        var ended = clock.ToScript(done.Call.CompletedAt);
        dialogue.Add(ended, "call", $"{done.Args.Action.Name}() = {SyscallChecker.Text(done.Call.Answer)}");
        _checker.Check(done.Args, done.Call);
        if (clock.VerifyEnd(done.Begin, done.End, ended) is { } fault) throw new ScriptMismatchException(done.Args.Action.Position, fault);
    }

    /// <summary>The script is over: a call that blocks may still end at its time.</summary>
    /// <exception cref="ScriptMismatchException">It does not, or otherwise than the script says.</exception>
    public void Finish()
    {
        if (_blocked is { } open && !open.Call.IsCompleted
            && host.RunUntilCompleted(open.Call,
                KernelTime.Max(host.Now, clock.ToLive(open.End) + settings.Tolerance)) != HostWait.Happened)
        {
            var action = open.Args.Action;
            _blocked = null;
            throw new ScriptMismatchException(action.Position, $"the script ends while {action.Name}() still blocks");
        }

        CheckBlocked();
    }
}
