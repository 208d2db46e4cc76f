namespace NetActors.Script.Shell;

/// <summary>A shell command as it was read: the part of POSIX sh that scripts and their settings files use.</summary>
public sealed class ShellProgram
{
    internal ShellProgram(string text, ShellList body, ScriptPosition position) => (Text, Body, Position) = (text, body, position);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Where it begins.</summary>
    public ScriptPosition Position { get; }

    internal ShellList Body { get; }
}
