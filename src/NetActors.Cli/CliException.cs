namespace NetActors.Cli;

/// <summary>
/// Ends a command with one message, or several, on standard error: the user's mistake or the outside's, never our own bug.
/// </summary>
internal sealed class CliException : Exception
{
    private CliException(int exitCode, IReadOnlyList<string> lines)
        : base(string.Join('\n', lines)) =>
        (ExitCode, Lines) = (exitCode, lines);

    /// <summary>What the process answers.</summary>
    public int ExitCode { get; }

    /// <summary>The messages, a line each.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Asked for wrongly.</summary>
    public static CliException Usage(params IReadOnlyList<string> lines) => new(Cli.ExitCode.Usage, lines);

    /// <summary>Ctrl-C came before there was a result.</summary>
    public static CliException Interrupted(string line) => new(Cli.ExitCode.Interrupted, [line]);

    /// <summary>Could not be done.</summary>
    public static CliException Failure(params IReadOnlyList<string> lines) => new(Cli.ExitCode.Failure, lines);
}
