using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>A setting that is written while the scenario runs.</summary>
/// <param name="At">When.</param>
/// <param name="Host">On which host.</param>
/// <param name="Key">What, as an administrator names it: see <see cref="KnobKey"/>.</param>
/// <param name="Value">What is written.</param>
public sealed record EventSettings(KernelTime At, string Host, string Key, string Value);
