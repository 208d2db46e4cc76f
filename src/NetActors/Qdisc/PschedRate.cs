namespace NetActors.Qdisc;

/// <summary>
/// How long bytes take at a rate, as the kernel computes it: a multiplication and a shift (<c>psched_ratecfg_precompute</c>,
/// net/sched/sch_generic.c).
/// </summary>
internal readonly struct PschedRate
{
    private readonly uint _mult;
    private readonly int _shift;
    private readonly int _overhead;

    /// <summary>A rate above 0.</summary>
    public PschedRate(long bytesPerSecond, int overhead = 0)
    {
        (BytesPerSecond, _overhead) = (bytesPerSecond, overhead);
        var factor = 1_000_000_000UL;
        while (true)
        {
            _mult = (uint)(factor / (ulong)bytesPerSecond);
            if ((_mult & 0x8000_0000) != 0 || (factor & (1UL << 63)) != 0) break;
            factor <<= 1;
            _shift++;
        }
    }

    public long BytesPerSecond { get; }

    public int Overhead => _overhead;

    /// <summary>Nanoseconds that <paramref name="bytes"/> take (<c>psched_l2t_ns</c>).</summary>
    public long Nanoseconds(int bytes) => (long)(((ulong)(bytes + _overhead) * _mult) >> _shift);
}

/// <summary>The ticks of 64 ns in which tc and the kernel exchange times (<c>PSCHED_SHIFT</c>; iproute2: tc/tc_core.c).</summary>
internal static class PschedTicks
{
    /// <summary>Nanoseconds of a tick.</summary>
    public const int Nanoseconds = 64;

    private const double PerMicrosecond = 15.625;

    /// <summary>Ticks that <paramref name="bytes"/> take, by whole microseconds (<c>tc_calc_xmittime</c>).</summary>
    public static uint Of(long bytesPerSecond, int bytes) =>
        (uint)Math.Min((ulong)(1_000_000 * ((double)bytes / bytesPerSecond)) * PerMicrosecond, uint.MaxValue);

    /// <summary>Bytes that go in <paramref name="ticks"/> (<c>tc_calc_xmitsize</c>).</summary>
    public static uint Bytes(long bytesPerSecond, uint ticks) => (uint)((double)bytesPerSecond * Microseconds(ticks) / 1_000_000);

    /// <summary>Whole microseconds of <paramref name="ticks"/> (<c>tc_core_tick2time</c>).</summary>
    public static uint Microseconds(uint ticks) => (uint)(ticks / PerMicrosecond);
}
