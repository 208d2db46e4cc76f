using NetActors.Time;

namespace NetActors.Links;

/// <summary>Where a device pulls its frames from: a wire, an open-loop traffic generator, a capture (design section 2, "skew" rule
/// 2).</summary>
public interface IFrameSource
{
    /// <summary>When the next frame arrives; <see cref="KernelTime.Never"/> when none is known now.</summary>
    KernelTime NextArrival { get; }

    /// <summary>Takes the next frame in order of arrival if it arrives by <paramref name="until"/>; false when none does.</summary>
    bool TryTake(KernelTime until, out WireFrame frame);
}
