namespace NetActors.Scenarios.Reading;

/// <summary>Names that must differ within one list.</summary>
internal sealed class UniqueNames(string what, FaultList faults)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Notes a name; a fault when it is taken.</summary>
    public void Add(string name, SourcePlace place)
    {
        if (!_names.Add(name)) faults.Add(place, $"another {what} is already called `{Words.Cut(name)}`");
    }
}
