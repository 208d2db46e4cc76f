using NetActors.Scenarios.Reading;

namespace NetActors.Scenarios;

/// <summary>Reads and checks scenarios. No file makes it throw: whatever is wrong with one is told, all at once.</summary>
public static class ScenarioReader
{
    /// <summary>Reads a scenario from a file.</summary>
    /// <param name="path">The file; faults name it as it is given.</param>
    /// <param name="overrides">Options of the form <c>key=value</c> with dotted paths, applied in order before the file is checked.</param>
    public static ScenarioResult Read(string path, IReadOnlyList<string>? overrides = null)
    {
        if (SettingText.Read(path, out var fault) is { } text) return ReadText(text, path, overrides);
        return new ScenarioResult(null, [new ScenarioFault(path, 0, 0, $"the file {fault}", Neighbour(path))]);
    }

    /// <summary>Reads a scenario from text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">What faults call it; paths in it begin from its directory.</param>
    /// <param name="overrides">As for <see cref="Read"/>.</param>
    public static ScenarioResult ReadText(string text, string file, IReadOnlyList<string>? overrides = null)
    {
        if (text.Length > SettingText.LargestFile) return new ScenarioResult(null,
            [new ScenarioFault(file, 0, 0, $"the file {SettingText.TooLarge}", null)]);
        var faults = new FaultList();
        if (SettingTree.Read(text, file, faults) is not { } tree) return new ScenarioResult(null, faults.Sorted(file));
        if (tree is not MappingNode root)
        {
            faults.Add(tree.Place, $"a scenario is a section of keys (hosts, traffic, ...), not {tree.Kind}");
            return new ScenarioResult(null, faults.Sorted(file));
        }

        foreach (var option in overrides ?? []) SettingOverride.Apply(root, option, faults);
        var scenario = ScenarioFileReader.Read(root, file, faults);
        return new ScenarioResult(faults.Count == 0 ? scenario : null, faults.Sorted(file));
    }

    private static string? Neighbour(string path)
    {
        var directory = Path.GetDirectoryName(path);
        if (string.IsNullOrEmpty(directory)) directory = ".";
        if (!Directory.Exists(directory)) return null;
        try
        {
            var near = NearestName.Of(Path.GetFileName(path),
                Directory.EnumerateFiles(directory, "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
            return near is null ? null : Path.Combine(Path.GetDirectoryName(path) ?? "", near);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a directory that cannot be listed has nothing to suggest
        }
    }
}
