namespace NetActors.Scenarios;

/// <summary>How packets spread over flows.</summary>
public enum FlowDistribution
{
    /// <summary>All flows alike.</summary>
    Uniform,

    /// <summary>The k-th flow has weight k^-<see cref="FlowSettings.ZipfExponent"/>.</summary>
    Zipf,

    /// <summary>The first flow has <see cref="FlowSettings.ElephantShare"/>, the others share the rest.</summary>
    Elephant,
}

/// <summary>When packets of an open-loop source leave.</summary>
public enum ArrivalProcess
{
    /// <summary>At equal gaps.</summary>
    Constant,

    /// <summary>At exponential gaps: a Poisson process.</summary>
    Poisson,
}

/// <summary>The flows of a source.</summary>
/// <param name="Count">How many.</param>
/// <param name="Distribution">How packets spread over them.</param>
/// <param name="ZipfExponent">Exponent of <see cref="FlowDistribution.Zipf"/>.</param>
/// <param name="ElephantShare">Share of the first flow of <see cref="FlowDistribution.Elephant"/>, 0 to 1.</param>
public sealed record FlowSettings(int Count, FlowDistribution Distribution, double ZipfExponent, double ElephantShare);
