using NetActors.Scenarios;
using NetActors.Scenarios.Reading;

namespace NetActors.Cli.Commands;

/// <summary>
/// Finds scenarios by name: in <c>config/scenarios</c> of the working directory or one above it, else among those built into the program.
/// </summary>
internal sealed class ScenarioLibrary(Terminal terminal)
{
    private const string Ending = ".yaml";
    private const string Prefix = "scenarios/";
    private readonly string? _directory = Above(terminal.Directory);

    /// <summary>Names of all scenarios, sorted.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. (_directory is null ? BuiltIn : Directory.EnumerateFiles(_directory, "*" + Ending, SearchOption.AllDirectories).Select(NameOf))
            .OrderBy(name => name.Contains('/', StringComparison.Ordinal)).ThenBy(name => name, StringComparer.Ordinal),
    ];

    private string NameOf(string path) => Path.GetRelativePath(_directory!, path)[..^Ending.Length].Replace('\\', '/');

    private static IEnumerable<string> BuiltIn => typeof(ScenarioLibrary).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(name => name[Prefix.Length..^Ending.Length]);

    /// <summary>Where the scenarios come from, for the user.</summary>
    public string Origin => _directory is null ? "built in" : Path.GetRelativePath(terminal.Directory, _directory);

    /// <summary>Reads a scenario by path or name. Never throws for a bad file.</summary>
    public ScenarioResult Read(string reference, IReadOnlyList<string>? overrides = null)
    {
        if (reference.Length == 0) return new ScenarioResult(null, [new ScenarioFault("SCENARIO", 0, 0, "the name is empty", null)]);
        var asPath = Path.Combine(terminal.Directory, reference);
        if (File.Exists(asPath)) return ScenarioReader.Read(Shown(reference), overrides);
        var name = reference.EndsWith(Ending, StringComparison.Ordinal) ? reference[..^Ending.Length] : reference;
        if (Names.Contains(name)) return ReadNamed(name, overrides);
        if (Directory.Exists(asPath) || reference.AsSpan().ContainsAny('/', '\\')) return ScenarioReader.Read(Shown(reference), overrides);
        var message = $"there is no such file, and no scenario of this name ({Origin}); `netactors list` shows them";
        return new ScenarioResult(null, [new ScenarioFault(reference, 0, 0, message, NearestName.Of(name, Names))]);
    }

    /// <summary>The text of a scenario that was read, by path or name; empty when it is gone.</summary>
    public string Text(string reference)
    {
        var asPath = Path.Combine(terminal.Directory, reference);
        var name = reference.EndsWith(Ending, StringComparison.Ordinal) ? reference[..^Ending.Length] : reference;
        if (!File.Exists(asPath) && _directory is not null) asPath = Path.Combine(_directory, name + Ending);
        if (File.Exists(asPath)) return SettingText.Read(asPath, out _) ?? "";
        using var stream = typeof(ScenarioLibrary).Assembly.GetManifestResourceStream(Prefix + name + Ending);
        if (stream is null) return "";
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private ScenarioResult ReadNamed(string name, IReadOnlyList<string>? overrides)
    {
        if (_directory is not null) return ScenarioReader.Read(Shown(Path.Combine(Origin, name + Ending)), overrides);
        using var stream = typeof(ScenarioLibrary).Assembly.GetManifestResourceStream(Prefix + name + Ending)!;
        using var reader = new StreamReader(stream);
        return ScenarioReader.ReadText(reader.ReadToEnd(), name + Ending, overrides);
    }

    // Faults name the file as it was given; only a test works in another directory than the process's.
    private string Shown(string path) =>
        terminal.Directory == Environment.CurrentDirectory || terminal.Directory == "." ? path : Path.Combine(terminal.Directory, path);

    private static string? Above(string start)
    {
        for (var directory = new DirectoryInfo(Path.GetFullPath(start)); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "config", "scenarios");
            if (Directory.Exists(candidate)) return candidate;
        }

        return null;
    }
}
