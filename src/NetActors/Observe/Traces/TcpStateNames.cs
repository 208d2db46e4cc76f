using System.Globalization;

namespace NetActors.Observe;

/// <summary>The names of TCP's states in traces (kernel: <c>show_tcp_state_name</c>, include/trace/events/sock.h).</summary>
internal static class TcpStateNames
{
    private static readonly string[] Names =
    [
        "", "TCP_ESTABLISHED", "TCP_SYN_SENT", "TCP_SYN_RECV", "TCP_FIN_WAIT1", "TCP_FIN_WAIT2", "TCP_TIME_WAIT", "TCP_CLOSE", "TCP_CLOSE_WAIT",
        "TCP_LAST_ACK", "TCP_LISTEN", "TCP_CLOSING", "TCP_NEW_SYN_RECV",
    ];

    /// <summary>The name of a state; the number itself when it has none.</summary>
    public static string Of(long state) => state is > 0 and < 13 ? Names[state] : state.ToString(CultureInfo.InvariantCulture);
}
