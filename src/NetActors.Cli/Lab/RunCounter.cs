namespace NetActors.Cli.Lab;

/// <summary>Shows on a watched terminal how many runs are done, of a total unless that is not known (0); several threads may tell of one.</summary>
internal sealed class RunCounter(Terminal terminal, int total)
{
    private readonly Lock _one = new();
    private int _done;

    /// <summary>Runs done so far.</summary>
    public int Done => _done;

    /// <summary>One more is done.</summary>
    public void Count()
    {
        lock (_one)
        {
            _done++;
            if (terminal.IsWatched) terminal.Error.Write(total == 0 ? $"\r{_done} runs" : $"\r{_done} of {total} runs");
        }
    }

    /// <summary>The line is taken away.</summary>
    public void End()
    {
        if (terminal.IsWatched && _done > 0) terminal.Error.Write("\r\u001b[K");
    }
}
