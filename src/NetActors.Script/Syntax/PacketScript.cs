namespace NetActors.Script.Syntax;

/// <summary>A script as it was read.</summary>
/// <param name="File">The file as it was named.</param>
/// <param name="Settings">What its options and those of the caller say.</param>
/// <param name="Init">The command before the first event; null when there is none.</param>
/// <param name="Events">The events, in the order of the file.</param>
/// <param name="Cleanup">The command behind the last event; null when there is none.</param>
public sealed record PacketScript(
    string File, ScriptSettings Settings, CommandAction? Init, IReadOnlyList<ScriptEvent> Events, CommandAction? Cleanup);
