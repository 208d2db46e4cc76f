namespace NetActors.Lab.Tuning;

/// <summary>A setting that somebody could change.</summary>
/// <param name="Name">What it does, in a few words.</param>
/// <param name="Set">The overrides of the scenario that are the same.</param>
/// <param name="Commands">What an administrator would type; empty where no command does it.</param>
internal sealed record Knob(string Name, IReadOnlyList<string> Set, IReadOnlyList<string> Commands);
