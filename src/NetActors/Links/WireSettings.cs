using NetActors.Time;

namespace NetActors.Links;

/// <summary>One direction of a link. Fault probabilities are 0 to 1 and independent of each other (as <c>tc qdisc ... netem</c> has
/// them).</summary>
public sealed record WireSettings
{
    /// <summary>Line rate in bits a second; 0 is infinite, so frames take no link time.</summary>
    public long BitsPerSecond { get; init; } = 10_000_000_000;

    /// <summary>Time that a bit travels.</summary>
    public KernelTime PropagationDelay { get; init; } = KernelTime.Zero;

    /// <summary>Frames that may wait for the line at the sending end.</summary>
    public int QueueFrames { get; init; } = 1024;

    /// <summary>Chance that a frame does not arrive (netem: <c>loss</c>).</summary>
    public double Loss { get; init; }

    /// <summary>Chance that a frame is sent twice (netem: <c>duplicate</c>).</summary>
    public double Duplication { get; init; }

    /// <summary>Chance that a frame is late by <see cref="ReorderDelay"/>, so that later ones overtake it.</summary>
    public double Reordering { get; init; }

    /// <summary>How much later a reordered frame comes.</summary>
    public KernelTime ReorderDelay { get; init; } = KernelTime.FromMicroseconds(100);

    /// <summary>Only every so-many-th frame may be late; 1 is every frame (netem: <c>gap</c>).</summary>
    public int ReorderGap { get; init; } = 1;

    /// <summary>Chance that one random bit of a frame is inverted (netem: <c>corrupt</c>).</summary>
    public double Corruption { get; init; }

    /// <summary>The bit is inverted before the last FCS was made (in a bridge's memory), so that only the checksums of IP and TCP see
    /// it.</summary>
    public bool CorruptAfterFcs { get; init; }

    /// <summary>What is wrong with the settings, or null: for whoever reads them from a scenario.</summary>
    public string? Fault()
    {
        if (BitsPerSecond < 0) return "rate must not be negative";
        if (PropagationDelay < KernelTime.Zero || ReorderDelay < KernelTime.Zero) return "delays must not be negative";
        if (QueueFrames < 1) return "the queue must hold a frame";
        if (ReorderGap < 1) return "gap must be at least 1";
        foreach (var chance in (ReadOnlySpan<double>)[Loss, Duplication, Reordering, Corruption])
        {
            if (!(chance >= 0 && chance <= 1)) return "probabilities go from 0 to 1";
        }

        return null;
    }
}
