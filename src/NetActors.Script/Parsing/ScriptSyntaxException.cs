namespace NetActors.Script.Parsing;

/// <summary>
/// Ends the reading of one statement, as bison's error token does: the parser notes the fault and goes on with the next statement, so
/// that all faults of a file are told at once. Never leaves the parser.
/// </summary>
internal sealed class ScriptSyntaxException(ScriptPosition position, string message, string? suggestion = null) : Exception(message)
{
    /// <summary>Where the fault is.</summary>
    public ScriptPosition Position { get; } = position;

    /// <summary>The nearest valid name; null when nothing is near.</summary>
    public string? Suggestion { get; } = suggestion;
}
