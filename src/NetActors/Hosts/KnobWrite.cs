using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>A setting that was written while a host ran.</summary>
/// <param name="At">When.</param>
/// <param name="Key">What.</param>
/// <param name="Value">What was written.</param>
/// <param name="Error">Why it was refused, with the errno first; null when it was taken.</param>
internal sealed record KnobWrite(KernelTime At, string Key, string Value, string? Error);
