using NetActors.Cli.Reports;
using NetActors.Lab.Runs;
using NetActors.Lab.Sweeping;
using NetActors.Scenarios;

namespace NetActors.Cli.Lab;

/// <summary>A sweep for people: a line for each point.</summary>
internal static class SweepReport
{
    /// <summary>The figures of a table unless told.</summary>
    public static IReadOnlyList<Metric> Usual { get; } =
        [.. new[] { "throughput", "p50", "p99", "cpu", "busiest", "core_us", "soft", "interrupts", "drops" }.Select(k => Metric.Find(k)!)];

    /// <summary>Prints it.</summary>
    public static void Write(Screen screen, SweepPlan plan, IReadOnlyList<SweepResult> results, ScenarioFile scenario, int seeds, IReadOnlyList<Metric> metrics)
    {
        screen.Heading(scenario.Description.Length == 0 ? scenario.Name : $"{scenario.Name}: {scenario.Description}");
        screen.Line($"{Figures.Of(results.Count, "point")}, {Figures.Time(scenario.Duration)} each, {Figures.Of(seeds, "seed")}, cost model {scenario.CostModel.Name}");
        foreach (var option in plan.Fixed) screen.Line(option);
        screen.Line();
        var names = ShortNames(plan.Keys);
        var unit = results.SelectMany(r => r.Runs).FirstOrDefault()?.Unit ?? WorkUnit.Packets;
        var table = new ColumnTable([.. names, .. metrics.Select(m => Heading(m, unit))]).Text([.. names]);
        foreach (var result in results)
        {
            if (result.Runs.Count > 0) table.Add([.. result.Point.Values, .. metrics.Select(m => Text(result, m))]);
        }

        screen.Table(table);
    }

    /// <summary>The last words of keys, as many as tell them apart.</summary>
    public static IReadOnlyList<string> ShortNames(IReadOnlyList<string> keys)
    {
        string Tail(string key, int words) => string.Join('.', key.Split('.').TakeLast(words));
        for (var words = 1; words < 12; words++)
        {
            var names = keys.Select(k => Tail(k, words)).ToList();
            if (names.Distinct(StringComparer.Ordinal).Count() == keys.Count) return names;
        }

        return keys;
    }

    private static string Heading(Metric metric, WorkUnit unit) => metric.UnitOf(unit) is { Length: > 0 } text ? $"{metric.Key} {text}" : metric.Key;

    private static string Text(SweepResult result, Metric metric) => result[metric.Key] is not { } value ? "-"
        : double.IsFinite(value.Half) ? $"{ComparisonReport.Value(value.Mean)} +-{ComparisonReport.Value(value.Half)}" : ComparisonReport.Value(value.Mean);
}
