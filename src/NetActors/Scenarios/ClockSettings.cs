using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>How virtual time passes.</summary>
/// <param name="Quantum">How far a handler may run ahead of the rest; zero is exact interleaving (design section 2).</param>
/// <param name="Hz">Ticks a second: 100, 250 or 1000; 0 for <c>exact</c>, limits not rounded to ticks (specification section 0.2).</param>
public sealed record ClockSettings(KernelTime Quantum, int Hz);
