using NetActors.Scenarios.Reading;

namespace NetActors.Cli.Commands;

/// <summary>Files of one folder of <c>config</c>, found by path or name; what is not on disk is built into the program.</summary>
/// <param name="folder">The folder.</param>
/// <param name="ending">How the names of its files end.</param>
internal sealed class TextLibrary(string folder, string ending)
{
    /// <summary>A file's text and what faults call it; null when there is none.</summary>
    /// <param name="reference">Path, or name without ending, <c>/</c> before it for a folder within.</param>
    /// <param name="start">Where the search begins.</param>
    public (string Text, string Path)? Find(string reference, string start)
    {
        if (reference.Length == 0) return null;
        var path = Path.Combine(start, reference);
        var shown = start == Environment.CurrentDirectory ? reference : path; // faults name a file as the user did
        if (File.Exists(path)) return SettingText.Read(path, out _) is { } text ? (text, shown) : null;
        if (Path.IsPathRooted(reference) || reference.Contains("..", StringComparison.Ordinal)) return null;
        for (var directory = new DirectoryInfo(Path.GetFullPath(start)); directory is not null; directory = directory.Parent)
        {
            var candidate = Path.Combine(directory.FullName, "config", folder, reference + ending);
            if (File.Exists(candidate)) return SettingText.Read(candidate, out _) is { } text ? (text, candidate) : null;
        }

        return BuiltIn(reference) is { } found ? (found, reference + ending) : null;
    }

    private string? BuiltIn(string name)
    {
        using var stream = typeof(TextLibrary).Assembly.GetManifestResourceStream($"{folder}/{name}{ending}");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
