using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>What each qdisc handed on, dropped and holds, where a command made one or one had something to do.</summary>
internal static class QdiscTable
{
    /// <summary>Prints a host's.</summary>
    public static void Write(Screen screen, HostSnapshot host)
    {
        var table = new ColumnTable("qdisc", "packets", "bytes", "drops", "overlimits", "requeues", "waiting", "bytes waiting").Text("qdisc");
        foreach (var device in host.Devices)
        {
            foreach (var qdisc in device.Qdiscs.Where(q => q.Handle != "0:" || q.Drops + q.Requeues + q.BacklogPackets > 0)) Add(table, device.Name, qdisc);
        }

        if (table.Count == 0) return;
        screen.Section($"{host.Name}: qdiscs");
        screen.Table(table);
    }

    private static void Add(ColumnTable table, string device, QdiscSnapshot qdisc) => table.Add(
        $"{device} {qdisc.Kind} {qdisc.Handle} {qdisc.Parent}",
        Figures.Count(qdisc.Packets),
        Figures.Count(qdisc.Bytes),
        Figures.Count(qdisc.Drops),
        Figures.Count(qdisc.Overlimits),
        Figures.Count(qdisc.Requeues),
        Figures.Count(qdisc.BacklogPackets),
        Figures.Count(qdisc.BacklogBytes));
}
