namespace NetActors.Observe;

/// <summary>
/// The TCP sockets as <c>ss -tinmoa</c> of iproute2 6.1 lists them: a line of state, queues and addresses, and one of numbers. Columns
/// are as wide as what is in them; ss may stretch the last ones to the terminal's width.
/// </summary>
public static class SocketStatistics
{
    private static readonly string[] Head = ["State", "Recv-Q", "Send-Q", "Local Address", "Port", "Peer Address", "Port"];

    /// <summary>Writes the listing.</summary>
    public static void Write(TextWriter writer, HostSnapshot host)
    {
        string[][] rows = [Head, .. host.TcpSockets.Select(Cells)];
        var widths = new int[Head.Length];
        for (var column = 0; column < widths.Length; column++) widths[column] = rows.Max(row => row[column].Length);
        WriteRow(writer, Head, widths, "Process");
        for (var i = 0; i < host.TcpSockets.Count; i++)
        {
            var socket = host.TcpSockets[i];
            WriteRow(writer, rows[i + 1], widths, Timer(socket));
            writer.Write($"\t{Memory(socket.Memory)}{SocketNumbers.Of(socket)}\n");
        }
    }

    private static void WriteRow(TextWriter writer, string[] cells, int[] widths, string rest)
    {
        string Left(int column) => cells[column].PadRight(widths[column]);
        string Right(int column) => cells[column].PadLeft(widths[column]);
        var row = $"{Left(0)} {Left(1)} {Left(2)} {Right(3)}:{Left(4)} {Right(5)}:{Left(6)}{rest}";
        writer.Write(row.TrimEnd() + "\n");
    }

    private static string[] Cells(TcpSocketSnapshot s)
    {
        var (local, remote) = (Split(s.Local), Split(s.Remote));
        return [s.State, $"{s.RecvQ}", $"{s.SendQ}", local.Address, local.Port, remote.Address, remote.Port];
    }

    private static (string Address, string Port) Split(string endpoint)
    {
        var colon = endpoint.LastIndexOf(':');
        var port = endpoint[(colon + 1)..];
        return (endpoint[..colon], port == "0" ? "*" : port);
    }

    private static string Memory(TcpMemorySnapshot? m) =>
        m is null ? "" : $" skmem:(r{m.RmemAlloc},rb{m.RcvBuf},t{m.WmemAlloc},tb{m.SndBuf},f0,w{m.WmemQueued},o0,bl0,d{m.Drops})";

    private static string Timer(TcpSocketSnapshot s)
    {
        if (s.Timer == TcpTimer.Off) return "";
        var name = s.Timer.ToString().ToLowerInvariant();
        var count = s.Timer == TcpTimer.On ? s.Retransmits : s.Probes;
        return $" timer:({name},{Span(s.TimerNs / 1_000_000)},{count})";
    }

    /// <summary>Milliseconds as ss rounds them (<c>print_ms_timer</c>).</summary>
    internal static string Span(long milliseconds)
    {
        var (minutes, seconds, rest) = (milliseconds / 60_000, milliseconds / 1000 % 60, milliseconds % 1000);
        var text = "";
        if (minutes > 0)
        {
            text = $"{minutes}min";
            rest = 0;
            if (minutes > 9) seconds = 0;
        }

        if (seconds > 0)
        {
            if (seconds > 9) rest = 0;
            text += $"{seconds}{(rest > 0 ? "." : "sec")}";
        }

        return rest > 0 ? $"{text}{rest:000}ms" : text;
    }
}
