using System.Globalization;
using NetActors.Cli.Reports;
using NetActors.Lab.Comparing;
using NetActors.Lab.Runs;
using NetActors.Lab.Statistics;

namespace NetActors.Cli.Lab;

/// <summary>A comparison for people: figures side by side, differences with confidence, what was published.</summary>
internal static class ComparisonReport
{
    /// <summary>Prints it.</summary>
    public static void Write(Screen screen, Comparison comparison, IReadOnlyList<VariantResult> results, ulong firstSeed)
    {
        var first = results[0];
        var (subject, seeds) = (first.First.Subject, first.Runs.Count);
        if (comparison.Description.Length > 0) screen.Heading(comparison.Description);
        var window = Figures.Time(first.First.Window);
        screen.Line($"host {subject.Host}, {window} each, {Figures.Of(seeds, "seed")} from {firstSeed}, cost model {first.First.Scenario.CostModel.Name}");
        for (var i = 0; i < results.Count; i++) screen.Line($"{Letter(i)}  {results[i].Variant.Name}");
        screen.Line();
        screen.Table(Table(results));
        if (seeds == 1) screen.Line("one seed tells no interval: --seeds 5 does");
        WritePublished(screen, comparison, results);
    }

    /// <summary>A figure with four digits that count.</summary>
    public static string Value(double value)
    {
        var size = Math.Abs(value);
        var format = size switch { >= 1000 => "#,0", >= 100 => "0.0", >= 1 => "0.00", 0 => "0", >= 0.001 => "0.0000", _ => "0.00e+0" };
        return value.ToString(format, CultureInfo.InvariantCulture).Replace(',', ' ');
    }

    /// <summary>A, B, ... as tables call the variants.</summary>
    public static string Letter(int index) =>
        index < 26 ? ((char)('A' + index)).ToString() : $"V{(index + 1).ToString(CultureInfo.InvariantCulture)}";

    private static ColumnTable Table(IReadOnlyList<VariantResult> results)
    {
        List<string> headings = ["figure", "unit", "A"];
        for (var i = 1; i < results.Count; i++)
        {
            var letter = Letter(i);
            headings.AddRange([letter, $"{letter} - A", $"95% +-{(i > 1 ? new string(' ', i - 1) : "")}", $"{letter}/A %"]);
        }

        var table = new ColumnTable([.. headings.Select(h => h.TrimEnd())]).Text("figure", "unit");
        foreach (var metric in Metric.All)
        {
            if (results.All(r => r[metric.Key] is null)) continue;
            table.Add([.. Row(metric, results)]);
        }

        return table;
    }

    private static IEnumerable<string> Row(Metric metric, IReadOnlyList<VariantResult> results)
    {
        yield return metric.Heading;
        yield return metric.UnitOf(results[0].First.Subject.Unit);
        var first = results[0][metric.Key];
        yield return Text(first);
        foreach (var result in results.Skip(1))
        {
            var difference = result.Minus(results[0], metric.Key);
            yield return Text(result[metric.Key]);
            yield return difference is { } d ? Signed(d.Mean) : "-";
            yield return difference is { } half && double.IsFinite(half.Half) ? Value(half.Half) : "-";
            yield return difference is { } share && first is { Mean: not 0 and var by } ? Share(share, by) : "-";
        }
    }

    // What may be chance is said to be: a star stands where the interval does not hold zero.
    private static string Share(Estimate difference, double by) =>
        (100 * difference.Mean / by).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + (difference.IsNotZero ? "*" : " ");

    private static string Text(Estimate? estimate) => estimate is { } value ? Value(value.Mean) : "-";

    private static string Signed(double value) => (value > 0 ? "+" : "") + Value(value);

    private static void WritePublished(Screen screen, Comparison comparison, IReadOnlyList<VariantResult> results)
    {
        var checks = PublishedCheck.Of(comparison, results);
        if (checks.Count == 0) return;
        screen.Section(comparison.Source.Length == 0 ? "published" : $"published: {comparison.Source}");
        var table = new ColumnTable("figure", "simulated", "published", "off %", "within %", "").Text("figure", "");
        foreach (var check in checks)
        {
            table.Add(check.What, Value(check.Simulated), Value(check.Published), (100 * check.Off).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture),
                check.Within is { } within ? Value(100 * within) : "-", check.Holds ? check.Within is null ? "" : "holds" : "OFF");
        }

        screen.Table(table);
    }
}
