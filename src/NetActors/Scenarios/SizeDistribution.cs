namespace NetActors.Scenarios;

/// <summary>How long messages are: a few sizes by weight, or sizes drawn from a law.</summary>
public abstract record SizeDistribution
{
    /// <summary>The greatest size that comes, in bytes.</summary>
    public abstract int Largest { get; }
}
