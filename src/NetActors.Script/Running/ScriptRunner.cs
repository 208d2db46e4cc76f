using NetActors.Script.Shell;
using NetActors.Script.Syntax;

namespace NetActors.Script.Running;

/// <summary>
/// Plays a script against a stack: sends its packets and calls at their times, and compares what the stack sends and answers (packetdrill:
/// run.c). Knows the stack only as <see cref="IScriptHost"/>; holds no clock, thread or file of its own.
/// </summary>
public static class ScriptRunner
{
    /// <summary>Runs a script to its end or to its first failure.</summary>
    /// <param name="script">The script.</param>
    /// <param name="host">A fresh stack whose interface has the addresses of the script's settings.</param>
    /// <param name="commands">What shell commands act on.</param>
    /// <param name="files">Where the files are that shell commands run.</param>
    /// <param name="options">What the run is given beside; null for the defaults.</param>
    public static ScriptResult Run(
        PacketScript script, IScriptHost host, IScriptHostCommands commands, IScriptFiles files, ScriptRunnerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(host);
        return new ScriptRun(script, host, new ShellInterpreter(commands, files), options ?? new ScriptRunnerOptions()).Run();
    }
}
