namespace NetActors.Lab.Importing;

/// <summary>What <c>collect.sh</c> saved of a host: files by name, and why others are not there.</summary>
internal sealed class HostFiles
{
    private const int LargestFile = 8 << 20; // /proc/interrupts of 1,000 CPUs is some megabytes
    private const string Failed = ".failed";
    private readonly string _directory;
    private readonly List<ImportNote> _notes;

    /// <summary>Those of a directory; what cannot be read is noted.</summary>
    public HostFiles(string directory, List<ImportNote> notes) => (_directory, _notes) = (directory, notes);

    /// <summary>Names of the devices that were collected, sorted.</summary>
    public IReadOnlyList<string> Devices =>
    [
        .. Directory.EnumerateFiles(_directory).Select(f => Path.GetFileName(f)!)
            .Where(f => f.EndsWith(".queues", StringComparison.Ordinal) || f.EndsWith(".ethtool-l", StringComparison.Ordinal))
            .Select(f => f[..f.LastIndexOf('.')]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>The lines of a file, without white space at their ends; none, and a note, when there is no such file.</summary>
    public IReadOnlyList<string> Lines(string name) => Text(name)?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The text of a file; null, and a note, when there is none.</summary>
    public string? Text(string name)
    {
        var path = Path.Combine(_directory, name);
        try
        {
            if (!File.Exists(path))
            {
                var why = File.Exists(path + Failed) ? Cut(File.ReadLines(path + Failed).FirstOrDefault() ?? "it failed") : "there is no such file";
                return Nothing(name, why);
            }

            return new FileInfo(path).Length <= LargestFile ? File.ReadAllText(path) : Nothing(name, $"is larger than {LargestFile >> 20} MiB");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Nothing(name, e.Message);
        }
    }

    private string? Nothing(string name, string why)
    {
        _notes.Add(new ImportNote(name, why));
        return null;
    }

    private static string Cut(string line) => line.Length <= 100 ? line : line[..100] + "...";
}

/// <summary>Something that could not be read, or cannot be said in a scenario.</summary>
/// <param name="Where">The file.</param>
/// <param name="What">What, and why.</param>
internal sealed record ImportNote(string Where, string What);

/// <summary>A line of the scenario that an import makes.</summary>
/// <param name="Path">Its keys, the outermost first.</param>
/// <param name="Value">Its value, as YAML.</param>
/// <param name="From">The file it came from.</param>
internal sealed record ImportedSetting(IReadOnlyList<string> Path, string Value, string From);
