using System.Diagnostics.CodeAnalysis;

namespace NetActors.Script.Shell;

/// <summary>The directory of a script; only files that are named relative to it are read.</summary>
/// <param name="directory">The directory.</param>
public sealed class ScriptDirectory(string directory) : IScriptFiles
{
    private readonly string _root = Path.GetFullPath(directory) + Path.DirectorySeparatorChar;

    /// <summary>The directory that <paramref name="file"/> is in.</summary>
    public static ScriptDirectory Of(string file) => new(Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".");

    /// <inheritdoc />
    public bool TryRead(string path, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (Path.IsPathRooted(path)) return false; // /proc and /tmp are those of the host under test
        var full = Path.GetFullPath(path, _root);
        if (!File.Exists(full)) return false;
        try
        {
            text = File.ReadAllText(full);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
