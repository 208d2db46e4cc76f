namespace NetActors.Script.Running;

/// <summary>Ends the running of one event that does not go as the script says; the runner makes a failure or warning of it.</summary>
internal sealed class ScriptMismatchException(ScriptPosition position, string message, string? expected = null, string? actual = null)
    : Exception(message)
{
    /// <summary>Where the event is written.</summary>
    public ScriptPosition Position { get; } = position;

    /// <summary>What the script says.</summary>
    public string? Expected { get; } = expected;

    /// <summary>What happened.</summary>
    public string? Actual { get; } = actual;
}
