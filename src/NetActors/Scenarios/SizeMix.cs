namespace NetActors.Scenarios;

/// <summary>One size of a mix.</summary>
/// <param name="Bytes">Bytes.</param>
/// <param name="Weight">Share among the sum of all weights.</param>
public readonly record struct WeightedSize(int Bytes, int Weight);

/// <summary>Sizes of frames or messages: one, or several drawn by weight.</summary>
/// <param name="Sizes">At least one, each size once, in the order of the file.</param>
public sealed record SizeMix(IReadOnlyList<WeightedSize> Sizes) : SizeDistribution
{
    /// <inheritdoc />
    public override int Largest => Sizes.Max(size => size.Bytes);

    /// <summary>Sum of the weights.</summary>
    public int TotalWeight => Sizes.Sum(size => size.Weight);

    /// <summary>Mean size in bytes.</summary>
    public double Mean => Sizes.Sum(size => (double)size.Bytes * size.Weight) / TotalWeight;

    /// <summary>Always <paramref name="bytes"/>.</summary>
    public static SizeMix Of(int bytes) => new([new WeightedSize(bytes, 1)]);
}
