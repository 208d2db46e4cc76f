namespace NetActors.Cli.Running;

/// <summary>Opens the files that a command writes before it works for them, so that one that cannot be written costs no run.</summary>
internal static class OutputFile
{
    /// <summary>
    /// Opens <paramref name="path"/> for writing. Ends the command when that cannot be, or when it is read or written already.
    /// </summary>
    /// <param name="option">The option that named it.</param>
    /// <param name="path">The file, made or emptied.</param>
    /// <param name="taken">Files of the same command, with what they are.</param>
    public static FileStream Open(string option, string path, IEnumerable<(string Path, string Use)> taken)
    {
        if (path.Length == 0) throw CliException.Usage($"{option} needs the name of a file");
        if (Directory.Exists(path)) throw CliException.Usage($"{option}: `{path}` is a directory");
        foreach (var (other, use) in taken)
        {
            if (RealPath(other) == RealPath(path)) throw CliException.Usage($"{option}: `{path}` is {use}");
        }

        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw CliException.Usage($"{option}: `{path}` cannot be written: {e.Message}");
        }
    }

    private static string RealPath(string path)
    {
        var file = new FileInfo(path);
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
        }
        catch (IOException)
        {
            return file.FullName; // a link that leads nowhere is no file that is read
        }
    }
}
