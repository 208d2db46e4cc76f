namespace NetActors.Scenarios;

/// <summary>One thing wrong with a scenario or cost model file, at the place where it was written.</summary>
/// <param name="File">The file as it was named, or the option (<c>--set key=value</c>) that brought the value in.</param>
/// <param name="Line">Line, from 1; 0 when the fault is the file itself or an option.</param>
/// <param name="Column">Column in characters, from 1; 0 as for <paramref name="Line"/>.</param>
/// <param name="Message">What is wrong and what is allowed, one line.</param>
/// <param name="Suggestion">The nearest valid name or value; null when nothing is near.</param>
public sealed record ScenarioFault(string File, int Line, int Column, string Message, string? Suggestion)
{
    /// <summary><c>file:line:column: message; did you mean `x`?</c>, the form editors and terminals make a link of.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}:{Column}" : File;
        return Suggestion is null ? $"{place}: {Message}" : $"{place}: {Message}; did you mean `{Suggestion}`?";
    }
}
