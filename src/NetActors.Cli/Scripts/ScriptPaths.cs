namespace NetActors.Cli.Scripts;

/// <summary>The scripts that a command line names: files, and directories with all <c>.pkt</c> files below them.</summary>
internal static class ScriptPaths
{
    private const string Pattern = "*.pkt";

    /// <summary>The files in the order they are run: as named, those of a directory by their names. Ends the command at what is none.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> named)
    {
        var files = new List<string>();
        foreach (var path in named)
        {
            if (Directory.Exists(path)) AddDirectory(path, files);
            else if (File.Exists(path)) files.Add(path);
            else throw CliException.Usage($"there is no script or directory `{path}`");
        }

        return files;
    }

    private static void AddDirectory(string path, List<string> files)
    {
        var before = files.Count;
        try
        {
            Walk(path, files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"`{path}` cannot be read: {e.Message}");
        }

        if (files.Count == before) throw CliException.Usage($"no {Pattern} file in `{path}`");
    }

    /// <summary>Links to directories are not followed: they may lead back up.</summary>
    private static void Walk(string path, List<string> files)
    {
        files.AddRange(Directory.GetFiles(path, Pattern).Order(StringComparer.Ordinal));
        foreach (var below in new DirectoryInfo(path).GetDirectories().OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            if (below.LinkTarget is null) Walk(Path.Combine(path, below.Name), files);
        }
    }
}
