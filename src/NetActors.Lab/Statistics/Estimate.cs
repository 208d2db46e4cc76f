namespace NetActors.Lab.Statistics;

/// <summary>A mean of some samples and how far the true one may be off.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Half">Half the width of the 95 % confidence interval; infinite of one sample.</param>
/// <param name="Samples">How many there were.</param>
internal readonly record struct Estimate(double Mean, double Half, int Samples)
{
    /// <summary>The interval does not hold zero.</summary>
    public bool IsNotZero => double.IsFinite(Half) && Math.Abs(Mean) > Half;

    /// <summary>The estimate of one sample at least.</summary>
    public static Estimate Of(IReadOnlyList<double> samples)
    {
        ArgumentOutOfRangeException.ThrowIfZero(samples.Count, nameof(samples));
        var mean = samples.Average();
        if (samples.Count == 1) return new Estimate(mean, double.PositiveInfinity, 1);
        var variance = samples.Sum(s => (s - mean) * (s - mean)) / (samples.Count - 1);
        return new Estimate(mean, StudentT.Quantile95(samples.Count - 1) * Math.Sqrt(variance / samples.Count), samples.Count);
    }

    /// <summary>
    /// The estimate of the difference <paramref name="b"/> - <paramref name="a"/>, sample by sample: what both share by their seeds cancels.
    /// </summary>
    public static Estimate OfDifferences(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        if (a.Count != b.Count) throw new ArgumentException("samples come in pairs", nameof(b));
        return Of([.. a.Zip(b, (x, y) => y - x)]);
    }
}
