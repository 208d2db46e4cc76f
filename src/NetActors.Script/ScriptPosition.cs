namespace NetActors.Script;

/// <summary>A place in a script.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column in characters, from 1; a tabulator is one.</param>
public readonly record struct ScriptPosition(int Line, int Column) : IComparable<ScriptPosition>
{
    /// <inheritdoc />
    public int CompareTo(ScriptPosition other) => Line != other.Line ? Line.CompareTo(other.Line) : Column.CompareTo(other.Column);

    /// <summary>True when <paramref name="left"/> comes first.</summary>
    public static bool operator <(ScriptPosition left, ScriptPosition right) => left.CompareTo(right) < 0;

    /// <summary>True when <paramref name="left"/> comes last.</summary>
    public static bool operator >(ScriptPosition left, ScriptPosition right) => left.CompareTo(right) > 0;

    /// <summary>True when <paramref name="left"/> does not come after <paramref name="right"/>.</summary>
    public static bool operator <=(ScriptPosition left, ScriptPosition right) => left.CompareTo(right) <= 0;

    /// <summary>True when <paramref name="left"/> does not come before <paramref name="right"/>.</summary>
    public static bool operator >=(ScriptPosition left, ScriptPosition right) => left.CompareTo(right) >= 0;

    /// <summary><c>line:column</c>.</summary>
    public override string ToString() => $"{Line}:{Column}";
}
