using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>Percentiles of each stretch that was measured, in microseconds.</summary>
internal static class LatencyTable
{
    /// <summary>Prints them, if anything was measured.</summary>
    public static void Write(Screen screen, SimulationSnapshot snapshot)
    {
        var table = new ColumnTable("latency (us)", "count", "min", "mean", "p50", "p90", "p99", "p99.9", "max").Text("latency (us)");
        foreach (var latency in snapshot.Latency)
        {
            if (latency.Count > 0) Add(table, latency);
        }

        if (table.Count == 0) return;
        screen.Line();
        screen.Table(table);
    }

    private static void Add(ColumnTable table, LatencySnapshot latency) => table.Add(
        latency.Overflow == 0 ? latency.Name : $"{latency.Name} ({Figures.Count(latency.Overflow)} above bound)",
        Figures.Count(latency.Count),
        Figures.Microseconds(latency.MinNs),
        Figures.Microseconds(latency.MeanNs),
        Figures.Microseconds(latency.P50Ns),
        Figures.Microseconds(latency.P90Ns),
        Figures.Microseconds(latency.P99Ns),
        Figures.Microseconds(latency.P999Ns),
        Figures.Microseconds(latency.MaxNs));
}
