using NetActors.Lab.Runs;
using NetActors.Observe;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace NetActors.Lab.Pages;

/// <summary>Pictures of single runs.</summary>
internal static class RunPlots
{
    private const int RowHeight = 16;
    private const int AxesHeight = 90;
    private static readonly double[] Percents = [.. Enumerable.Range(0, 100).Select(i => (double)i), 99.5, 99.9, 99.99, 100];

    /// <summary>How many answers came within which time, a line for each run; null when none measured any.</summary>
    public static Plot? Latency(IReadOnlyList<(string Name, LatencyHistogram Latency)> runs)
    {
        if (runs.All(r => r.Latency.Count == 0)) return null;
        var model = Model("latency: share of answers within a time", "us", "%");
        model.Axes.Clear();
        model.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = "us", MajorGridlineStyle = LineStyle.Dot });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Title = "%", Minimum = 0, Maximum = 100, MajorGridlineStyle = LineStyle.Dot });
        foreach (var (name, latency) in runs.Where(r => r.Latency.Count > 0))
        {
            var line = new LineSeries { Title = name };
            foreach (var percent in Percents) line.Points.Add(new DataPoint(Math.Max(0.001, latency.NanosecondsAt(percent) / 1e3), percent));
            model.Series.Add(line);
        }

        return new Plot("latency", model);
    }

    /// <summary>How busy each CPU was over time; null without slices.</summary>
    public static Plot? Cpus(string name, string title, IReadOnlyList<Slice> slices)
    {
        if (slices.Count == 0) return null;
        var cpus = slices[0].Busy.Length;
        var data = new double[slices.Count, cpus];
        for (var i = 0; i < slices.Count; i++)
        {
            for (var cpu = 0; cpu < cpus; cpu++) data[i, cpu] = 100 * slices[i].Busy[cpu];
        }

        var model = new PlotModel { Title = title, DefaultFont = "sans-serif", TitleFontSize = 14 };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "ms" });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Title = "CPU", StartPosition = 1, EndPosition = 0, MajorStep = Math.Max(1, cpus / 16), MinorTickSize = 0, Minimum = -0.5, Maximum = cpus - 0.5 });
        model.Axes.Add(new LinearColorAxis { Position = AxisPosition.Right, Title = "busy %", Minimum = 0, Maximum = 100, Palette = OxyPalette.Interpolate(64, OxyColors.White, OxyColors.Gold, OxyColors.OrangeRed, OxyColors.DarkRed) });
        model.Series.Add(new HeatMapSeries
        {
            X0 = Middle(slices[0]),
            X1 = Middle(slices[^1]),
            Y0 = 0,
            Y1 = cpus - 1,
            Data = data,
            Interpolate = false,
            CoordinateDefinition = HeatMapCoordinateDefinition.Center,
            RenderMethod = HeatMapRenderMethod.Rectangles,
        });
        return new Plot(name, model, AxesHeight + (RowHeight * Math.Max(4, Math.Min(cpus, 64))));
    }

    /// <summary>Packets that wait over time, by the queue they wait in; null without slices.</summary>
    public static Plot? Depths(string name, string title, IReadOnlyList<Slice> slices)
    {
        if (slices.Count == 0) return null;
        var model = Model(title, "ms", "packets waiting");
        foreach (var (what, depth) in new (string, Func<QueueDepths, long>)[]
        {
            ("receive rings", d => d.Rings), ("CPU backlogs", d => d.Backlogs), ("sockets", d => d.Sockets), ("qdiscs", d => d.Qdiscs),
        })
        {
            var line = new LineSeries { Title = what };
            foreach (var slice in slices) line.Points.Add(new DataPoint(slice.To.Seconds * 1e3, depth(slice.Depths)));
            model.Series.Add(line);
        }

        return new Plot(name, model);
    }

    /// <summary>An empty picture with two axes and a legend.</summary>
    public static PlotModel Model(string title, string x, string y)
    {
        var model = new PlotModel { Title = title, DefaultFont = "sans-serif", TitleFontSize = 14 };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = x, MajorGridlineStyle = LineStyle.Dot });
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Left, Title = y, MajorGridlineStyle = LineStyle.Dot, Minimum = 0 });
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft, LegendBackground = OxyColor.FromAColor(200, OxyColors.White) });
        return model;
    }

    private static double Middle(Slice slice) => (slice.From.Seconds + slice.To.Seconds) / 2 * 1e3;
}
