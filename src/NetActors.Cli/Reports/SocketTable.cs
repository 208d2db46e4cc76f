using NetActors.Observe;

namespace NetActors.Cli.Reports;

/// <summary>The sockets of a host, in the words of ss; traces call them by the same number (sk).</summary>
internal static class SocketTable
{
    private const int Most = 32;

    /// <summary>Prints a host's; of very many, those that received most.</summary>
    public static void Write(Screen screen, HostSnapshot host)
    {
        WriteDatagram(screen, host);
        WriteTcp(screen, host);
    }

    private static void WriteDatagram(Screen screen, HostSnapshot host)
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

    private static void WriteTcp(Screen screen, HostSnapshot host)
    {
        if (host.TcpSockets.Count == 0) return;
        screen.Section($"{host.Name}: TCP sockets");
        var table = new ColumnTable(
                "sk", "state", "local", "peer", "recv-q", "send-q", "cc", "cwnd", "rtt", "sent", "acked", "received", "retrans", "drops")
            .Text("state", "local", "peer", "cc");
        var shown = host.TcpSockets.Count <= Most ? host.TcpSockets : [.. host.TcpSockets.OrderByDescending(Bytes).Take(Most)];
        foreach (var socket in shown) Add(table, socket);
        screen.Table(table);
        if (shown.Count < host.TcpSockets.Count)
            screen.Line($"and {Figures.Count(host.TcpSockets.Count - shown.Count)} more; --show ss lists all");
    }

    private static ulong Bytes(TcpSocketSnapshot socket) => socket.Info is { } info ? info.BytesSent + info.BytesReceived : 0;

    private static void Add(ColumnTable table, TcpSocketSnapshot socket)
    {
        var info = socket.Info;
        string Number(long? value) => value is { } number ? Figures.Count(number) : "";
        table.Add(
            Figures.Count(socket.Inode),
            socket.State,
            socket.Local,
            socket.Remote,
            Figures.Count(socket.RecvQ),
            Figures.Count(socket.SendQ),
            info?.Congestion ?? "",
            Number(info?.SndCwnd),
            info is { Rtt: > 0 } ? Figures.Time(Time.KernelTime.FromMicroseconds(info.Rtt)) : "",
            Number((long?)info?.BytesSent),
            Number((long?)info?.BytesAcked),
            Number((long?)info?.BytesReceived),
            Number(info?.TotalRetrans),
            Number(socket.Memory?.Drops));
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
