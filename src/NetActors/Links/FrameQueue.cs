using NetActors.Time;

namespace NetActors.Links;

/// <summary>Frames that somebody pushes (a TAP reader, a test) for a device that pulls: a bounded queue in order of arrival.</summary>
/// <param name="capacity">Frames it holds.</param>
public sealed class FrameQueue(int capacity) : IFrameSource
{
    private readonly WireFrame[] _frames = new WireFrame[capacity];
    private KernelTime _last = KernelTime.Zero;
    private int _head;

    /// <summary>Frames waiting.</summary>
    public int Count { get; private set; }

    /// <inheritdoc />
    public KernelTime NextArrival => Count > 0 ? _frames[_head].Arrival : KernelTime.Never;

    /// <summary>
    /// Adds a frame; one that claims to arrive before the last arrives with it. False when full: the caller still owns it.
    /// </summary>
    public bool TryOffer(in WireFrame frame)
    {
        if (Count == _frames.Length) return false;
        _last = KernelTime.Max(_last, frame.Arrival);
        _frames[(_head + Count++) % _frames.Length] = frame with { Arrival = _last };
        return true;
    }

    /// <inheritdoc />
    public bool TryTake(KernelTime until, out WireFrame frame)
    {
        frame = default;
        if (NextArrival > until || Count == 0) return false;
        frame = _frames[_head];
        _frames[_head] = default;
        _head = (_head + 1) % _frames.Length;
        Count--;
        return true;
    }
}
