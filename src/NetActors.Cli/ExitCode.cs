namespace NetActors.Cli;

/// <summary>What the process answers.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>It could not be done, or the result cannot be trusted.</summary>
    public const int Failure = 1;

    /// <summary>It was asked for wrongly: a flag, a key, a file.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl-C ended the run early (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
