namespace NetActors.Time;

/// <summary>
/// The tick of an emulated host: turns <see cref="KernelTime"/> into jiffies and back (kernel: <c>CONFIG_HZ</c>, kernel/time/time.c).
/// Exact, which is the default value, has no tick: there a jiffy is a nanosecond and nothing is rounded.
/// </summary>
public readonly record struct Jiffies
{
    /// <summary>No tick: timers expire at their nanosecond.</summary>
    public static readonly Jiffies Exact;

    /// <summary>Ticks 100 times a second.</summary>
    public static readonly Jiffies Hz100 = new(100);

    /// <summary>Ticks 250 times a second, as most distributions build their kernel.</summary>
    public static readonly Jiffies Hz250 = new(250);

    /// <summary>Ticks 1000 times a second.</summary>
    public static readonly Jiffies Hz1000 = new(1000);

    private readonly long _tickMinusOne; // so that the default value is Exact

    private Jiffies(int hz) => (Hz, _tickMinusOne) = (hz, (1_000_000_000 / hz) - 1);

    /// <summary>Ticks a second; 0 when exact.</summary>
    public int Hz { get; }

    /// <summary>True when there is no tick.</summary>
    public bool IsExact => Hz == 0;

    /// <summary>Length of a jiffy (kernel: <c>TICK_NSEC</c>).</summary>
    public KernelTime Tick => new(_tickMinusOne + 1);

    /// <summary>Levels of a timer wheel at this tick (kernel: <c>LVL_DEPTH</c>).</summary>
    public int WheelLevels => Hz > 100 ? 9 : 8;

    /// <summary>The tick of a kernel built with <paramref name="hz"/>: 100, 250 or 1000; 0 is <see cref="Exact"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another frequency.</exception>
    public static Jiffies OfHz(int hz) => hz switch
    {
        0 => Exact,
        100 => Hz100,
        250 => Hz250,
        1000 => Hz1000,
        _ => throw new ArgumentOutOfRangeException(nameof(hz), hz, "HZ is 100, 250, 1000 or 0 (exact)"),
    };

    /// <summary>The counter at <paramref name="now"/>: it moves on only at ticks (kernel: <c>jiffies</c>).</summary>
    public long At(KernelTime now) => now.Nanoseconds / (_tickMinusOne + 1);

    /// <summary>
    /// Jiffies that cover <paramref name="span"/>, rounded up; 0 for a negative one (kernel: <c>nsecs_to_jiffies</c>,
    /// <c>msecs_to_jiffies</c>).
    /// </summary>
    public long Covering(KernelTime span)
    {
        if (span.Nanoseconds <= 0) return 0;
        var whole = Math.DivRem(span.Nanoseconds, _tickMinusOne + 1, out var rest);
        return rest == 0 ? whole : whole + 1;
    }

    /// <summary>
    /// When the counter reaches <paramref name="jiffies"/>; as a span, how long that many last. <see cref="KernelTime.Never"/> past its
    /// range.
    /// </summary>
    public KernelTime ToTime(long jiffies) =>
        jiffies > KernelTime.Never.Nanoseconds / (_tickMinusOne + 1) ? KernelTime.Never : new(jiffies * (_tickMinusOne + 1));

    /// <summary>The first tick that is not before <paramref name="time"/>.</summary>
    public KernelTime RoundUp(KernelTime time) => time.IsNever || IsExact ? time : ToTime(Covering(time));

    /// <summary>"HZ=250" or "exact".</summary>
    public override string ToString() => IsExact ? "exact" : $"HZ={Hz}";
}
