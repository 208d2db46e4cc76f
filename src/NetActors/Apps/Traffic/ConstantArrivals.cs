using NetActors.Time;

namespace NetActors.Apps.Traffic;

/// <summary>
/// A constant rate: frame k is offered at k * <c>per</c> / <c>frames</c>, rounded down to the nanosecond. The remainder is carried, so
/// that the rate is exact however long it runs.
/// </summary>
public sealed class ConstantArrivals : ArrivalProcess
{
    private readonly FractionalClock _clock;

    /// <summary><paramref name="frames"/> in every <paramref name="per"/>, the first at <paramref name="start"/>.</summary>
    public ConstantArrivals(KernelTime start, long frames, KernelTime per)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(per.Nanoseconds, 1);
        Next = start;
        _clock = new FractionalClock(per.Nanoseconds, frames);
    }

    /// <summary><paramref name="framesPerSecond"/>, the first at <paramref name="start"/>.</summary>
    public ConstantArrivals(KernelTime start, long framesPerSecond)
        : this(start, framesPerSecond, KernelTime.FromMilliseconds(1000))
    {
    }

    /// <inheritdoc />
    public override void Advance() => Next += _clock.Step();
}
