namespace NetActors.Attach;

/// <summary>The unit of an interface's timestamps: 10 or 2 to a negative power, in seconds (pcapng section 4.2, <c>if_tsresol</c>).</summary>
/// <param name="Encoded">The option's byte: the top bit chooses 2 instead of 10, the others are the exponent.</param>
public readonly record struct TimestampResolution(byte Encoded)
{
    /// <summary>Microseconds: what holds without the option.</summary>
    public static readonly TimestampResolution Microseconds = new(6);

    /// <summary>Nanoseconds.</summary>
    public static readonly TimestampResolution Nanoseconds = new(9);

    // Times stay within +-146 years of 1970, so that the difference of two of them is a long and never KernelTime.Never.
    private const long Bound = (1L << 62) - 1;

    /// <summary>
    /// Nanoseconds since 1970 of a timestamp, rounded down; what does not fit is the last time that fits, since a damaged
    /// timestamp is no reason to stop reading.
    /// </summary>
    /// <param name="ticks">The timestamp as the file has it.</param>
    /// <param name="offsetSeconds"><c>if_tsoffset</c>.</param>
    public long ToUnixNanoseconds(ulong ticks, long offsetSeconds)
    {
        var nanoseconds = (Int128)ToNanoseconds(ticks) + ((Int128)offsetSeconds * 1_000_000_000);
        return (long)Int128.Clamp(nanoseconds, -Bound, Bound);
    }

    private UInt128 ToNanoseconds(ulong ticks)
    {
        var exponent = Encoded & 0x7F;
        if ((Encoded & 0x80) != 0) return (UInt128)ticks * 1_000_000_000u >> exponent;
        return exponent <= 9 ? (UInt128)ticks * PowerOfTen(9 - exponent) : exponent - 9 > 19 ? 0 : ticks / PowerOfTen(exponent - 9);
    }

    private static ulong PowerOfTen(int exponent)
    {
        var result = 1UL;
        for (var i = 0; i < exponent; i++) result *= 10;
        return result;
    }
}
