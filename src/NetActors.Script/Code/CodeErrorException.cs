namespace NetActors.Script.Code;

/// <summary>Ends the running of a block of code, as Python's exceptions do; the runner makes a failure of it.</summary>
internal sealed class CodeErrorException(ScriptPosition position, string message) : Exception(message)
{
    /// <summary>Where it happened.</summary>
    public ScriptPosition Position { get; } = position;
}
