using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>How a card leads flows to queues (accelerated RFS).</summary>
/// <param name="Rules">Filters it has; 0 for a card that cannot.</param>
/// <param name="Delay">From the stack's request until frames follow.</param>
/// <param name="Scan">How often the driver looks for filters of idle flows.</param>
public sealed record ArfsSettings(int Rules, KernelTime Delay, KernelTime Scan);
