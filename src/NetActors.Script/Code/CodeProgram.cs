namespace NetActors.Script.Code;

/// <summary>The code between <c>%{</c> and <c>}%</c>: the part of Python that assertions on <c>struct tcp_info</c> use.</summary>
public sealed class CodeProgram
{
    internal CodeProgram(string text, IReadOnlyList<CodeStatement> statements, ScriptPosition position)
    {
        (Text, Statements, Position) = (text, statements, position);
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Where it begins.</summary>
    public ScriptPosition Position { get; }

    internal IReadOnlyList<CodeStatement> Statements { get; }
}
