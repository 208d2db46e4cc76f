using NetActors.Time;

namespace NetActors.Apps.Traffic;

/// <summary>Independent arrivals with a mean rate: the gaps are exponential. Fractions of a nanosecond are carried.</summary>
public sealed class PoissonArrivals : ArrivalProcess
{
    private readonly KernelRandom _random;
    private readonly double _meanNanoseconds;
    private double _fraction;

    /// <summary><paramref name="framesPerSecond"/> on average, the first one gap after <paramref name="start"/>.</summary>
    public PoissonArrivals(KernelTime start, double framesPerSecond, KernelRandom random)
    {
        if (!(framesPerSecond > 0)) throw new ArgumentOutOfRangeException(nameof(framesPerSecond), framesPerSecond, "a rate is above 0");
        (_random, _meanNanoseconds, Next) = (random, 1e9 / framesPerSecond, start);
        Advance();
    }

    /// <inheritdoc />
    public override void Advance()
    {
        var gap = _random.NextExponential(_meanNanoseconds) + _fraction;
        var whole = (long)gap;
        _fraction = gap - whole;
        Next += new KernelTime(whole);
    }
}
