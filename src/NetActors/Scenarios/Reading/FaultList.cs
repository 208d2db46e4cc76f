namespace NetActors.Scenarios.Reading;

/// <summary>Collects the faults of one reading, so that all of them can be told at once.</summary>
internal sealed class FaultList
{
    private readonly List<ScenarioFault> _faults = [];

    /// <summary>Faults so far.</summary>
    public int Count => _faults.Count;

    /// <summary>Notes a fault; <paramref name="suggestion"/> is the nearest valid word, if any.</summary>
    public void Add(SourcePlace place, string message, string? suggestion = null) =>
        _faults.Add(new ScenarioFault(place.File, place.Line, place.Column, message, suggestion));

    /// <summary>Takes over faults found elsewhere.</summary>
    public void AddRange(IEnumerable<ScenarioFault> faults) => _faults.AddRange(faults);

    /// <summary>All faults, each once: those of <paramref name="mainFile"/> first, by line and column, then other files and options.</summary>
    public IReadOnlyList<ScenarioFault> Sorted(string mainFile) =>
        [.. _faults.Distinct().OrderBy(f => f.File != mainFile).ThenBy(f => f.Line).ThenBy(f => f.Column)];
}
