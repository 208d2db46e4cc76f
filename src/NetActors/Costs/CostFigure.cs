namespace NetActors.Costs;

/// <summary>What one operation costs and how that is known.</summary>
/// <param name="Nanoseconds">CPU time of one.</param>
/// <param name="Mark">How well it is known.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record CostFigure(long Nanoseconds, CostMark Mark, string Source);

/// <summary>How well a figure is known, by the letters of the calibration notes.</summary>
public enum CostMark
{
    /// <summary>M: from memory or assumed; unverified.</summary>
    Memory,

    /// <summary>D: derived by arithmetic from figures that were read.</summary>
    Derived,

    /// <summary>R2: read in a secondary source.</summary>
    Secondary,

    /// <summary>R: read in the primary source.</summary>
    Primary,
}
