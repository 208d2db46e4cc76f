namespace NetActors.Scenarios;

/// <summary>Small sizes by weight, all others drawn from a law.</summary>
/// <param name="Small">The small sizes.</param>
/// <param name="RestWeight">Weight of the others together, beside those of <paramref name="Small"/>.</param>
/// <param name="Rest">The others.</param>
public sealed record SplitSizes(SizeMix Small, int RestWeight, DrawnSizes Rest) : SizeDistribution
{
    /// <inheritdoc />
    public override int Largest => Math.Max(Small.Largest, Rest.Largest);
}
