namespace NetActors.Script;

/// <summary>One thing wrong with a script, at the place where it was written.</summary>
/// <param name="File">The file as it was named.</param>
/// <param name="Position">Where in it.</param>
/// <param name="Message">What is wrong, one line; a thing that is not supported is called by its name.</param>
/// <param name="Suggestion">The nearest valid name; null when nothing is near.</param>
public sealed record ScriptFault(string File, ScriptPosition Position, string Message, string? Suggestion = null)
{
    /// <summary><c>file:line:column: message; did you mean `x`?</c>, the form editors and terminals make a link of.</summary>
    public override string ToString() =>
        Suggestion is null ? $"{File}:{Position}: {Message}" : $"{File}:{Position}: {Message}; did you mean `{Suggestion}`?";
}
