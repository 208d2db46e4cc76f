using NetActors.Lab.Runs;

namespace NetActors.Lab.Advising;

/// <summary>What settings are searched for.</summary>
/// <param name="Metric">The figure that is to be better.</param>
internal sealed record Goal(Metric Metric)
{
    /// <summary>A smaller gain is none: it changes with the seed.</summary>
    public const double Least = 0.01;

    private const double LessWork = 0.99;
    private const double MoreDrops = 0.001;

    /// <summary>Figures that can be a goal.</summary>
    public static IReadOnlyList<Metric> All { get; } = [.. Metric.All.Where(m => m.Better != 0)];

    /// <summary>
    /// How much better <paramref name="b"/> is than <paramref name="a"/>, as a share; below zero when worse. What does less work, or drops
    /// more, is never better, whatever its latency.
    /// </summary>
    public double Gain(RunFigures a, RunFigures b)
    {
        if (b.Faults.Count > 0 || b[Metric.Key] is not { } after) return double.NegativeInfinity;
        if (Metric.Key != "throughput" && b["throughput"] < LessWork * a["throughput"]) return double.NegativeInfinity;
        if (Dropped(b) > Dropped(a) + MoreDrops) return double.NegativeInfinity;
        if (a[Metric.Key] is not { } before) return double.PositiveInfinity;
        if (before == 0) return Metric.Better * after > 0 ? double.PositiveInfinity : after == 0 ? 0 : double.NegativeInfinity;
        return Metric.Better * ((after / before) - 1);
    }

    private static double Dropped(RunFigures run) => run["drops"] is { } drops and > 0 ? drops / (drops + (run["throughput"] ?? 0)) : 0;
}
