using NetActors.Time;

namespace NetActors.Nic;

/// <summary>The next interrupt as far as the NIC can see.</summary>
/// <param name="Due">When it fires if nothing changes; <see cref="KernelTime.Never"/> when none is in sight.</param>
/// <param name="Queue">Its queue; -1 when none is in sight.</param>
/// <param name="LookAgain">
/// How far the NIC could look; earlier than <paramref name="Due"/> when an earlier interrupt may hide behind. Advance the NIC to then
/// and ask again. <see cref="KernelTime.Never"/> when it saw all there is.
/// </param>
public readonly record struct InterruptForecast(KernelTime Due, int Queue, KernelTime LookAgain)
{
    /// <summary>When to come back: the earlier of both.</summary>
    public KernelTime At => KernelTime.Min(Due, LookAgain);
}
