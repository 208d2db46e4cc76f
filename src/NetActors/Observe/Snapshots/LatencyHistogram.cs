using HdrHistogram;
using NetActors.Time;

namespace NetActors.Observe;

/// <summary>
/// Collects latencies in bounded memory, three significant digits, without allocating. Values above the bound are counted as the bound
/// and in <see cref="Overflow"/>, so an overload cannot hide in a histogram that was made too small. Belongs to one CPU.
/// </summary>
public sealed class LatencyHistogram
{
    private readonly LongHistogram _histogram;
    private Int128 _sum;
    private long _min = long.MaxValue;
    private long _max;

    /// <summary>An empty histogram of the stretch <paramref name="name"/>, up to <paramref name="highest"/> (10 s unless told).</summary>
    public LatencyHistogram(string name, KernelTime? highest = null)
    {
        Name = name;
        Highest = highest ?? KernelTime.FromSeconds(10);
        _histogram = new LongHistogram(1, Math.Max(2, Highest.Nanoseconds), 3);
    }

    /// <summary>Which stretch is measured.</summary>
    public string Name { get; }

    /// <summary>The bound.</summary>
    public KernelTime Highest { get; }

    /// <summary>Values recorded, those above the bound included.</summary>
    public long Count { get; private set; }

    /// <summary>Values above the bound.</summary>
    public long Overflow { get; private set; }

    /// <summary>Records one latency; a negative one is our own bug and throws.</summary>
    public void Record(KernelTime latency)
    {
        var value = latency.Nanoseconds;
        ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(latency));
        if (value > Highest.Nanoseconds) Overflow++;
        _histogram.RecordValue(Math.Min(value, Highest.Nanoseconds));
        _sum += value;
        _min = Math.Min(_min, value);
        _max = Math.Max(_max, value);
        Count++;
    }

    /// <summary>Adds what <paramref name="other"/> recorded; it must have the same bound.</summary>
    public void Add(LatencyHistogram other)
    {
        if (other.Highest != Highest) throw new ArgumentException("histograms of different bounds do not add up", nameof(other));
        _histogram.Add(other._histogram);
        _sum += other._sum;
        _min = Math.Min(_min, other._min);
        _max = Math.Max(_max, other._max);
        Count += other.Count;
        Overflow += other.Overflow;
    }

    /// <summary>Forgets what was recorded: a warm-up is over.</summary>
    public void Reset()
    {
        _histogram.Reset();
        (_sum, _min, _max, Count, Overflow) = (0, long.MaxValue, 0, 0, 0);
    }

    /// <summary>Nanoseconds that <paramref name="percent"/> percent of the values do not exceed; 0 of none.</summary>
    public long NanosecondsAt(double percent) => Count == 0 ? 0 : Percentile(percent);

    /// <summary>The distribution so far.</summary>
    public LatencySnapshot Snapshot() => Count == 0
        ? new LatencySnapshot { Name = Name }
        : new LatencySnapshot
        {
            Name = Name,
            Count = Count,
            Overflow = Overflow,
            MinNs = _min,
            MeanNs = (long)(_sum / Count),
            P50Ns = Percentile(50),
            P90Ns = Percentile(90),
            P99Ns = Percentile(99),
            P999Ns = Percentile(99.9),
            MaxNs = _max,
        };

    // The histogram answers with the upper edge of a bucket, which may lie above every value in it.
    private long Percentile(double percent) =>
        Math.Min(Math.Min(_max, Highest.Nanoseconds), Math.Max(_min, _histogram.GetValueAtPercentile(percent)));
}
