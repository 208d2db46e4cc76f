using NetActors.Time;

namespace NetActors.Nic;

/// <summary>How a card leads flows to queues.</summary>
/// <param name="Rules">Filters it has; 0 for a card that cannot.</param>
/// <param name="Delay">From the stack's request until frames follow: the driver's work queue and the card's command.</param>
/// <param name="Scan">How often the driver looks for filters of idle flows.</param>
public readonly record struct ArfsSettings(int Rules, KernelTime Delay, KernelTime Scan)
{
    /// <summary>8192 filters, 100 us, 1 s (the period of ice's service task); the first two are assumptions.</summary>
    public static ArfsSettings Default { get; } = new(8192, KernelTime.FromMicroseconds(100), KernelTime.FromSeconds(1));
}
