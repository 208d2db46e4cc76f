using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>What went past the stack: AF_XDP sockets, CPU maps, and the programs; where there are any.</summary>
internal static class BypassTable
{
    /// <summary>Prints a host's.</summary>
    public static void Write(Screen screen, HostSnapshot host)
    {
        var sockets = new ColumnTable("AF_XDP socket", "received", "sent", "rx_dropped", "rx_ring_full", "rx_fill_ring_empty", "tx_invalid").Text("AF_XDP socket");
        foreach (var s in host.XdpSockets)
        {
            sockets.Add($"{s.Device} queue {s.Queue} {(s.ZeroCopy ? "zero-copy" : "copy")}", Figures.Count(s.Received), Figures.Count(s.Sent), Figures.Count(s.RxDropped),
                Figures.Count(s.RxRingFull), Figures.Count(s.RxFillRingEmptyDescs), Figures.Count(s.TxInvalidDescs));
        }

        var maps = new ColumnTable("cpumap", "enqueued", "drops", "bulk average", "kthread", "kthread drops").Text("cpumap");
        foreach (var m in host.CpuMaps)
        {
            var average = m.Bulks == 0 ? 0 : (double)(m.Enqueued + m.Drops) / m.Bulks;
            maps.Add($"{m.Device} CPU {m.Cpu}", Figures.Count(m.Enqueued), Figures.Count(m.Drops), average.ToString("F2", System.Globalization.CultureInfo.InvariantCulture),
                Figures.Count(m.KthreadPackets), Figures.Count(m.KthreadDrops));
        }

        var tasks = new ColumnTable("program", "threads", "handled", "ignored", "tx_dropped", "system calls").Text("program");
        foreach (var t in host.BypassTasks)
            tasks.Add(t.Name, Figures.Count(t.Threads), Figures.Count(t.Handled), Figures.Count(t.Ignored), Figures.Count(t.TxDropped), Figures.Count(t.Calls));
        if (sockets.Count + maps.Count + tasks.Count == 0) return;
        screen.Section($"{host.Name}: past the stack");
        foreach (var table in (ReadOnlySpan<ColumnTable>)[sockets, maps, tasks])
        {
            if (table.Count > 0) screen.Table(table);
        }
    }
}
