using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>Packets that were not delivered, by host, station and reason.</summary>
internal static class DropTable
{
    /// <summary>Prints them; one line when there are none.</summary>
    public static void Write(Screen screen, SimulationSnapshot snapshot)
    {
        var table = new ColumnTable("drops at", "station", "reason", "packets", "% of sent").Text("drops at", "station", "reason");
        foreach (var host in snapshot.Hosts)
        {
            foreach (var drop in host.Drops)
            {
                var share = Figures.Percent(drop.Count, snapshot.Conservation.Sent);
                table.Add(host.Name, drop.Station, drop.Reason.ToString(), Figures.Count(drop.Count), share);
            }
        }

        screen.Line();
        if (table.Count == 0) screen.Line("no drops");
        else screen.Table(table);
    }
}
