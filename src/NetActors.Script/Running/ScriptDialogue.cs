using System.Globalization;
using NetActors.Time;

namespace NetActors.Script.Running;

/// <summary>What happened in a run, a line each with its time.</summary>
internal sealed class ScriptDialogue
{
    private readonly List<string> _lines = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>A copy of the lines so far.</summary>
    public IReadOnlyList<string> Snapshot() => [.. _lines];

    /// <summary>
    /// Adds a line: time since the script's begin, what it is (<c>&lt;</c>, <c>&gt;</c>, <c>call</c>, ...), what it says.
    /// </summary>
    public void Add(KernelTime time, string kind, string text) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{time.Seconds,10:F6} {kind} {text}"));
}
