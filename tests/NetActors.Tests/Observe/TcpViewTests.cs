using NetActors.Observe;

namespace NetActors.Tests.Observe;

/// <summary>Texts as Linux 6.18, iproute2 6.1 and net-tools 2.10 printed them; the kernel's hashed pointers are zeros here.</summary>
public class TcpViewTests
{
    private static readonly TcpInfoSnapshot Listening = new() { Congestion = "bbr", SndCwnd = 10, Sacked = 7, Reordering = 3 };

    private static readonly TcpInfoSnapshot Sending = new()
    {
        Congestion = "cubic",
        Timestamps = true,
        Sack = true,
        Wscale = true,
        SndWscale = 10,
        RcvWscale = 10,
        Rto = 208_000,
        Rtt = 5275,
        Rttvar = 10_502,
        SndMss = 47_616,
        Pmtu = 65_535,
        RcvMss = 536,
        Advmss = 65_483,
        SndCwnd = 10,
        SndSsthresh = int.MaxValue,
        BytesSent = 134_518,
        BytesRetrans = 34_518,
        BytesAcked = 100_001,
        SegsOut = 6,
        SegsIn = 4,
        DataSegsOut = 4,
        LastDataSent = 60,
        LastDataRecv = 68,
        LastAckRecv = 16,
        PacingRate = 180_508_932,
        MaxPacingRate = ulong.MaxValue,
        DeliveryRate = 3_433_516,
        Delivered = 5,
        BusyTime = 44_000,
        TotalRetrans = 1,
        DsackDups = 1,
        Reordering = 3,
        RcvSpace = 65_495,
        RcvSsthresh = 65_495,
        MinRtt = 25,
        SndWnd = 60_416,
    };

    private static readonly HostSnapshot Host = new()
    {
        Name = "h",
        TcpSockets =
        [
            new() { State = "LISTEN", Local = "127.0.0.1:5599", Inode = 400_918, SendQ = 7, Memory = new(0, 131_072, 16_384, 0, 0), Info = Listening },
            new()
            {
                State = "ESTAB", Local = "127.0.0.1:59708", Remote = "127.0.0.1:5599", Inode = 400_919, Timer = TcpTimer.Keepalive,
                TimerNs = 7_199_920_000_000, Memory = new(0, 131_072, 2_626_560, 0, 0), Info = Sending,
            },
            new() { State = "FIN-WAIT-2", Local = "127.0.0.1:59718", Remote = "127.0.0.1:5599", Timer = TcpTimer.Timewait, TimerNs = 59_980_000_000 },
            new()
            {
                State = "ESTAB", Local = "127.0.0.1:5599", Remote = "127.0.0.1:59708", Inode = 400_920, RecvQ = 50_000,
                Info = Sending with { Ato = 80_000, Rto = 204_000 },
            },
        ],
    };

    [Fact]
    public void Ss_prints_states_queues_addresses_and_numbers_in_its_words()
    {
        var ours = Snapshots.Text(writer => SocketStatistics.Write(writer, Host)).Split('\n');
        Assert.Equal("State      Recv-Q Send-Q Local Address:Port  Peer Address:Port Process", ours[0]);
        Assert.Equal("LISTEN     0      7          127.0.0.1:5599       0.0.0.0:*", ours[1]);
        Assert.Equal("\t skmem:(r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d0) bbr cwnd:10", ours[2]);
        Assert.Equal("ESTAB      0      0          127.0.0.1:59708    127.0.0.1:5599  timer:(keepalive,119min,0)", ours[3]);
        Assert.Equal(
            "\t skmem:(r0,rb131072,t0,tb2626560,f0,w0,o0,bl0,d0) ts sack cubic wscale:10,10 rto:208 rtt:5.275/10.502 mss:47616 pmtu:65535 rcvmss:536"
            + " advmss:65483 cwnd:10 bytes_sent:134518 bytes_retrans:34518 bytes_acked:100001 segs_out:6 segs_in:4 data_segs_out:4 send 722138389bps"
            + " lastsnd:60 lastrcv:68 lastack:16 pacing_rate 1444071456bps delivery_rate 27468128bps delivered:5 busy:44ms retrans:0/1 dsack_dups:1"
            + " rcv_space:65495 rcv_ssthresh:65495 minrtt:0.025 snd_wnd:60416",
            ours[4]);
        Assert.Equal("FIN-WAIT-2 0      0          127.0.0.1:59718    127.0.0.1:5599  timer:(timewait,59sec,0)", ours[5]);
        Assert.Equal("\t", ours[6]);
        Assert.Equal("ESTAB      50000  0          127.0.0.1:5599     127.0.0.1:59708", ours[7]);
    }

