using System.Text;

namespace NetActors.Script.Shell;

/// <summary>What a command reads from and writes to.</summary>
internal sealed record ShellStreams
{
    /// <summary>What it reads.</summary>
    public string Input { get; init; } = "";

    /// <summary>What it has written.</summary>
    public StringBuilder Output { get; init; } = new();

    /// <summary>What it has complained about.</summary>
    public StringBuilder Errors { get; init; } = new();
}
