using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>What went through each queue of a host's devices; transmit queues only when they sent.</summary>
internal static class QueueTable
{
    /// <summary>Prints a host's.</summary>
    public static void Write(Screen screen, HostSnapshot host)
    {
        var table = new ColumnTable("queue", "packets", "bytes", "drops", "interrupts", "polls", "packets/poll", "merged", "ring").Text("queue");
        foreach (var device in host.Devices)
        {
            foreach (var queue in device.Queues) Add(table, device.Name, queue);
        }

        if (table.Count == 0) return;
        screen.Section($"{host.Name}: queues");
        screen.Table(table);
    }

    private static void Add(ColumnTable table, string device, QueueSnapshot queue)
    {
        var isRx = queue.Direction == QueueDirection.Rx;
        if (!isRx && queue.Packets == 0) return;
        table.Add(
            $"{device} {(isRx ? "rx" : "tx")}-{Figures.Count(queue.Index)}",
            Figures.Count(queue.Packets),
            Figures.Count(queue.Bytes),
            Figures.Count(queue.Drops),
            isRx ? Figures.Count(queue.Interrupts) : "",
            isRx ? Figures.Count(queue.Polls) : "",
            isRx ? Figures.Ratio(queue.Packets, queue.Polls) : "",
            isRx ? Figures.Count(queue.GroMerged) : "",
            isRx ? Figures.Count(queue.RingSize) : "");
    }
}
