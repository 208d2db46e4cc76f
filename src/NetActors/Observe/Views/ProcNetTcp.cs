using System.Globalization;
using System.Net;

namespace NetActors.Observe;

/// <summary>
/// /proc/net/tcp (kernel: <c>tcp4_seq_show</c>): numbers in hexadecimal, addresses as little-endian machines show them, times in
/// hundredths of a second, lines filled with blanks to 149 characters. Where the kernel prints a hashed pointer there are zeros, which
/// are the same in every run.
/// </summary>
public static class ProcNetTcp
{
    private const int Width = 149; // TMPSZ - 1
    private const long Tick = 10_000_000; // USER_HZ in nanoseconds
    private const int InfiniteSsthresh = 0x7fffffff;
    private const string Pointer = "0000000000000000";
    private const string Header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    // ss's words by the kernel's numbers of the states.
    private static readonly string[] States =
        ["", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "UNCONN", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING"];

    /// <summary>/proc/net/tcp6 of a host without IPv6 sockets (kernel: <c>tcp6_seq_show</c>).</summary>
    public const string HeaderOfTcp6 =
        "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    /// <summary>Writes the file.</summary>
    public static void Write(TextWriter writer, HostSnapshot host)
    {
        WriteLine(writer, Header);
        for (var i = 0; i < host.TcpSockets.Count; i++) WriteLine(writer, Line(host.TcpSockets[i], i));
    }

    private static string Line(TcpSocketSnapshot s, int number)
    {
        var isListener = s.State == "LISTEN";
        var state = Array.IndexOf(States, s.State);
        var (send, received) = s.Info is null ? (0, 0) : (isListener ? 0 : s.SendQ, s.RecvQ);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"{number,4}: {Endpoint(s.Local)} {Endpoint(s.Remote)} {state:X2} {send:X8}:{received:X8} {(int)s.Timer:X2}:{s.TimerNs / Tick:X8} ");
        if (s.Info is not { } info) // a half-open connection, or TIME_WAIT, which the kernel holds by three references
            return head + string.Create(CultureInfo.InvariantCulture, $"{s.Retransmits:X8} {0,5} {0,8} 0 {(s.Timer == TcpTimer.Timewait ? 3 : 0)} {Pointer}");
        var ssthresh = isListener ? s.FastOpenQueue : info.SndSsthresh >= InfiniteSsthresh ? -1 : info.SndSsthresh;
        var rto = isListener ? 100 : info.Rto * 1000 / Tick; // TCP_TIMEOUT_INIT
        var references = s.Timer == TcpTimer.Off ? 1 : 2; // a timer that runs holds one
        return head + string.Create(
            CultureInfo.InvariantCulture,
            $"{s.Retransmits:X8} {0,5} {s.Probes,8} {s.Inode} {references} {Pointer} {rto} {info.Ato * 1000 / Tick} {(s.Quick << 1) | (s.Pingpong ? 1 : 0)} {info.SndCwnd} {ssthresh}");
    }

    private static string Endpoint(string text)
    {
        var end = IPEndPoint.Parse(text);
        var bytes = end.Address.GetAddressBytes();
        return string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToUInt32(bytes):X8}:{end.Port:X4}");
    }

    private static void WriteLine(TextWriter writer, string line) => writer.Write(line.PadRight(Width) + "\n");
}
