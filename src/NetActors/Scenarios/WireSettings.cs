using NetActors.Time;

namespace NetActors.Scenarios;

/// <summary>A link between two devices; both directions are alike and independent. Probabilities are per frame, 0 to 1.</summary>
public sealed record WireSettings
{
    /// <summary>One end.</summary>
    public required DevicePort A { get; init; }

    /// <summary>The other end.</summary>
    public required DevicePort B { get; init; }

    /// <summary>Bits a second; preamble, check sequence and gap count.</summary>
    public required long Rate { get; init; }

    /// <summary>Time a bit travels.</summary>
    public required KernelTime Delay { get; init; }

    /// <summary>Probability that a frame is lost.</summary>
    public required double Loss { get; init; }

    /// <summary>Probability that a frame arrives twice.</summary>
    public required double Duplicate { get; init; }

    /// <summary>Probability that a frame is held back by <see cref="ReorderDelay"/>.</summary>
    public required double Reorder { get; init; }

    /// <summary>How long such a frame is held back.</summary>
    public required KernelTime ReorderDelay { get; init; }

    /// <summary>Probability that one bit of a frame is flipped on the way.</summary>
    public required double Corrupt { get; init; }

    /// <summary>Frames that may wait for the wire; more are lost.</summary>
    public required int Queue { get; init; }
}
