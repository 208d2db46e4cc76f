using NetActors.Lab.Connections;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace NetActors.Lab.Pages;

/// <summary>The picture of one connection: windows and flight above, round trips below, over the same time.</summary>
internal static class ConnectionPlot
{
    private const int Height = 560;
    private const string Segments = "segments";
    private const string RoundTrip = "round trip";

    /// <summary>Draws it.</summary>
    public static Plot Of(ConnectionTrace trace)
    {
        var model = new PlotModel { Title = trace.Name, DefaultFont = "sans-serif", TitleFontSize = 14 };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "ms", MajorGridlineStyle = LineStyle.Dot });
        model.Axes.Add(Axis(Segments, Segments, 0.36, 1));
        model.Axes.Add(Axis(RoundTrip, "srtt, us", 0, 0.3));
        model.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft, LegendBackground = OxyColor.FromAColor(200, OxyColors.White) });
        var (cwnd, ssthresh, flight, srtt) = (Line("cwnd", Segments), Line("ssthresh", Segments), Line("in flight", Segments), Line("srtt", RoundTrip));
        foreach (var sample in trace.Samples)
        {
            var at = sample.Time.Seconds * 1e3;
            cwnd.Points.Add(new DataPoint(at, sample.Cwnd));
            ssthresh.Points.Add(sample.Ssthresh == int.MaxValue ? DataPoint.Undefined : new DataPoint(at, sample.Ssthresh));
            flight.Points.Add(new DataPoint(at, sample.InFlight));
            srtt.Points.Add(sample.SrttUs == 0 ? DataPoint.Undefined : new DataPoint(at, sample.SrttUs));
        }

        foreach (var line in (LineSeries[])[flight, cwnd, ssthresh, srtt]) model.Series.Add(line);
        return new Plot("connection", model, Height);
    }

    private static LinearAxis Axis(string key, string title, double from, double to) => new()
    {
        Key = key,
        Title = title,
        Position = AxisPosition.Left,
        StartPosition = from,
        EndPosition = to,
        Minimum = 0,
        MajorGridlineStyle = LineStyle.Dot,
    };

    private static LineSeries Line(string title, string axis) => new() { Title = title, YAxisKey = axis, StrokeThickness = title == "in flight" ? 1 : 2 };
}
