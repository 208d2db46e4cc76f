namespace NetActors.Lab.Sweeping;

/// <summary>One point of a sweep: the value of each swept key.</summary>
/// <param name="Values">The values, in the order of the plan's keys.</param>
internal sealed record SweepPoint(IReadOnlyList<string> Values);

/// <summary>What is swept over.</summary>
/// <param name="Keys">The keys that have several values.</param>
/// <param name="Fixed">Overrides that hold at every point.</param>
/// <param name="Points">The points, the last key changing fastest.</param>
internal sealed record SweepPlan(IReadOnlyList<string> Keys, IReadOnlyList<string> Fixed, IReadOnlyList<SweepPoint> Points)
{
    /// <summary>Points that a sweep may have.</summary>
    public const int MostPoints = 100_000;

    /// <summary>Reads a plan from options <c>KEY=VALUES</c>; null with the fault when it cannot be.</summary>
    /// <param name="options">The options.</param>
    /// <param name="together">All keys take their first value, then all their second, and so on, instead of each with each.</param>
    /// <param name="fault">What is wrong.</param>
    public static SweepPlan? Read(IReadOnlyList<string> options, bool together, out string? fault)
    {
        var (keys, values, constant) = (new List<string>(), new List<IReadOnlyList<string>>(), new List<string>());
        foreach (var option in options)
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) return Refuse($"--set {option}: write KEY=VALUES, such as hosts.server.cpus=1,2,4", out fault);
            if (SweepValues.Read(option[(equals + 1)..], out fault) is not { } read) return Refuse($"--set {option}: {fault}", out fault);
            if (read.Count == 1)
            {
                constant.Add($"{option[..equals]}={read[0]}");
                continue;
            }

            if (keys.Contains(option[..equals])) return Refuse($"--set {option}: the key has values already: write all with commas", out fault);
            keys.Add(option[..equals].Trim());
            values.Add(read);
        }

        fault = null;
        if (together && values.Select(v => v.Count).Distinct().Count() > 1)
            return Refuse($"--together needs as many values of each key, not {string.Join(", ", values.Select(v => v.Count))}", out fault);
        if (!together && values.Aggregate(1L, (n, v) => Math.Min(n * v.Count, MostPoints + 1L)) > MostPoints) return Refuse($"more than {MostPoints} points", out fault);
        return new SweepPlan(keys, constant, together && values.Count > 0 ? [.. Zipped(values)] : [.. Grid(values)]);
    }

    /// <summary>The overrides of a point, in order.</summary>
    public IReadOnlyList<string> OverridesOf(SweepPoint point) => [.. Fixed, .. Keys.Zip(point.Values, (key, value) => $"{key}={value}")];

    private static IEnumerable<SweepPoint> Zipped(List<IReadOnlyList<string>> values) =>
        Enumerable.Range(0, values[0].Count).Select(i => new SweepPoint([.. values.Select(v => v[i])]));

    private static IEnumerable<SweepPoint> Grid(List<IReadOnlyList<string>> values)
    {
        IEnumerable<string[]> points = [[]];
        foreach (var next in values) points = points.SelectMany(point => next.Select(value => (string[])[.. point, value]));
        return points.Select(point => new SweepPoint(point));
    }

    private static SweepPlan? Refuse(string reason, out string fault)
    {
        fault = reason;
        return null;
    }
}
