namespace NetActors.Scenarios;

/// <summary>Sizes drawn from a continuous law, rounded down to bytes and kept within limits.</summary>
/// <param name="Law">Which.</param>
/// <param name="Location">Its location (mu, theta), in bytes.</param>
/// <param name="Scale">Its scale (sigma), in bytes, above 0.</param>
/// <param name="Shape">Its shape (k, xi).</param>
/// <param name="Least">What is drawn below counts as this, in bytes.</param>
/// <param name="Most">What is drawn above counts as this, in bytes.</param>
public sealed record DrawnSizes(SizeLaw Law, double Location, double Scale, double Shape, int Least, int Most) : SizeDistribution
{
    /// <inheritdoc />
    public override int Largest => Most;
}
