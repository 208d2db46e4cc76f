using NetActors.Time;

namespace NetActors.Attach;

/// <summary>Decides when the frames of a capture arrive; never before the frame before.</summary>
internal sealed class ReplayClock
{
    // What a frame takes on the wire besides its bytes (IEEE 802.3 clause 4): preamble 8, check sequence 4, gap 12; at least 64 + 20.
    private const int OverheadBytes = 24;
    private const int MinWireBytes = 84;

    // No replay lasts longer than a century or so, and adding the start to it stays below KernelTime.Never.
    private const long Bound = 1L << 62;

    private readonly ReplayOptions _options;
    private KernelTime _lastCaptured;
    private Int128 _bits;

    public ReplayClock(ReplayOptions options)
    {
        if (!(options.Speed > 0) || double.IsInfinity(options.Speed))
            throw new ArgumentOutOfRangeException(nameof(options), options.Speed, "The speed is not above 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LinkBitsPerSecond, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Start.Nanoseconds, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Start.Nanoseconds, Bound - 1, nameof(options));
        _options = options;
    }

    /// <summary>Packets whose time lay before the latest one so far.</summary>
    public long BackwardRecords { get; private set; }

    /// <summary>When the next frame has arrived.</summary>
    /// <param name="captured">Its time since the first packet of the file.</param>
    /// <param name="length">Its length in bytes.</param>
    public KernelTime Arrival(KernelTime captured, int length)
    {
        if (captured < _lastCaptured) BackwardRecords++;
        _lastCaptured = KernelTime.Max(_lastCaptured, captured);
        _bits += Math.Max(MinWireBytes, length + OverheadBytes) * 8L;
        var span = _options.Timing switch
        {
            ReplayTiming.Scaled => Scaled(_lastCaptured.Nanoseconds / _options.Speed),
            ReplayTiming.Maximum => (long)Int128.Min(_bits * 1_000_000_000 / _options.LinkBitsPerSecond, Bound),
            _ => Math.Min(_lastCaptured.Nanoseconds, Bound),
        };
        return _options.Start + KernelTime.FromNanoseconds(span);
    }

    private static long Scaled(double nanoseconds) => nanoseconds >= Bound ? Bound : (long)Math.Round(nanoseconds);
}
