using System.Diagnostics.CodeAnalysis;

namespace NetActors.Script.Shell;

/// <summary>Where the files are that scripts run, such as <c>./defaults.sh</c>.</summary>
public interface IScriptFiles
{
    /// <summary>Reads a file named relative to the script. False when it cannot be read.</summary>
    bool TryRead(string path, [NotNullWhen(true)] out string? text);
}
