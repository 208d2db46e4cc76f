namespace NetActors.Lab.Comparing;

/// <summary>A simulated figure beside the published one.</summary>
/// <param name="What">What it is, such as <c>throughput of rps</c>.</param>
/// <param name="Simulated">What the runs gave.</param>
/// <param name="Published">What somebody measured.</param>
/// <param name="Within">How far it may be off, as a share; null when nothing was said.</param>
internal sealed record PublishedCheck(string What, double Simulated, double Published, double? Within)
{
    /// <summary>How far it is off, as a share of the published figure.</summary>
    public double Off => Published == 0 ? (Simulated == 0 ? 0 : double.PositiveInfinity) : (Simulated - Published) / Published;

    /// <summary>It is as near as it has to be.</summary>
    public bool Holds => Within is not { } within || Math.Abs(Off) <= within;

    /// <summary>All that a comparison's file published, and the ratios of throughputs to that of the first variant.</summary>
    public static IReadOnlyList<PublishedCheck> Of(Comparison comparison, IReadOnlyList<VariantResult> results)
    {
        var checks = new List<PublishedCheck>();
        double? Within(string key) => comparison.Within.TryGetValue(key, out var share) ? share : null;
        foreach (var result in results)
        {
            foreach (var (key, published) in result.Variant.Published)
            {
                if (result[key] is { } mean) checks.Add(new PublishedCheck($"{key} of {result.Variant.Name}", mean.Mean, published, Within(key)));
            }
        }

        const string Throughput = "throughput";
        if (!results[0].Variant.Published.TryGetValue(Throughput, out var first) || first <= 0 || results[0][Throughput] is not { Mean: > 0 } base0) return checks;
        foreach (var result in results.Skip(1))
        {
            if (result.Variant.Published.TryGetValue(Throughput, out var other) && result[Throughput] is { } mean)
                checks.Add(new PublishedCheck($"throughput {result.Variant.Name} / {results[0].Variant.Name}", mean.Mean / base0.Mean, other / first, Within(Comparison.Ratio)));
        }

        return checks;
    }
}
