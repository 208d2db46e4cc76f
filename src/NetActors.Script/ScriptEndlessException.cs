namespace NetActors.Script;

/// <summary>What a script asks for has no end, or none that anybody would wait for.</summary>
/// <param name="message">What does not end, one line.</param>
public sealed class ScriptEndlessException(string message) : Exception(message);
