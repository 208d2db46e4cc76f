using NetActors.Tcp;

namespace NetActors.Cli.Reports;

/// <summary>What makes a connection go from one state to another (RFC 9293 figure 5 and section 3.10).</summary>
internal static class StateEdges
{
    /// <summary>The RFC's name of a state.</summary>
    public static string Name(TcpState state) => state switch
    {
        TcpState.Close => "CLOSED",
        TcpState.SynSent => "SYN-SENT",
        TcpState.SynRecv => "SYN-RECEIVED",
        TcpState.FinWait1 => "FIN-WAIT-1",
        TcpState.FinWait2 => "FIN-WAIT-2",
        TcpState.TimeWait => "TIME-WAIT",
        TcpState.CloseWait => "CLOSE-WAIT",
        TcpState.LastAck => "LAST-ACK",
        _ => state.ToString().ToUpperInvariant(),
    };

    /// <summary>Event and answer.</summary>
    public static string Of(TcpState old, TcpState next) => (old, next) switch
    {
        (TcpState.Close, TcpState.Listen) => "passive OPEN",
        (TcpState.Close, TcpState.SynSent) => "active OPEN, snd SYN",
        (TcpState.Listen, TcpState.SynRecv) => "rcv SYN, snd SYN,ACK, rcv ACK: the listener's child",
        (TcpState.SynSent, TcpState.SynRecv) => "rcv SYN, snd SYN,ACK",
        (TcpState.SynSent, TcpState.Established) => "rcv SYN,ACK, snd ACK",
        (TcpState.SynRecv, TcpState.Established) => "rcv ACK of SYN",
        (TcpState.SynRecv or TcpState.Established, TcpState.FinWait1) => "CLOSE, snd FIN",
        (TcpState.SynRecv or TcpState.Established, TcpState.CloseWait) => "rcv FIN, snd ACK",
        (TcpState.FinWait1, TcpState.FinWait2) => "rcv ACK of FIN",
        (TcpState.FinWait1, TcpState.Closing) => "rcv FIN, snd ACK",
        (TcpState.FinWait1, TcpState.TimeWait) => "rcv FIN and ACK of FIN, snd ACK",
        (TcpState.FinWait2, TcpState.TimeWait) => "rcv FIN, snd ACK, or nobody waits for it",
        (TcpState.Closing, TcpState.TimeWait) => "rcv ACK of FIN",
        (TcpState.CloseWait, TcpState.LastAck) => "CLOSE, snd FIN",
        (TcpState.LastAck, TcpState.Close) => "rcv ACK of FIN",
        (_, TcpState.Close) => "rcv or snd RST, or a timeout",
        _ => "",
    };
}
