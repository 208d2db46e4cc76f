using NetActors.Observe;

namespace NetActors.Cli.Running;

/// <summary>What a run gave.</summary>
/// <param name="Snapshot">All figures, the wall clock's among them.</param>
/// <param name="WarmUpEnd">The figures when the warm-up was over; null without one.</param>
/// <param name="Names">What the numbers in trace events are called.</param>
/// <param name="Interrupted">Ctrl-C ended it early.</param>
/// <param name="Failures">Actors that failed and were restarted or closed.</param>
internal sealed record RunOutcome(SimulationSnapshot Snapshot, SimulationSnapshot? WarmUpEnd, TraceNames Names, bool Interrupted, IReadOnlyList<string> Failures);
