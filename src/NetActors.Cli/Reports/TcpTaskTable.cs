using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>What the connections of programs over TCP came to, with rates over the whole run.</summary>
internal static class TcpTaskTable
{
    /// <summary>Prints them, if there are any.</summary>
    public static void Write(Screen screen, SimulationSnapshot snapshot)
    {
        var table = new ColumnTable(
            "program", "threads", "connected", "accepted", "in vain", "closed", "failed", "requests", "requests/s", "Mbit/s out", "Mbit/s in").Text("program");
        foreach (var host in snapshot.Hosts)
        {
            foreach (var task in host.TcpTasks) Add(table, $"{host.Name}/{task.Name}", task, snapshot.DurationNs / 1e9);
        }

        if (table.Count == 0) return;
        screen.Line();
        screen.Table(table);
    }

    private static void Add(ColumnTable table, string name, TcpTaskSnapshot task, double seconds) => table.Add(
        name,
        Figures.Count(task.Threads),
        Figures.Count(task.Connected),
        Figures.Count(task.Accepted),
        Figures.Count(task.AcceptedNothing),
        Figures.Count(task.Closed),
        Figures.Count(task.Failed),
        Figures.Count(task.Requests),
        PerSecond(task.Requests, seconds),
        PerSecond(task.BytesSent * 8 / 1_000_000, seconds),
        PerSecond(task.BytesReceived * 8 / 1_000_000, seconds));

    private static string PerSecond(long count, double seconds) => seconds > 0 ? Figures.Count((long)(count / seconds)) : "-";
}
