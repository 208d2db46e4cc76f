using NetActors.Ip;
using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Sysctls;

/// <summary>Settings of a connection's buffers, packets, acknowledgements and ends.</summary>
internal static class ConnectionSysctls
{
    public static readonly SysctlCase[] Cases =
    [
        new("tcp_dsack", "0", "1", "0", h => DuplicatesReported(h)),
        new("tcp_mem", "1 2 100000", "False", "True", h => h.Open().Writes(9000).Context.UnderMemoryPressure),
        new("tcp_rmem", "4096 30000 100000", "131072", "30000", h => h.Closed().Sock.RcvBuf),
        new("tcp_wmem", "4096 30000 100000", "16384", "30000", h => h.Closed().Sock.SndBuf),
        new("tcp_app_win", "1", "64076", "32768", h => h.Open().Info.RcvSsthresh),
        new("tcp_moderate_rcvbuf", "0", "True", "False", h => Streamed(h, 1500).Sock.RcvBuf > 131_072),
        new("tcp_shrink_window", "1", "False", "True", h => WindowShrinks(h)),
        new("tcp_autocorking", "0", "1", "2", h => Corked(h)),
        new("tcp_notsent_lowat", "1000", "14000", "11000", h => Taken(h)),
        new("tcp_limit_output_bytes", "0", "9", "2", h => Held(h)),
        new("tcp_min_tso_segs", "5", "2000", "5000", h => h.Open(path: new TcpPath()).Writes(10_000).Next().PayloadLength),
        new("tcp_tso_rtt_log", "0", "5000", "2000", h => NearPacket(h)),
        new("tcp_tso_win_divisor", "1", "True", "False", SendsAThird),
        new("tcp_challenge_ack_limit", "3", "False", "True", FewChallenges),
        new("tcp_invalid_ratelimit", "0", "1", "5", h => AnswersToOldAcks(h)),
        new("tcp_stdurg", "1", "4", "5", h => h.Open().Says("PU. 1:11(10) ack 1 win 1000 urg 5").Sock.Readable),
        new("tcp_backlog_ack_defer", "0", "1", "6", h => AcksOfABacklog(h)),
        new("tcp_comp_sack_delay_ns", "3000000", "1", "3", h => Compressed(h, out _)),
        new("tcp_comp_sack_nr", "2", "3", "4", h => CompressedAtOnce(h)),
        new("tcp_pingpong_thresh", "3", "0", "1", h => AckOfASecondRequest(h)),
        new("tcp_keepalive_time", "30", "7200", "30", h => UntilDeadline(Kept(h))),
        new("tcp_keepalive_intvl", "5", "75", "5", h => UntilDeadline(Kept(h.With("tcp_keepalive_time", "10")).Wait(10_000))),
        new("tcp_keepalive_probes", "2", "9", "2", Probes),
        new("tcp_retries2", "3", "993.6", "4.8", h => Seconds(h.Open().Writes(100).Life())),
        new("tcp_orphan_retries", "2", "153.5", "2.3", h => Seconds(h.Open().Writes(100).Closes().Life())),
        new("tcp_max_orphans", "0", "FinWait1", "Close", h => h.Open().Writes(100).Closes().Sock.State),
        new("tcp_fin_timeout", "10", "60", "10", h => FinWait2(h)),
        new("tcp_retries1", "1", "4", "2", h => TimeoutsUntilSmall(h.With("tcp_mtu_probing", "1"))),
        new("tcp_mtu_probing", "2", "1460", "1024", h => Mss(h, 1460)),
        new("tcp_base_mss", "700", "1024", "700", h => Mss(h.With("tcp_mtu_probing", "2"), 1460)),
        new("tcp_mtu_probe_floor", "100", "48", "100", h => Smallest(h)),
        new("tcp_min_snd_mss", "100", "60", "100", h => Mss(h, 60)),
        new("tcp_probe_threshold", "300", "True", "False", h => Searched(h.With("tcp_mtu_probing", "2"), 1300).Sock.GetMaxSeg() > 1250),
        new("tcp_probe_interval", "50", "False", "True", SearchedAgain),
        new("net.ipv4.route.min_pmtu", "300", "512", "260", h => ToldByARouter(h)),
    ];

