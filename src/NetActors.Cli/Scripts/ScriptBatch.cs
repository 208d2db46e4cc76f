using NetActors.Script;
using NetActors.Script.Hosting;
using NetActors.Script.Running;
using NetActors.Script.Shell;

namespace NetActors.Cli.Scripts;

/// <summary>Runs scripts, each on an emulated host of its own, several at a time; tells them in their order.</summary>
/// <param name="options">What the caller says on top of each script.</param>
/// <param name="jobs">How many run at a time.</param>
/// <param name="tap">Wraps the host, to see its packets; null for none.</param>
internal sealed class ScriptBatch(ScriptParserOptions options, int jobs, Func<IScriptHost, IScriptHost>? tap)
{
    /// <summary>Runs them all; <paramref name="tell"/> is called for each in order, as soon as those before it are done.</summary>
    /// <returns>False when it was cancelled before the last.</returns>
    public bool Run(IReadOnlyList<string> paths, Action<ScriptOutcome> tell, CancellationToken cancellation)
    {
        try
        {
            var outcomes = paths.AsParallel().AsOrdered().WithDegreeOfParallelism(jobs).WithMergeOptions(ParallelMergeOptions.NotBuffered)
                .WithCancellation(cancellation).Select(Run);
            foreach (var outcome in outcomes) tell(outcome);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private ScriptOutcome Run(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ScriptOutcome.Refused(path, $"{path}: cannot be read: {e.Message}");
        }

        var read = ScriptParser.Parse(text, path, options);
        if (read.Script is not { } script) return ScriptOutcome.Refused(path, read.Faults);
        if (script.Settings.IpVersion != ScriptIpVersion.Ipv4) return ScriptOutcome.Refused(
            path, $"{path}: IPv6 is not emulated yet; `--option ip_version=ipv4` runs a script that fits both");
        using var host = new EmulatedScriptHost(script.Settings);
        return ScriptOutcome.Ran(path, ScriptRunner.Run(script, tap?.Invoke(host) ?? host, host.Commands, ScriptDirectory.Of(path)));
    }
}