    /// <summary>iproute2: <c>print_ms_timer</c>.</summary>
    [Theory]
    [InlineData(200, "200ms")]
    [InlineData(1234, "1.234ms")]
    [InlineData(12_345, "12sec")]
    [InlineData(60_000, "1min")]
    [InlineData(62_500, "1min2sec")]
    [InlineData(7_199_999, "119min")]
    public void Timers_are_rounded_as_ss_does(long milliseconds, string text) => Assert.Equal(text, SocketStatistics.Span(milliseconds));

    [Fact]
    public void Proc_net_tcp_prints_each_kind_of_entry_as_the_kernel_does()
    {
        var ours = Snapshots.Text(writer => ProcNetTcp.Write(writer, Host)).Split('\n');
        Assert.Equal("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode".PadRight(149), ours[0]);
        Assert.Equal(
            "   0: 0100007F:15DF 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 400918 1 0000000000000000 100 0 0 10 0".PadRight(149),
            ours[1]);
        Assert.Equal(
            "   1: 0100007F:E93C 0100007F:15DF 01 00000000:00000000 02:000AFC78 00000000     0        0 400919 2 0000000000000000 20 0 0 10 -1".PadRight(149),
            ours[2]);
        Assert.Equal(
            "   2: 0100007F:E946 0100007F:15DF 05 00000000:00000000 03:0000176E 00000000     0        0 0 3 0000000000000000".PadRight(149), ours[3]);
        Assert.Equal(
            "   3: 0100007F:15DF 0100007F:E93C 01 00000000:0000C350 00:00000000 00000000     0        0 400920 1 0000000000000000 20 8 0 10 -1".PadRight(149),
            ours[4]);
        Assert.Equal("", ours[5]);
    }

    [Fact]
    public void Sockstat_prints_the_live_files_lines()
    {
        var host = new HostSnapshot { Name = "h", Sockstat = new() { Used = 18, TcpInuse = 6, TcpTw = 2, TcpAlloc = 6 } };
        Assert.Equal(
            "sockets: used 18\nTCP: inuse 6 orphan 0 tw 2 alloc 6 mem 0\nUDP: inuse 0 mem 0\nUDPLITE: inuse 0\nRAW: inuse 0\nFRAG: inuse 0 memory 0\n",
            Snapshots.Text(writer => ProcNetSockstat.Write(writer, host)));
    }

    [Fact]
    public void Netstat_prints_counters_in_net_tools_words()
    {
        var mib = Snapshots.Mib();
        mib.Add(TcpMib.CurrEstab, 2);
        mib.Add(LinuxMib.TCPHPHits, 7);
        mib.Add(LinuxMib.DelayedACKLost, 3);
        mib.Add(LinuxMib.TCPTimeouts, 4);
        var text = Snapshots.Text(writer => NetstatStatistics.Write(writer, new HostSnapshot { Name = "h", Mib = mib }));
        Assert.Equal(Netstat, text);
    }

    // What netstat -s of net-tools 2.10 printed with our two files in the place of /proc/net's.
    private const string Netstat = """
        Ip:
            Forwarding: 2
            5817 total packets received
            0 forwarded
            0 incoming packets discarded
            0 incoming packets delivered
            0 requests sent out
            OutTransmits: 4763
        Icmp:
            2 ICMP messages received
            0 input ICMP message failed
            ICMP input histogram:
            0 ICMP messages sent
            0 ICMP messages failed
            OutRateLimitHost: 8
            ICMP output histogram:
        IcmpMsg:
                InType3: 1
                InType8: 1
                OutType0: 1
        Tcp:
            41 active connection openings
            0 passive connection openings
            0 failed connection attempts
            0 connection resets received
            2 connections established
            0 segments received
            0 segments sent out
            0 segments retransmitted
            0 bad segments received
            0 resets sent
        Udp:
            81 packets received
            0 packets to unknown port received
            0 packet receive errors
            0 packets sent
            0 receive buffer errors
            0 send buffer errors
            MemErrors: 9
        UdpLite:
        TcpExt:
            Quick ack mode was activated 3 times
            5 SYNs to LISTEN sockets dropped
            7 packet headers predicted
            TCPTimeouts: 4
        IpExt:
            InOctets: 134413748
            InNoECTPkts: 5817

        """;
}
