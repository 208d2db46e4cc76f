namespace NetActors.Lab.Runs;

/// <summary>The figures of one run, by key of <see cref="Metric"/>; a figure that the run has not is not there.</summary>
/// <param name="Unit">What throughput counts.</param>
/// <param name="Values">The figures.</param>
/// <param name="Faults">Why they may not be trusted; empty when they may.</param>
internal sealed record RunFigures(WorkUnit Unit, IReadOnlyDictionary<string, double> Values, IReadOnlyList<string> Faults)
{
    /// <summary>Those of a measured run.</summary>
    public static RunFigures Of(Measurement run)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var metric in Metric.All)
        {
            if (metric.Take(run) is { } value && double.IsFinite(value)) values[metric.Key] = value;
        }

        return new RunFigures(run.Subject.Unit, values, run.Faults);
    }

    /// <summary>A figure; null when the run has none of that key.</summary>
    public double? this[string key] => Values.TryGetValue(key, out var value) ? value : null;
}
