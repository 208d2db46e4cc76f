using System.Collections.Frozen;

namespace NetActors.Observe;

/// <summary>When netstat -s prints a counter.</summary>
internal enum NetstatLine
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Always.</summary>
    Always,

    /// <summary>When it is not 0.</summary>
    WhenSeen,

    /// <summary>When it is not 0, under the title of its histogram.</summary>
    Histogram,
}

/// <summary>A counter in netstat's words.</summary>
/// <param name="Text">The words; {0} is the number.</param>
/// <param name="Line">When it is printed.</param>
internal sealed record NetstatWord(string Text, NetstatLine Line);

/// <summary>
/// The words of <c>netstat -s</c> (net-tools 2.10, statistics.c). Counters that are not here are printed by their names: net-tools misses
/// some of its own words, since its lists are not sorted as its search needs them.
/// </summary>
internal static class NetstatWords
{
    private static readonly FrozenDictionary<string, NetstatWord> Known = new Dictionary<string, NetstatWord>
    {
        ["Ip.InReceives"] = new("{0} total packets received", NetstatLine.Always),
        ["Ip.InHdrErrors"] = new("{0} with invalid headers", NetstatLine.WhenSeen),
        ["Ip.InAddrErrors"] = new("{0} with invalid addresses", NetstatLine.WhenSeen),
        ["Ip.ForwDatagrams"] = new("{0} forwarded", NetstatLine.Always),
        ["Ip.InUnknownProtos"] = new("{0} with unknown protocol", NetstatLine.WhenSeen),
        ["Ip.InDiscards"] = new("{0} incoming packets discarded", NetstatLine.Always),
        ["Ip.InDelivers"] = new("{0} incoming packets delivered", NetstatLine.Always),
        ["Ip.OutRequests"] = new("{0} requests sent out", NetstatLine.Always),
        ["Ip.OutDiscards"] = new("{0} outgoing packets dropped", NetstatLine.WhenSeen),
        ["Ip.OutNoRoutes"] = new("{0} dropped because of missing route", NetstatLine.WhenSeen),
        ["Ip.ReasmTimeout"] = new("{0} fragments dropped after timeout", NetstatLine.WhenSeen),
        ["Ip.ReasmReqds"] = new("{0} reassemblies required", NetstatLine.WhenSeen),
        ["Ip.ReasmOKs"] = new("{0} packets reassembled ok", NetstatLine.WhenSeen),
        ["Ip.ReasmFails"] = new("{0} packet reassemblies failed", NetstatLine.WhenSeen),
        ["Ip.FragOKs"] = new("{0} outgoing packets fragmented ok", NetstatLine.WhenSeen),
        ["Ip.FragFails"] = new("{0} outgoing packets failed fragmentation", NetstatLine.WhenSeen),
        ["Ip.FragCreates"] = new("{0} fragments created", NetstatLine.WhenSeen),
        ["Icmp.InMsgs"] = new("{0} ICMP messages received", NetstatLine.Always),
        ["Icmp.InErrors"] = new("{0} input ICMP message failed", NetstatLine.Always),
        ["Icmp.InDestUnreachs"] = new("destination unreachable: {0}", NetstatLine.Histogram),
        ["Icmp.InTimeExcds"] = new("timeout in transit: {0}", NetstatLine.Histogram),
        ["Icmp.InParmProbs"] = new("wrong parameters: {0}", NetstatLine.Histogram),
        ["Icmp.InSrcQuenchs"] = new("source quenches: {0}", NetstatLine.Histogram),
        ["Icmp.InRedirects"] = new("redirects: {0}", NetstatLine.Histogram),
        ["Icmp.InEchos"] = new("echo requests: {0}", NetstatLine.Histogram),
        ["Icmp.InEchoReps"] = new("echo replies: {0}", NetstatLine.Histogram),
        ["Icmp.InTimestamps"] = new("timestamp request: {0}", NetstatLine.Histogram),
        ["Icmp.InTimestampReps"] = new("timestamp reply: {0}", NetstatLine.Histogram),
        ["Icmp.InAddrMasks"] = new("address mask request: {0}", NetstatLine.Histogram),
        ["Icmp.InAddrMaskReps"] = new("address mask replies: {0}", NetstatLine.Histogram),
        ["Icmp.OutMsgs"] = new("{0} ICMP messages sent", NetstatLine.Always),
        ["Icmp.OutErrors"] = new("{0} ICMP messages failed", NetstatLine.Always),
        ["Icmp.OutDestUnreachs"] = new("destination unreachable: {0}", NetstatLine.Histogram),
        ["Icmp.OutTimeExcds"] = new("time exceeded: {0}", NetstatLine.Histogram),
        ["Icmp.OutParmProbs"] = new("wrong parameters: {0}", NetstatLine.Histogram),
        ["Icmp.OutSrcQuenchs"] = new("source quench: {0}", NetstatLine.Histogram),
        ["Icmp.OutRedirects"] = new("redirect: {0}", NetstatLine.Histogram),
        ["Icmp.OutEchos"] = new("echo requests: {0}", NetstatLine.Histogram),
        ["Icmp.OutEchoReps"] = new("echo replies: {0}", NetstatLine.Histogram),
        ["Icmp.OutTimestamps"] = new("timestamp requests: {0}", NetstatLine.Histogram),
        ["Icmp.OutTimestampReps"] = new("timestamp replies: {0}", NetstatLine.Histogram),
        ["Icmp.OutAddrMasks"] = new("address mask requests: {0}", NetstatLine.Histogram),
        ["Icmp.OutAddrMaskReps"] = new("address mask replies: {0}", NetstatLine.Histogram),
        ["Tcp.ActiveOpens"] = new("{0} active connection openings", NetstatLine.Always),
        ["Tcp.PassiveOpens"] = new("{0} passive connection openings", NetstatLine.Always),
        ["Tcp.AttemptFails"] = new("{0} failed connection attempts", NetstatLine.Always),
        ["Tcp.EstabResets"] = new("{0} connection resets received", NetstatLine.Always),
        ["Tcp.CurrEstab"] = new("{0} connections established", NetstatLine.Always),
        ["Tcp.InSegs"] = new("{0} segments received", NetstatLine.Always),
        ["Tcp.OutSegs"] = new("{0} segments sent out", NetstatLine.Always),
        ["Tcp.RetransSegs"] = new("{0} segments retransmitted", NetstatLine.Always),
        ["Tcp.InErrs"] = new("{0} bad segments received", NetstatLine.Always),
        ["Tcp.OutRsts"] = new("{0} resets sent", NetstatLine.Always),
        ["Udp.InDatagrams"] = new("{0} packets received", NetstatLine.Always),
        ["Udp.NoPorts"] = new("{0} packets to unknown port received", NetstatLine.Always),
        ["Udp.InErrors"] = new("{0} packet receive errors", NetstatLine.Always),
        ["Udp.OutDatagrams"] = new("{0} packets sent", NetstatLine.Always),
        ["Udp.RcvbufErrors"] = new("{0} receive buffer errors", NetstatLine.Always),
        ["Udp.SndbufErrors"] = new("{0} send buffer errors", NetstatLine.Always),
        ["TcpExt.SyncookiesSent"] = new("{0} SYN cookies sent", NetstatLine.WhenSeen),
        ["TcpExt.SyncookiesRecv"] = new("{0} SYN cookies received", NetstatLine.WhenSeen),
        ["TcpExt.SyncookiesFailed"] = new("{0} invalid SYN cookies received", NetstatLine.WhenSeen),
        ["TcpExt.EmbryonicRsts"] = new("{0} resets received for embryonic SYN_RECV sockets", NetstatLine.WhenSeen),
        ["TcpExt.PruneCalled"] = new("{0} packets pruned from receive queue because of socket buffer overrun", NetstatLine.WhenSeen),
        ["TcpExt.RcvPruned"] = new("{0} packets pruned from receive queue", NetstatLine.WhenSeen),
        ["TcpExt.OfoPruned"] = new("{0} packets dropped from out-of-order queue because of socket buffer overrun", NetstatLine.WhenSeen),
        ["TcpExt.OutOfWindowIcmps"] = new("{0} ICMP packets dropped because they were out-of-window", NetstatLine.WhenSeen),
        ["TcpExt.LockDroppedIcmps"] = new("{0} ICMP packets dropped because socket was locked", NetstatLine.WhenSeen),
        ["TcpExt.TW"] = new("{0} TCP sockets finished time wait in fast timer", NetstatLine.WhenSeen),
        ["TcpExt.TWRecycled"] = new("{0} time wait sockets recycled by time stamp", NetstatLine.WhenSeen),
        ["TcpExt.PAWSActive"] = new("{0} active connections rejected because of time stamp", NetstatLine.WhenSeen),
        ["TcpExt.PAWSEstab"] = new("{0} packets rejected in established connections because of timestamp", NetstatLine.WhenSeen),
        ["TcpExt.DelayedACKs"] = new("{0} delayed acks sent", NetstatLine.WhenSeen),
        ["TcpExt.DelayedACKLocked"] = new("{0} delayed acks further delayed because of locked socket", NetstatLine.WhenSeen),
        ["TcpExt.DelayedACKLost"] = new("Quick ack mode was activated {0} times", NetstatLine.WhenSeen),
        ["TcpExt.ListenOverflows"] = new("{0} times the listen queue of a socket overflowed", NetstatLine.WhenSeen),
        ["TcpExt.ListenDrops"] = new("{0} SYNs to LISTEN sockets dropped", NetstatLine.WhenSeen),
        ["TcpExt.TCPHPHits"] = new("{0} packet headers predicted", NetstatLine.Always),
        ["TcpExt.TCPPureAcks"] = new("{0} acknowledgments not containing data payload received", NetstatLine.WhenSeen),
        ["TcpExt.TCPHPAcks"] = new("{0} predicted acknowledgments", NetstatLine.WhenSeen),
        ["TcpExt.TCPRenoRecovery"] = new("{0} times recovered from packet loss due to fast retransmit", NetstatLine.WhenSeen),
        ["TcpExt.TCPSACKReorder"] = new("Detected reordering {0} times using SACK", NetstatLine.WhenSeen),
        ["TcpExt.TCPRenoReorder"] = new("Detected reordering {0} times using reno fast retransmit", NetstatLine.WhenSeen),
        ["TcpExt.TCPTSReorder"] = new("Detected reordering {0} times using time stamp", NetstatLine.WhenSeen),
        ["TcpExt.TCPFullUndo"] = new("{0} congestion windows fully recovered without slow start", NetstatLine.WhenSeen),
        ["TcpExt.TCPPartialUndo"] = new("{0} congestion windows partially recovered using Hoe heuristic", NetstatLine.WhenSeen),
        ["TcpExt.TCPLossUndo"] = new("{0} congestion windows recovered without slow start after partial ack", NetstatLine.WhenSeen),
        ["TcpExt.TCPRenoFailures"] = new("{0} timeouts after reno fast retransmit", NetstatLine.WhenSeen),
        ["TcpExt.TCPLossFailures"] = new("{0} timeouts in loss state", NetstatLine.WhenSeen),
        ["TcpExt.TCPFastRetrans"] = new("{0} fast retransmits", NetstatLine.WhenSeen),
        ["TcpExt.TCPSlowStartRetrans"] = new("{0} retransmits in slow start", NetstatLine.WhenSeen),
        ["TcpExt.TCPRcvCollapsed"] = new("{0} packets collapsed in receive queue due to low socket buffer", NetstatLine.WhenSeen),
        ["TcpExt.TCPAbortOnData"] = new("{0} connections reset due to unexpected data", NetstatLine.WhenSeen),
        ["TcpExt.TCPAbortOnClose"] = new("{0} connections reset due to early user close", NetstatLine.WhenSeen),
        ["TcpExt.TCPAbortOnMemory"] = new("{0} connections aborted due to memory pressure", NetstatLine.WhenSeen),
        ["TcpExt.TCPAbortOnTimeout"] = new("{0} connections aborted due to timeout", NetstatLine.WhenSeen),
        ["TcpExt.TCPAbortOnLinger"] = new("{0} connections aborted after user close in linger timeout", NetstatLine.WhenSeen),
        ["TcpExt.TCPAbortFailed"] = new("{0} times unable to send RST due to no memory", NetstatLine.WhenSeen),
        ["TcpExt.TCPMemoryPressures"] = new("TCP ran low on memory {0} times", NetstatLine.WhenSeen),
        ["Ip.DefaultTTL"] = new("", NetstatLine.Never),
        ["Tcp.RtoAlgorithm"] = new("", NetstatLine.Never),
        ["Tcp.RtoMin"] = new("", NetstatLine.Never),
        ["Tcp.RtoMax"] = new("", NetstatLine.Never),
        ["Tcp.MaxConn"] = new("", NetstatLine.Never),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The words of a counter; null when net-tools has none.</summary>
    public static NetstatWord? Of(string group, string name) => Known.GetValueOrDefault($"{group}.{name}");
}
