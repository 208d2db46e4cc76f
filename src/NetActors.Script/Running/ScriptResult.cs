using System.Text;

namespace NetActors.Script.Running;

/// <summary>How a script ended.</summary>
/// <param name="Failure">What went wrong; null when all went as the script says.</param>
/// <param name="Warnings">What differed but does not count (<c>--non_fatal</c>).</param>
/// <param name="Printed">What the script's code has printed.</param>
/// <param name="Dialogue">What happened, a line each, as far as it came.</param>
public sealed record ScriptResult(
    ScriptFailure? Failure, IReadOnlyList<ScriptFailure> Warnings, IReadOnlyList<string> Printed, IReadOnlyList<string> Dialogue)
{
    /// <summary>True when all went as the script says.</summary>
    public bool Passed => Failure is null;
}

/// <summary>What did not go as a script says.</summary>
/// <param name="File">The script.</param>
/// <param name="Position">The event.</param>
/// <param name="Message">What differs, one line.</param>
/// <param name="Expected">What the script says; null when the message says all.</param>
/// <param name="Actual">What happened; null when the message says all.</param>
/// <param name="Dialogue">What happened up to then, a line each.</param>
public sealed record ScriptFailure(
    string File, ScriptPosition Position, string Message, string? Expected, string? Actual, IReadOnlyList<string> Dialogue)
{
    /// <summary><c>file:line:column: message</c>, expected and actual, and the dialogue so far.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{File}:{Position}: {Message}");
        if (Expected is not null) text.Append($"\n  expected: {Expected}");
        if (Actual is not null) text.Append($"\n  actual:   {Actual}");
        if (Dialogue.Count > 0) text.Append("\n  so far:");
        foreach (var line in Dialogue) text.Append($"\n    {line}");
        return text.ToString();
    }
}
