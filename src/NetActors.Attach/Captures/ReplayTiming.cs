namespace NetActors.Attach;

/// <summary>When the frames of a replayed capture arrive.</summary>
public enum ReplayTiming
{
    /// <summary>With the gaps of the capture.</summary>
    Original,

    /// <summary>With the gaps of the capture divided by <see cref="ReplayOptions.Speed"/>.</summary>
    Scaled,

    /// <summary>Back to back, as fast as <see cref="ReplayOptions.LinkBitsPerSecond"/> lets them.</summary>
    Maximum,
}
