using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Cli.Reports;

/// <summary>What the sources outside any host sent.</summary>
internal static class TrafficTable
{
    /// <summary>Prints them, if there are any.</summary>
    public static void Write(Screen screen, SimulationSnapshot snapshot)
    {
        if (snapshot.Traffic.Count == 0) return;
        var table = new ColumnTable("traffic", "load", "flows", "packets", "bytes", "rate").Text("traffic", "load");
        var seconds = new KernelTime(snapshot.DurationNs).Seconds;
        foreach (var source in snapshot.Traffic)
        {
            table.Add(
                source.Name,
                source.Load == LoadModel.Open ? "open" : "closed",
                source.Flows == 0 ? "-" : Figures.Count(source.Flows),
                Figures.Count(source.Sent),
                Figures.Count(source.SentBytes),
                seconds > 0 ? Figures.Rate(source.Sent / seconds, "pps") : "-");
        }

        screen.Line();
        screen.Table(table);
    }
}
