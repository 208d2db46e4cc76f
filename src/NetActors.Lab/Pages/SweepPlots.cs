using System.Globalization;
using NetActors.Lab.Runs;
using NetActors.Lab.Sweeping;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace NetActors.Lab.Pages;

/// <summary>Pictures of sweeps: figures against the first key, a line for each value of the others.</summary>
internal static class SweepPlots
{
    private static readonly string[] Shown = ["throughput", "p50", "p99", "cpu", "busiest", "core_us", "interrupts", "drops"];

    /// <summary>A picture for each figure that the runs have.</summary>
    public static IReadOnlyList<Plot> Of(SweepPlan plan, IReadOnlyList<SweepResult> results)
    {
        var done = results.Where(r => r.Runs.Count > 0).ToList();
        if (plan.Keys.Count == 0 || done.Count == 0) return [];
        var plots = new List<Plot>();
        foreach (var metric in Shown.Select(k => Metric.Find(k)!))
        {
            if (done.Any(r => r[metric.Key] is not null)) plots.Add(new Plot(metric.Key, Model(plan, done, metric)));
        }

        return plots;
    }

    private static PlotModel Model(SweepPlan plan, List<SweepResult> done, Metric metric)
    {
        var values = done.Select(r => r.Point.Values[0]).Distinct().ToList();
        var isNumber = values.All(v => Number(v) is not null);
        var model = RunPlots.Model($"{metric.Heading} against {plan.Keys[0]}", plan.Keys[0], $"{metric.Heading} {metric.UnitOf(done[0].Runs[0].Unit)}");
        if (!isNumber)
        {
            var axis = new CategoryAxis { Position = AxisPosition.Bottom, Title = plan.Keys[0] };
            axis.Labels.AddRange(values);
            model.Axes[0] = axis;
        }

        foreach (var group in done.GroupBy(r => string.Join(", ", r.Point.Values.Skip(1))))
        {
            var line = new LineSeries { Title = group.Key.Length == 0 ? null : group.Key, MarkerType = MarkerType.Circle, MarkerSize = 3 };
            foreach (var result in group)
            {
                if (result[metric.Key] is { } value)
                    line.Points.Add(new DataPoint(isNumber ? Number(result.Point.Values[0])!.Value : values.IndexOf(result.Point.Values[0]), value.Mean));
            }

            model.Series.Add(line);
        }

        return model;
    }

    // 100kpps is a hundred thousand: units are those of scenarios.
    private static double? Number(string value)
    {
        var digits = value.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (digits == 0 || !double.TryParse(value.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        return value[digits..] switch
        {
            "" or "pps" or "B" or "bit" or "%" or "us" => number,
            "kpps" or "kbit" or "ms" => number * 1e3,
            "Mpps" or "Mbit" or "s" => number * 1e6,
            "Gbit" => number * 1e9,
            "KiB" => number * 1024,
            "MiB" => number * 1024 * 1024,
            "ns" => number / 1e3,
            _ => null,
        };
    }
}
