using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Sysctls;

/// <summary>Settings of loss recovery, timers and congestion control.</summary>
internal static class SenderSysctls
{
    public static readonly SysctlCase[] Cases =
    [
        new("tcp_congestion_control", "cubic", "reno", "cubic", h => h.Open().Sock.Sender.CongestionControl.Name),
        new("tcp_slow_start_after_idle", "1", "20", "10", h => WindowAfterAPause(h)),
        new("tcp_rto_min_us", "50000", "201", "51", h => h.Open(rttMs: 1).Info.Rto / 1000),
        new("tcp_rto_max_ms", "1000", "False", "True", LongestTimeoutIsASecond),
        new("tcp_recovery", "5", "1", "0", h => Resent(h)), // RACK_NO_DUPTHRESH: waits a quarter of a round trip
        new("tcp_fack", "1", "0", "1", h => h.Fack), // does nothing since 4.15
        new("tcp_reordering", "10", "1", "0", h => Resent(h)),
        new("tcp_max_reordering", "5", "10", "5", h => ReorderingSeen(h)),
        new("tcp_early_retrans", "0", "1", "0", h => h.Open().Writes(2000).Wait(250).Mib[LinuxMib.TCPLossProbes]),
        new("tcp_frto", "0", "False", "True", h => ResendsAfterATimeout(h)),
        new("tcp_min_rtt_wlen", "1", "100", "500", h => SlowerPath(h).Info.MinRtt / 1000),
        new("tcp_pacing_ss_ratio", "100", "200000", "100000", h => h.Open().Info.PacingRate),
        new("tcp_pacing_ca_ratio", "100", "120000", "100000", h => RateInAvoidance(h)),
        new("tcp_retrans_collapse", "0", "300", "100", h => SmallSegmentsAgain(h)),
        new("tcp_thin_linear_timeouts", "1", "3", "7", h => h.With("tcp_early_retrans", "0").Open(rttMs: 1).Writes(1000).Wait(1500).Pending - 1),
    ];

    private static int WindowAfterAPause(TcpHost host)
    {
        var peer = host.Open().Writes(10_000).Past().Wait(100).Says(". 1:1(0) ack 10001 win 1000").Wait(10_000).Writes(1000);
        return peer.Sock.Sender.Cwnd;
    }

    private static object LongestTimeoutIsASecond(TcpHost host)
    {
        var peer = host.Open().Writes(1000);
        for (var i = 0; i < 6; i++) peer.Tick();
        return peer.Info.Rto <= 1_000_000;
    }

    /// <summary>Three segments behind a hole were acknowledged.</summary>
    private static int Resent(TcpHost host) =>
        host.Open().Writes(10_000).Past().Wait(100).Says(". 1:1(0) ack 1 win 1000 <sack 1001:4001>").Pending;

    private static uint ReorderingSeen(TcpHost host)
    {
        var peer = host.Open().Writes(10_000).Past().Wait(100).Says(". 1:1(0) ack 1 win 1000 <sack 9001:10001>").Says(". 1:1(0) ack 10001 win 1000");
        return peer.Info.Reordering;
    }

    /// <summary>RFC 5682 step 2: new data, or what was out before.</summary>
    private static bool ResendsAfterATimeout(TcpHost host)
    {
        var peer = host.With("tcp_wmem", "4096 100000 100000").With("tcp_early_retrans", "0").Open().Writes(15_000).Past();
        peer.Tick().Past().Says(". 1:1(0) ack 1001 win 1000");
        return peer.Next().IsRetransmission;
    }

    private static TcpPeer SlowerPath(TcpHost host)
    {
        var peer = host.With("tcp_early_retrans", "0").With("tcp_rto_min_us", "2000000").Open();
        for (var i = 0; i < 4; i++) peer.Writes(1000).Past().Wait(500).Says($". 1:1(0) ack {(i * 1000) + 1001} win 1000");
        return peer;
    }

    private static ulong RateInAvoidance(TcpHost host)
    {
        var peer = host.Open();
        peer.Sock.Sender.Congestion.Ssthresh = 5;
        peer.Writes(1000).Past().Wait(100).Says(". 1:1(0) ack 1001 win 1000");
        return peer.Info.PacingRate;
    }

    private static int SmallSegmentsAgain(TcpHost host)
    {
        var peer = host.With("tcp_early_retrans", "0").Open(options: new TcpSocketOptions { NoDelay = true }).Writes(100).Writes(100).Writes(100).Past();
        return peer.Tick().Next().PayloadLength;
    }
}
