using NetActors.Lab.Runs;
using NetActors.Lab.Statistics;
using NetActors.Scenarios;

namespace NetActors.Lab.Comparing;

/// <summary>What a variant's runs gave.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Runs">The figures by seed.</param>
/// <param name="First">The run of the first seed, for plots.</param>
internal sealed record VariantResult(Variant Variant, IReadOnlyList<RunFigures> Runs, Measurement First)
{
    /// <summary>The mean of a figure over the seeds; null when not every run has it.</summary>
    public Estimate? this[string key] => Samples(key) is { } samples ? Estimate.Of(samples) : null;

    /// <summary>A figure by seed; null when not every run has it.</summary>
    public IReadOnlyList<double>? Samples(string key) =>
        Runs.All(r => r[key] is not null) ? [.. Runs.Select(r => r[key]!.Value)] : null;

    /// <summary>How far a figure differs from that of <paramref name="other"/>, seed by seed; null when either has it not.</summary>
    public Estimate? Minus(VariantResult other, string key) =>
        other.Samples(key) is { } a && Samples(key) is { } b ? Estimate.OfDifferences(a, b) : null;
}

/// <summary>Runs every variant of a comparison with the same seeds.</summary>
internal static class ComparisonRun
{
    /// <summary>Runs it; null when it was cancelled.</summary>
    /// <param name="variants">The variants with their scenarios, seed by seed: all lists are of one length.</param>
    /// <param name="options">How runs are observed; slices are taken of the first seed only.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="done">Called after each run, on any thread.</param>
    /// <param name="cancellation">Ends it.</param>
    public static IReadOnlyList<VariantResult>? Execute(
        IReadOnlyList<(Variant Variant, IReadOnlyList<ScenarioFile> BySeed)> variants,
        LabOptions options,
        int threads,
        Action done,
        CancellationToken cancellation)
    {
        var figures = variants.Select(v => new RunFigures?[v.BySeed.Count]).ToArray();
        var first = new Measurement?[variants.Count];
        var work = Enumerable.Range(0, variants[0].BySeed.Count).SelectMany(seed => Enumerable.Range(0, variants.Count).Select(v => (v, seed))).ToList();
        ParallelWork.ForEach(work, threads, Do, cancellation);
        if (figures.Any(f => f.Any(r => r is null))) return null;
        return [.. variants.Select((v, i) => new VariantResult(v.Variant, figures[i]!, first[i]!))];

        void Do((int Variant, int Seed) at)
        {
            var how = at.Seed == 0 ? options : options with { Slices = 0 };
            var run = LabRun.Execute(variants[at.Variant].BySeed[at.Seed], how, () => cancellation.IsCancellationRequested);
            if (run is null) return;
            if (at.Seed == 0) first[at.Variant] = run;
            figures[at.Variant][at.Seed] = RunFigures.Of(run);
            done();
        }
    }
}
