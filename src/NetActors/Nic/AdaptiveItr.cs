using NetActors.Time;

namespace NetActors.Nic;

/// <summary>
/// The interrupt gap as ixgbe adapts it to packets and bytes per interrupt (kernel: <c>ixgbe_update_itr</c>, <c>ixgbe_set_itr</c>),
/// for a 10 Gbit/s link.
/// </summary>
/// <param name="jiffy">Length of a jiffy: what was measured over more than one to two of them says nothing.</param>
public sealed class AdaptiveItr(KernelTime jiffy)
{
    private const int Increment = 2; // IXGBE_ITR_ADAPTIVE_MIN_INC
    private const int MinUsecs = 10;
    private const int MaxUsecs = 126;
    private const int Latency = 0x80; // the flag beside the microseconds
    private const int UsecsMask = Latency - Increment;

    private int _itr = MaxUsecs | Latency;
    private long _nextUpdate;

    /// <summary>Least gap between interrupts in microseconds; 50 before the first update (<c>IXGBE_20K_ITR</c>).</summary>
    public int Usecs { get; private set; } = 50;

    /// <summary>NAPI completed after <paramref name="packets"/> packets of <paramref name="bytes"/> bytes since the last time.</summary>
    public void Update(KernelTime now, long packets, long bytes)
    {
        var jiffies = now.Nanoseconds / jiffy.Nanoseconds;
        _itr = jiffies > _nextUpdate ? MinUsecs | Latency : Next(packets, bytes);
        _nextUpdate = jiffies + 1;
        Usecs = _itr & UsecsMask;
    }

    private int Next(long packets, long bytes) => packets switch
    {
        0 => Math.Min(Usecs + Increment, MaxUsecs) + (_itr & Latency),
        < 4 when bytes < 9000 => Latency + BySize(bytes / packets, halved: true),
        < 48 => Math.Min(Usecs + Increment, MaxUsecs),
        < 96 => Usecs,
        < 256 => Math.Max(Usecs / 2, MinUsecs),
        _ => BySize(bytes / packets, halved: false),
    };

    /// <summary>Microseconds in steps of 2, so that frames of that size give 8,000 to 50,000 interrupts a second.</summary>
    private static int BySize(long frameBytes, bool halved)
    {
        var weight = frameBytes switch
        {
            <= 60 => 5120,
            <= 316 => (frameBytes * 40) + 2720,
            <= 1084 => (frameBytes * 15) + 11452,
            < 1968 => (frameBytes * 5) + 22420,
            _ => 32256,
        };
        if (halved) weight >>= 1;
        return (int)((weight + (Increment * 256) - 1) / (Increment * 256)) * Increment;
    }
}