    private static byte DuplicatesReported(TcpHost host)
    {
        var peer = host.Open().Says("P. 1:101(100) ack 1 win 1000").Past().Says("P. 1:101(100) ack 1 win 1000");
        return peer.Next().Options.SackCount;
    }

    private static string Seconds(double seconds) => seconds.ToString("F1", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Bytes that a send buffer takes while ten segments are out.</summary>
    private static int Taken(TcpHost host)
    {
        var peer = host.With("tcp_wmem", "4096 100000 100000").Open();
        Assert.Equal(default, peer.Sock.Send(new byte[14_000], TcpSendFlags.None, peer.Now, out var written, out _));
        return written;
    }

    /// <summary>A packet to a near peer at a low rate.</summary>
    private static int NearPacket(TcpHost host)
    {
        var peer = host.Open(path: new TcpPath(), rttMs: 1);
        peer.Sock.SetMaxPacingRate(1_000_000);
        return peer.Writes(10_000).Next().PayloadLength;
    }

    /// <summary>Reads what comes; a window's worth a round trip of 20 ms.</summary>
    private static TcpPeer Streamed(TcpHost host, int segments)
    {
        var peer = host.Open(rttMs: 20);
        for (var i = 0; i < segments; i++)
        {
            peer.Says($". {(i * 1000) + 1}:{(i * 1000) + 1001}(1000) ack 1 win 1000").Reads(1000).Past();
            if (i % 40 == 0) peer.Wait(20);
        }

        return peer;
    }

    private static bool WindowShrinks(TcpHost host)
    {
        var peer = host.Open();
        var edge = peer.Sock.RcvNxt + peer.Sock.ReceiveWindow;
        peer.Says(". 1:1001(1000) ack 1 win 1000", trueSize: 60_000).Says(". 1001:2001(1000) ack 1 win 1000", trueSize: 60_000);
        return TcpSeq.Before(peer.Sock.RcvNxt + peer.Sock.ReceiveWindow, edge);
    }

    private static int Corked(TcpHost host) =>
        host.Open(options: new TcpSocketOptions { NoDelay = true }).Queues().Writes(100).Writes(50).Pending;

    private static int Held(TcpHost host) => host.Open(rttMs: 1).Queues().Writes(10_000).Pending;

    /// <summary>A third of the window is free, and an ACK that will free more is near: is it worth waiting?</summary>
    private static object SendsAThird(TcpHost host)
    {
        var peer = host.With("tcp_wmem", "4096 200000 200000").Open(path: new TcpPath(), rttMs: 1).Writes(30_000).Past();
        peer.Wait(0.8).Says(". 1:1(0) ack 1001 win 1000").Past().Wait(0.05).Says(". 1:1(0) ack 4001 win 1000");
        return peer.Pending > 0;
    }

    private static object FewChallenges(TcpHost host)
    {
        var peer = host.With("tcp_invalid_ratelimit", "0").Open();
        for (var i = 0; i < 20; i++) peer.Says($"R {100 + i}:{100 + i}(0) win 0");
        return peer.Mib[LinuxMib.TCPChallengeACK] is >= 1 and < 6;
    }

    private static int AnswersToOldAcks(TcpHost host)
    {
        var peer = host.Open();
        for (var i = 0; i < 5; i++) peer.Says("R 100:100(0) win 0");
        return peer.Pending;
    }

    /// <summary>ACKs for the first six segments, each of which is worth one, when they came while a task had the socket.</summary>
    private static int AcksOfABacklog(TcpHost host)
    {
        var peer = host.Open();
        peer.Past().Sock.DefersAcks = host.Sysctls.TcpBacklogAckDefer;
        for (var seq = 1; seq < 6001; seq += 1000) peer.Says($". {seq}:{seq + 1000}(1000) ack 1 win 20000");
        peer.Sock.DefersAcks = false;
        return peer.Does(sock => sock.OnReleased(peer.Now)).Pending;
    }

    private static int CompressedAtOnce(TcpHost host)
    {
        Compressed(host, out var atOnce);
        return atOnce;
    }

    /// <summary>Milliseconds that five SACKs of a hole took.</summary>
    private static double Compressed(TcpHost host, out int atOnce)
    {
        var peer = host.With("tcp_timestamps", "1").Open("mss 1000,sackOK,TS val 1 ecr 0", ackOptions: "TS val 2 ecr 100");
        peer.Says(". 1:1001(1000) ack 1 win 20000 <TS val 3 ecr 101>"); // a round trip of 99 ms for the receiver
        peer.Does(sock => sock.SetQuickAck(0, peer.Now)).Past();
        for (var seq = 2001; seq < 2001 + 700; seq += 100) peer.Says($". {seq}:{seq + 100}(100) ack 1 win 20000 <TS val 4 ecr 100>");
        atOnce = peer.Pending;
        var from = peer.Now;
        return Math.Round((peer.Tick().Now - from).Seconds * 1000);
    }

    private static int AckOfASecondRequest(TcpHost host)
    {
        var peer = host.Open().Says("P. 1:11(10) ack 1 win 1000").Reads(10).Writes(10).Past().Wait(100).Says(". 11:11(0) ack 11 win 1000");
        return peer.Says("P. 11:21(10) ack 11 win 1000").Pending;
    }

    private static TcpPeer Kept(TcpHost host)
    {
        var peer = host.Open();
        peer.Sock.SetKeepAlive(true, peer.Now);
        return peer;
    }

    private static double UntilDeadline(TcpPeer peer) => Math.Round((peer.Sock.Deadline - peer.Now).Seconds);

    private static object Probes(TcpHost host)
    {
        var peer = Kept(host.With("tcp_keepalive_time", "10").With("tcp_keepalive_intvl", "1"));
        peer.Life();
        return peer.Pending - 1; // the last is a RST
    }

    private static double FinWait2(TcpHost host)
    {
        var peer = host.Open().Closes().Past().Wait(10).Says(". 1:1(0) ack 2 win 1000");
        return Math.Round((peer.Sock.TakeTimeWait()!.Deadline - peer.Now).Seconds);
    }

    private static int TimeoutsUntilSmall(TcpHost host)
    {
        var peer = host.Open("mss 1460,sackOK").Writes(1460);
        peer.Tick(); // a probe of the tail
        var timeouts = 0;
        for (; peer.Sock.GetMaxSeg() == 1460; timeouts++) peer.Tick();
        return timeouts;
    }

    private static int Smallest(TcpHost host)
    {
        var peer = host.With("tcp_mtu_probing", "1").Open("mss 1460,sackOK").Writes(1460);
        for (var i = 0; i < 12; i++) peer.Tick();
        return peer.Sock.GetMaxSeg();
    }

    private static int Mss(TcpHost host, int peers) => host.Open($"mss {peers}").Sock.GetMaxSeg();

    private static TcpPeer Searched(TcpHost host, int pathMtu)
    {
        var peer = TcpSocks.Established(
            host.With("tcp_wmem", "4096 4194304 4194304").Sysctls, synOptions: "mss 1460,sackOK,wscale 0", synWindow: 60_000, ackWindow: 60_000,
            path: SysctlScenes.NoOffload, sender: host.SenderSettings);
        TcpMtuProbeTests.Drive(peer, pathMtu, 100);
        return peer;
    }

    private static object SearchedAgain(TcpHost host)
    {
        var peer = Searched(host.With("tcp_mtu_probing", "2"), 1200).Wait(100_000);
        TcpMtuProbeTests.Drive(peer, 1500, 100);
        return peer.Sock.GetMaxSeg() > 1300;
    }

    private static int ToldByARouter(TcpHost host)
    {
        var peer = host.Open().Writes(1000);
        return peer.Does(sock => sock.OnIcmp(new IcmpNotice(3, 4, 68, 6, 0, 0, 0, 0, TcpPeer.OurIsn + 1), peer.Now)).Sock.GetMaxSeg();
    }
}
