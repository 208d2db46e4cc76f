namespace NetActors.Script.Parsing;

/// <summary>Collects what is wrong with one file.</summary>
internal sealed class ScriptFaults(string file)
{
    private readonly List<ScriptFault> _faults = [];

    /// <summary>What faults call the file.</summary>
    public string File => file;

    /// <summary>What the first one says; empty without any.</summary>
    public string First => _faults.Count > 0 ? _faults[0].Message : "";

    /// <summary>How many there are.</summary>
    public int Count => _faults.Count;

    /// <summary>Adds a fault.</summary>
    public void Add(ScriptPosition position, string message, string? suggestion = null) =>
        _faults.Add(new ScriptFault(file, position, message, suggestion));

    /// <summary>Adds what ended the reading of a statement.</summary>
    public void Add(ScriptSyntaxException error) => Add(error.Position, error.Message, error.Suggestion);

    /// <summary>All of them, in the order of the file.</summary>
    public IReadOnlyList<ScriptFault> Sorted() => [.. _faults.OrderBy(fault => fault.Position)];
}
