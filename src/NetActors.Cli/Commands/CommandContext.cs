namespace NetActors.Cli.Commands;

/// <summary>What every command is given.</summary>
/// <param name="Terminal">Where it writes.</param>
/// <param name="Cancellation">Cancelled by the first Ctrl-C.</param>
internal sealed record CommandContext(Terminal Terminal, CancellationToken Cancellation);
