namespace NetActors.Scenarios.Reading;

/// <summary>Where a setting was written.</summary>
/// <param name="File">File or option.</param>
/// <param name="Line">From 1; 0 for an option or a whole file.</param>
/// <param name="Column">From 1; 0 as for the line.</param>
internal readonly record struct SourcePlace(string File, int Line, int Column)
{
    /// <summary>The same line, so many characters on; an option has no columns.</summary>
    public SourcePlace After(int characters) => Line == 0 ? this : this with { Column = Column + characters };
}
