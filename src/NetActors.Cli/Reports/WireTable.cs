using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>What each direction of each wire carried and lost; those that carried nothing are left out.</summary>
internal static class WireTable
{
    /// <summary>Prints them.</summary>
    public static void Write(Screen screen, SimulationSnapshot snapshot)
    {
        var table = new ColumnTable("wire", "sent", "delivered", "lost", "duplicated", "reordered", "corrupted", "queue drops", "under way")
            .Text("wire");
        foreach (var wire in snapshot.Wires)
        {
            if (wire.Sent > 0) Add(table, wire);
        }

        if (table.Count == 0) return;
        screen.Line();
        screen.Table(table);
    }

    private static void Add(ColumnTable table, WireSnapshot wire) => table.Add(
        wire.Name,
        Figures.Count(wire.Sent),
        Figures.Count(wire.Delivered),
        Figures.Count(wire.Lost),
        Figures.Count(wire.Duplicated),
        Figures.Count(wire.Reordered),
        Figures.Count(wire.Corrupted),
        Figures.Count(wire.QueueDrops),
        Figures.Count(wire.InFlight));
}
