namespace NetActors.Script.Shell;

/// <summary>How a shell command ended.</summary>
/// <param name="Status">0 when all went well.</param>
/// <param name="Output">What it wrote to its output.</param>
/// <param name="Errors">What it wrote to its error output.</param>
public sealed record ShellResult(int Status, string Output, string Errors)
{
    /// <summary>It ended well and said nothing.</summary>
    public static ShellResult Success { get; } = new(0, "", "");

    /// <summary>It ended well with this output.</summary>
    public static ShellResult Say(string output) => new(0, output, "");

    /// <summary>It failed and says why.</summary>
    public static ShellResult Fail(string error, int status = 1) => new(status, "", error + "\n");
}
