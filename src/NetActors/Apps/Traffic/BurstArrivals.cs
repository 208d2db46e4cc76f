using NetActors.Time;

namespace NetActors.Apps.Traffic;

/// <summary>
/// Bursts at a constant rate. The frames of a burst are offered at the same time: the link of the <see cref="FrameFlood"/> spaces them
/// back to back.
/// </summary>
public sealed class BurstArrivals : ArrivalProcess
{
    private readonly FractionalClock _clock;
    private readonly int _framesPerBurst;
    private int _left;

    /// <summary>
    /// Bursts of <paramref name="framesPerBurst"/>, <paramref name="bursts"/> in every <paramref name="per"/>, the first at
    /// <paramref name="start"/>.
    /// </summary>
    public BurstArrivals(KernelTime start, int framesPerBurst, long bursts, KernelTime per)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(framesPerBurst, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bursts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(per.Nanoseconds, 1);
        (_framesPerBurst, _left, Next) = (framesPerBurst, framesPerBurst, start);
        _clock = new FractionalClock(per.Nanoseconds, bursts);
    }

    /// <inheritdoc />
    public override void Advance()
    {
        if (--_left > 0) return;
        _left = _framesPerBurst;
        Next += _clock.Step();
    }
}
