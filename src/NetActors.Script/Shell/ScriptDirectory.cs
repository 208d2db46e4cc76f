using System.Diagnostics.CodeAnalysis;

namespace NetActors.Script.Shell;

/// <summary>The directory of a script; no file outside of it is read.</summary>
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
        var full = Path.GetFullPath(path, _root);
        if (!full.StartsWith(_root, StringComparison.Ordinal) || !File.Exists(full)) return false;
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
