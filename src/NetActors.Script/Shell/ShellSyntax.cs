namespace NetActors.Script.Shell;

/// <summary>A part of a word (POSIX 2.6).</summary>
/// <param name="IsQuoted">In quotes: not split into fields.</param>
internal abstract record ShellPart(bool IsQuoted);

/// <summary>Text as it is.</summary>
internal sealed record LiteralPart(string Text, bool IsQuoted) : ShellPart(IsQuoted);

/// <summary><c>$name</c>.</summary>
internal sealed record VariablePart(string Name, bool IsQuoted) : ShellPart(IsQuoted);

/// <summary><c>$((expression))</c>.</summary>
internal sealed record ArithmeticPart(string Expression, ScriptPosition Position, bool IsQuoted) : ShellPart(IsQuoted);

/// <summary><c>$(command)</c>.</summary>
internal sealed record SubstitutionPart(ShellList Body, bool IsQuoted) : ShellPart(IsQuoted);

/// <summary>A word before its expansion.</summary>
internal sealed record ShellWord(IReadOnlyList<ShellPart> Parts, ScriptPosition Position)
{
    /// <summary>The text when nothing in it is to be expanded; else null.</summary>
    public string? Literal => Parts.All(static part => part is LiteralPart)
        ? string.Concat(Parts.Select(static part => ((LiteralPart)part).Text))
        : null;

    /// <summary>The text when it is written plainly: a keyword or name; else null.</summary>
    public string? Plain => Parts is [LiteralPart { IsQuoted: false } only] ? only.Text : null;
}

/// <summary><c>2&gt;&amp;1</c>, <c>&gt; file</c>.</summary>
/// <param name="Descriptor">0, 1 or 2; -1 for both outputs.</param>
/// <param name="Target">The file; null to take over <paramref name="Duplicate"/>.</param>
/// <param name="Duplicate">The descriptor that is taken over.</param>
/// <param name="Appends">True for <c>&gt;&gt;</c>.</param>
internal sealed record ShellRedirection(int Descriptor, ShellWord? Target, int Duplicate, bool Appends);

/// <summary>Something that runs and has a status.</summary>
internal abstract record ShellCommand(ScriptPosition Position);

/// <summary>A command with its words.</summary>
internal sealed record SimpleShellCommand(
    IReadOnlyList<(string Name, ShellWord Value)> Assignments,
    IReadOnlyList<ShellWord> Words,
    IReadOnlyList<ShellRedirection> Redirections,
    ScriptPosition Position) : ShellCommand(Position);

/// <summary><c>for name in words; do body; done</c>.</summary>
internal sealed record ForShellCommand(string Name, IReadOnlyList<ShellWord> Words, ShellList Body, ScriptPosition Position)
    : ShellCommand(Position);

/// <summary><c>if list; then list; elif ...; else list; fi</c>.</summary>
internal sealed record IfShellCommand(IReadOnlyList<(ShellList Test, ShellList Body)> Branches, ShellList? Otherwise,
    ScriptPosition Position)
    : ShellCommand(Position);

/// <summary>Commands joined by <c>|</c>.</summary>
internal sealed record ShellPipeline(IReadOnlyList<ShellCommand> Commands, bool IsNegated);

/// <summary>Pipelines joined by <c>&amp;&amp;</c> and <c>||</c>.</summary>
internal sealed record ShellAndOr(ShellPipeline First, IReadOnlyList<(bool IsAnd, ShellPipeline Next)> Rest);

/// <summary>Commands one after the other.</summary>
internal sealed record ShellList(IReadOnlyList<ShellAndOr> Items);
