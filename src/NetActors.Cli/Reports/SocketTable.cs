using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>The sockets of a host, in the words of ss; traces call them by the same number (sk).</summary>
internal static class SocketTable
{
    private const int Most = 32;

    /// <summary>Prints a host's; of very many, those that received most.</summary>
    public static void Write(Screen screen, HostSnapshot host)
    {
        if (host.Sockets.Count == 0) return;
        screen.Section($"{host.Name}: sockets");
        var table = new ColumnTable(
                "sk", "netid", "state", "local", "peer", "task", "received", "read", "sent", "drops", "rmem", "rcvbuf", "wakeups")
            .Text("netid", "state", "local", "peer", "task");
        var shown = host.Sockets.Count <= Most ? host.Sockets : [.. host.Sockets.OrderByDescending(s => s.RxPackets).Take(Most)];
        foreach (var socket in shown) Add(table, socket);
        screen.Table(table);
        if (shown.Count < host.Sockets.Count) screen.Line($"and {Figures.Count(host.Sockets.Count - shown.Count)} more; --json has all");
    }

    private static void Add(ColumnTable table, SocketSnapshot socket) => table.Add(
        Figures.Count(socket.Inode),
        socket.Protocol,
        socket.State,
        socket.Local,
        socket.Remote,
        socket.Task,
        Figures.Count(socket.RxPackets),
        Figures.Count(socket.Delivered),
        Figures.Count(socket.TxPackets),
        Figures.Count(socket.Drops),
        Figures.Count(socket.RmemAlloc),
        Figures.Count(socket.RcvBuf),
        Figures.Count(socket.Wakeups));
}
