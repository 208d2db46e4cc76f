using System.Globalization;

namespace NetActors.Time;

/// <summary>A point on an emulated host's clock, or a span of it, in nanoseconds (kernel: <c>ktime_t</c>).</summary>
/// <param name="Nanoseconds">Nanoseconds since the simulation began.</param>
public readonly record struct KernelTime(long Nanoseconds) : IComparable<KernelTime>
{
    /// <summary>The begin of the simulation; as a span, nothing.</summary>
    public static readonly KernelTime Zero;

    /// <summary>Later than everything: nothing is pending (kernel: <c>KTIME_MAX</c>).</summary>
    public static readonly KernelTime Never = new(long.MaxValue);

    /// <summary>True for <see cref="Never"/>.</summary>
    public bool IsNever => Nanoseconds == long.MaxValue;

    /// <summary>Whole microseconds, rounded down.</summary>
    public long Microseconds => Nanoseconds / 1000;

    /// <summary>The value in seconds.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <summary>A time of <paramref name="value"/> nanoseconds.</summary>
    public static KernelTime FromNanoseconds(long value) => new(value);

    /// <summary>A time of <paramref name="value"/> microseconds.</summary>
    public static KernelTime FromMicroseconds(long value) => new(value * 1000);

    /// <summary>A time of <paramref name="value"/> milliseconds.</summary>
    public static KernelTime FromMilliseconds(long value) => new(value * 1_000_000);

    /// <summary>A time of <paramref name="value"/> seconds, rounded to the nearest nanosecond.</summary>
    public static KernelTime FromSeconds(double value) => new((long)Math.Round(value * 1e9));

    /// <summary>The same span as a <see cref="KernelTime"/>.</summary>
    public static KernelTime FromTimeSpan(TimeSpan value) => new(value.Ticks * 100);

    /// <summary>The earlier of two times.</summary>
    public static KernelTime Min(KernelTime left, KernelTime right) => left.Nanoseconds <= right.Nanoseconds ? left : right;

    /// <summary>The later of two times.</summary>
    public static KernelTime Max(KernelTime left, KernelTime right) => left.Nanoseconds >= right.Nanoseconds ? left : right;

    /// <summary>Adds a span. <see cref="Never"/> stays <see cref="Never"/>.</summary>
    public static KernelTime operator +(KernelTime left, KernelTime right) =>
        left.IsNever || right.IsNever ? Never : new(left.Nanoseconds + right.Nanoseconds);

    /// <summary>The span between two times.</summary>
    public static KernelTime operator -(KernelTime left, KernelTime right) =>
        left.IsNever ? Never : new(left.Nanoseconds - right.Nanoseconds);

    /// <summary>A span taken <paramref name="right"/> times. <see cref="Never"/> stays <see cref="Never"/>.</summary>
    public static KernelTime operator *(KernelTime left, long right) => left.IsNever ? Never : new(left.Nanoseconds * right);

    /// <summary>True when <paramref name="left"/> comes first.</summary>
    public static bool operator <(KernelTime left, KernelTime right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>True when <paramref name="left"/> comes last.</summary>
    public static bool operator >(KernelTime left, KernelTime right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>True when <paramref name="left"/> does not come after <paramref name="right"/>.</summary>
    public static bool operator <=(KernelTime left, KernelTime right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>True when <paramref name="left"/> does not come before <paramref name="right"/>.</summary>
    public static bool operator >=(KernelTime left, KernelTime right) => left.Nanoseconds >= right.Nanoseconds;

    /// <inheritdoc />
    public int CompareTo(KernelTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Seconds with nine decimals, as the kernel's log prints its time.</summary>
    public override string ToString() =>
        IsNever ? "never" : string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds / 1_000_000_000}.{Nanoseconds % 1_000_000_000:D9}");
}
