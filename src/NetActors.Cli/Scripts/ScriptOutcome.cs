using System.Text;
using NetActors.Script;
using NetActors.Script.Running;

namespace NetActors.Cli.Scripts;

/// <summary>How one script ended, and what is told of it.</summary>
/// <param name="Path">The script as it was named.</param>
/// <param name="Faults">Why it could not be run, a line each; empty when it was.</param>
/// <param name="Result">How it ran; null when it did not.</param>
internal sealed record ScriptOutcome(string Path, IReadOnlyList<string> Faults, ScriptResult? Result)
{
    /// <summary>All went as the script says.</summary>
    public bool Passed => Result is { Passed: true };

    /// <summary>The script was run.</summary>
    public static ScriptOutcome Ran(string path, ScriptResult result) => new(path, [], result);

    /// <summary>The script is none, or asks for what there is not.</summary>
    public static ScriptOutcome Refused(string path, params IEnumerable<string> faults) => new(path, [.. faults], null);

    /// <summary>The script has faults.</summary>
    public static ScriptOutcome Refused(string path, IReadOnlyList<ScriptFault> faults) =>
        Refused(path, faults.Select(static fault => fault.ToString()));

    /// <summary>Its line, and below it what went wrong, what it printed, and the dialogue when that is asked for.</summary>
    public string Text(bool verbose)
    {
        var text = new StringBuilder($"{(Passed ? "ok" : "FAILED"),-6} {Path}\n");
        foreach (var fault in Faults) text.Append($"{fault}\n");
        if (Result is null) return text.ToString();
        foreach (var warning in Result.Warnings) text.Append($"warning: {Short(warning)}\n");
        foreach (var line in Result.Printed) text.Append($"  printed: {line}\n");
        if (Result.Failure is { } failure) text.Append($"{failure}\n");
        else if (verbose) foreach (var line in Result.Dialogue) text.Append($"    {line}\n");
        return text.ToString();
    }

    private static ScriptFailure Short(ScriptFailure warning) => warning with { Dialogue = [] };
}
