using NetActors.Time;

namespace NetActors.Links;

/// <summary>A source that has nothing: a device with nothing plugged in.</summary>
public sealed class NoSource : IFrameSource
{
    /// <inheritdoc />
    public KernelTime NextArrival => KernelTime.Never;

    /// <inheritdoc />
    public bool TryTake(KernelTime until, out WireFrame frame)
    {
        frame = default;
        return false;
    }
}
