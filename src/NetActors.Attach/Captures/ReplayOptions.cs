using NetActors.Time;

namespace NetActors.Attach;

/// <summary>How a capture is replayed.</summary>
public sealed record ReplayOptions
{
    /// <summary>The capture as it was, from time zero on.</summary>
    public static readonly ReplayOptions Default = new();

    /// <summary>What decides when a frame arrives.</summary>
    public ReplayTiming Timing { get; init; }

    /// <summary>How many times faster than the capture, above 0; only for <see cref="ReplayTiming.Scaled"/>.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Rate of the link in bits a second, above 0; only for <see cref="ReplayTiming.Maximum"/>.</summary>
    public long LinkBitsPerSecond { get; init; } = 10_000_000_000;

    /// <summary>Arrival of the capture's first packet; with <see cref="ReplayTiming.Maximum"/>, begin of its first bit.</summary>
    public KernelTime Start { get; init; }

    /// <summary>What happens to packets of which only a part was captured.</summary>
    public TruncatedPackets Truncated { get; init; }

    /// <summary>The only interface whose packets are replayed; null for all.</summary>
    public int? InterfaceIndex { get; init; }

    /// <summary>Header of packets that were captured without Ethernet.</summary>
    public EthernetFraming Framing { get; init; } = new();
}
