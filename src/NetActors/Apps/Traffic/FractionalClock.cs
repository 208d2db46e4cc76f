using NetActors.Time;

namespace NetActors.Apps.Traffic;

/// <summary>
/// Steps of a fraction of nanoseconds without drift: after n steps exactly n * numerator / denominator have passed, rounded down.
/// </summary>
/// <param name="numerator">Nanoseconds in <paramref name="denominator"/> steps.</param>
/// <param name="denominator">Steps.</param>
internal sealed class FractionalClock(long numerator, long denominator)
{
    private readonly long _whole = numerator / denominator;
    private readonly long _part = numerator % denominator;
    private long _carried;

    /// <summary>Length of the next step.</summary>
    internal KernelTime Step()
    {
        _carried += _part;
        if (_carried < denominator) return new(_whole);
        _carried -= denominator;
        return new(_whole + 1);
    }
}
