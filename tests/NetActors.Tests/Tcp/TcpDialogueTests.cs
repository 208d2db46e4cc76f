using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>
/// The TCP dialogues of the shared conformance scripts, which pass on Linux 6.18, without sockets: each test names its script. What a
/// listener does in them is tested with the listener.
/// </summary>
public class TcpDialogueTests
{
    private const string Sack = "mss 1000,sackOK,nop,nop,nop,wscale 7";

    [Fact]
    public void Close_linger_zero() => TcpSocks.Established(options: new TcpSocketOptions { LingerOn = true })
        .Closes().Sees("R. 1:1(0) ack 1").IsIn(TcpState.Close).Counts(LinuxMib.TCPAbortOnData, 1);

    [Fact]
    public void Close_unread_data() => TcpSocks.Established()
        .Says("P. 1:101(100) ack 1 win 20000").Sees(". 1:1(0) ack 101").Closes().Sees("R. 1:1(0) ack 101").Counts(LinuxMib.TCPAbortOnClose, 1);

    [Fact]
    public void Challenge_ack()
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpInvalidRatelimit = KernelTime.Zero });
        peer.Wait(1000).Says("R 11:11(0) win 0").Sees(". 1:1(0) ack 1")
            .Wait(1000).Says("S 1:1(0) win 20000").Sees(". 1:1(0) ack 1")
            .Wait(1000).Says("R 100001:100001(0) win 0").SeesNothing().IsIn(TcpState.Established)
            .Says("R 1:1(0) win 0").SeesNothing()
            .Reads(100, error: Errno.ECONNRESET).Reads(100, got: 0);
    }

    [Fact]
    public void Connect_nonblocking()
    {
        var peer = TcpSocks.SynSent().Sees("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 7>");
        Assert.False(peer.Effects.HasFlag(TcpEffects.Writable));
        peer.Wait(30).Says("S. 500:500(0) ack 1 win 30000 <mss 1400,nop,nop,sackOK,nop,wscale 5>").Sees(". 1:1(0) ack 501").IsIn(TcpState.Established);
        Assert.True(peer.Effects.HasFlag(TcpEffects.Established | TcpEffects.Writable));
        Assert.Equal(Errno.None, peer.Sock.TakeError());
    }

    [Fact]
    public void Connect_refused()
    {
        var peer = TcpSocks.SynSent().Sees("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 7>").Wait(10).Says("R 0:0(0) win 0").IsIn(TcpState.SynSent);
        peer.Wait(10).Says("R. 0:0(0) ack 1 win 0").SeesNothing().IsIn(TcpState.Close);
        Assert.Equal(Errno.ECONNREFUSED, peer.Sock.TakeError());
        Assert.Equal(Errno.None, peer.Sock.TakeError());
    }

    [Fact]
    public void Delayed_ack() => TcpSocks.Established()
        .Says("P. 1:101(100) ack 1 win 20000").Sees(". 1:1(0) ack 101").Reads(1000, 100)
        .Writes(50).Sees("P. 1:51(50) ack 101")
        .Wait(100).Says("P. 101:201(100) ack 51 win 20000").Reads(1000, 100).SeesNothing(10)
        .Writes(50).Sees("P. 51:101(50) ack 201")
        .Wait(100).Says("P. 201:301(100) ack 101 win 20000").SeesWithin(30, 60, ". 101:101(0) ack 301");

    [Fact]
    public void Fast_retransmit_sack()
    {
        var peer = TcpSocks.Established(synOptions: Sack, synWindow: 30000, ackWindow: 300).Writes(10000).Sees("P. 1:10001(10000) ack 1")
            .Wait(100).Says(". 1:1(0) ack 1 win 300 <sack 1001:2001,nop,nop>").SeesNothing()
            .Says(". 1:1(0) ack 1 win 300 <sack 1001:3001,nop,nop>").Says(". 1:1(0) ack 1 win 300 <sack 1001:4001,nop,nop>")
            .Sees(". 1:1001(1000) ack 1").SeesNothing();
        Assert.Equal((3, 5u, 3u), (peer.Info.CaState, peer.Info.SndSsthresh, peer.Info.Sacked));
        peer.Wait(100).Says(". 1:1(0) ack 10001 win 300");
        Assert.Equal((0, 6u), (peer.Info.CaState, peer.Info.SndCwnd));
    }

    [Fact]
    public void Fin_retransmission_time_wait()
    {
        var peer = TcpSocks.Established().Closes().Sees("F. 1:1(0) ack 1").Wait(100).Says("F. 1:1(0) ack 2 win 20000").Sees(". 2:2(0) ack 2").IsIn(TcpState.Close);
        var entry = peer.Sock.TakeTimeWait();
        Assert.NotNull(entry);
        peer.Wait(1000);
        var fin = new TcpInSegment { Sequence = TcpPeer.TheirIsn + 1, Acknowledgment = TcpPeer.OurIsn + 2, Flags = TcpFlags.Fin | TcpFlags.Ack, Window = 20000 };
        Assert.Equal(TcpTimeWaitVerdict.Ack, entry.OnSegment(fin, TcpSocks.Sysctls, peer.Mib, peer.Now, out var ack));
        Assert.Equal((TcpPeer.OurIsn + 2, TcpPeer.TheirIsn + 2, TcpFlags.Ack), (ack.Sequence, ack.Acknowledgment, ack.Flags));
    }

    [Fact]
    public void Half_close() => TcpSocks.Established().Writes(100).Sees("P. 1:101(100) ack 1").Shuts().Sees("F. 101:101(0) ack 1")
        .Wait(100).Says(". 1:1(0) ack 102 win 20000").IsIn(TcpState.FinWait2).Writes(1, error: Errno.EPIPE)
        .Says("P. 1:501(500) ack 102 win 20000").SeesWithin(0, 250, ". 102:102(0) ack 501").Reads(1000, 500)
        .Wait(100).Says("F. 501:501(0) ack 102 win 20000").SeesWithin(0, 250, ". 102:102(0) ack 502").Reads(1000, 0);

    [Fact]
    public void Handshake_passive_all_options()
    {
        var peer = TcpSocks.Established(
            TcpSocks.Sysctls with { TcpTimestamps = 1 }, synOptions: "mss 1460,sackOK,TS val 7000 ecr 0,nop,wscale 9", synWindow: 64000, ackWindow: 500,
            ackOptions: "nop,nop,TS val 7020 ecr 100");
        Assert.Equal((1, 9, 7), (peer.Info.State, peer.Info.SndWscale, (int)peer.Info.Options));
    }

    [Fact]
    public void Handshake_passive_no_options()
    {
        var peer = TcpSocks.Established(synOptions: "");
        Assert.Equal(536, peer.Sock.GetMaxSeg());
        peer.Writes(1072).Sees("P. 1:1073(1072) ack 1");
    }

    [Fact]
    public void Icmp_fragmentation_needed()
    {
        var peer = TcpSocks.Established(synOptions: "mss 1460", path: new TcpPath { GsoMaxSize = 0 }).Writes(1460).Sees("P. 1:1461(1460) ack 1").Wait(10);
        peer.Does(sock => sock.OnIcmp(Icmp(3, 4, 1200, 1), peer.Now)).Sees(". 1:1161(1160) ack 1").Sees("P. 1161:1461(300) ack 1")
            .Wait(10).Says(". 1:1(0) ack 1461 win 20000");
        Assert.Equal(1160, peer.Sock.GetMaxSeg());
    }

    [Fact]
    public void Icmp_on_syn()
    {
        var peer = TcpSocks.SynSent().Sees("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 7>");
        peer.Does(sock => sock.OnIcmp(Icmp(3, 1, 0, 5), peer.Now)).Counts(LinuxMib.OutOfWindowIcmps, 1);
        Assert.Equal(Errno.None, peer.Sock.TakeError());
        peer.Does(sock => sock.OnIcmp(Icmp(3, 1, 0, 0), peer.Now)).IsIn(TcpState.Close);
        Assert.Equal(Errno.EHOSTUNREACH, peer.Sock.TakeError());
    }

    [Fact]
    public void Initial_window_slow_start()
    {
        var peer = TcpSocks.Established(
            TcpSocks.Sysctls with { TcpWmem = new TcpMemoryTriple(4096, 262144, 4194304) }, synOptions: Sack, synWindow: 60000, ackWindow: 1000);
        peer.Writes(30000).Sees("P. 1:10001(10000) ack 1").SeesNothing()
            .Wait(100).Says(". 1:1(0) ack 2001 win 1000").Sees("P. 10001:14001(4000) ack 1").SeesNothing()
            .Wait(10).Says(". 1:1(0) ack 4001 win 1000").Sees("P. 14001:18001(4000) ack 1").SeesNothing();
        Assert.Equal((14u, 0), (peer.Info.SndCwnd, peer.Info.CaState));
    }

    [Fact]
    public void Keepalive()
    {
        var peer = TcpSocks.Established();
        Assert.Equal(Errno.None, peer.Sock.SetKeepIdle(2, peer.Now));
        Assert.Equal(Errno.None, peer.Sock.SetKeepIntvl(1));
        Assert.Equal(Errno.None, peer.Sock.SetKeepCnt(2));
        peer.Sock.SetKeepAlive(true, peer.Now);
        peer.SeesWithin(1800, 2200, ". 0:0(0) ack 1").Says(". 1:1(0) ack 1 win 20000")
            .SeesWithin(1800, 2200, ". 0:0(0) ack 1").SeesWithin(900, 1200, ". 0:0(0) ack 1").SeesWithin(900, 1200, "R. 1:1(0) ack 1")
            .Reads(100, error: Errno.ETIMEDOUT).Counts(LinuxMib.TCPKeepAlive, 3);
    }

    [Fact]
    public void Mss_clamp()
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { MaxSeg = 700 });
        Assert.Equal(700, peer.Sock.GetMaxSeg());
        peer.Writes(1500).Sees("P. 1:1401(1400) ack 1").Sees("P. 1401:1501(100) ack 1"); // two segments a packet at this rate
    }

    [Fact]
    public void Nagle_and_cork()
    {
        var peer = TcpSocks.Established().Writes(10).Sees("P. 1:11(10) ack 1").Writes(20).Writes(30).SeesNothing()
            .Wait(100).Says(". 1:1(0) ack 11 win 20000").Sees("P. 11:61(50) ack 1").Wait(100).Says(". 1:1(0) ack 61 win 20000");
        peer.Does(sock => sock.SetNoDelay(true, peer.Now)).Writes(10).Sees("P. 61:71(10) ack 1").Writes(10).Sees("P. 71:81(10) ack 1")
            .Wait(100).Says(". 1:1(0) ack 81 win 20000");
        peer.Does(sock => sock.SetNoDelay(false, peer.Now)).Does(sock => sock.SetCork(true, peer.Now)).Writes(10).SeesNothing(50).Writes(10).SeesNothing(50);
        peer.Does(sock => sock.SetCork(false, peer.Now)).Sees("P. 81:101(20) ack 1");
    }

    [Fact]
    public void Out_of_order_dsack() => TcpSocks.Established(synOptions: Sack, synWindow: 30000, ackWindow: 300)
        .Says(". 2001:3001(1000) ack 1 win 300").Sees(". 1:1(0) ack 1 <nop,nop,sack 2001:3001>")
        .Says(". 5001:6001(1000) ack 1 win 300").Sees(". 1:1(0) ack 1 <nop,nop,sack 5001:6001 2001:3001>")
        .Says(". 2001:3001(1000) ack 1 win 300").Sees(". 1:1(0) ack 1 <nop,nop,sack 2001:3001 2001:3001 5001:6001>")
        .Says(". 1:2001(2000) ack 1 win 300").Sees(". 1:1(0) ack 3001 <nop,nop,sack 5001:6001>")
        .Says(". 3001:5001(2000) ack 1 win 300").Sees(". 1:1(0) ack 6001 <nop>")
        .Says(". 1:1001(1000) ack 1 win 300").Sees(". 1:1(0) ack 6001 <nop,nop,sack 1:1001>")
        .Reads(10000, 6000).Counts(LinuxMib.TCPOFOQueue, 3).Counts(LinuxMib.TCPDSACKOfoSent, 1).Counts(LinuxMib.TCPDSACKOldSent, 1);

    [Fact]
    public void Paws_old_timestamp() => TcpSocks.Established(
            TcpSocks.Sysctls with { TcpTimestamps = 1 }, synOptions: "mss 1000,sackOK,TS val 5000 ecr 0", ackOptions: "nop,nop,TS val 5100 ecr 100")
        .Says("P. 1:101(100) ack 1 win 20000 <nop,nop,TS val 4000 ecr 100>").Sees(". 1:1(0) ack 1 <nop,nop,TS val 200 ecr 5100>")
        .Says("P. 1:101(100) ack 1 win 20000 <nop,nop,TS val 5200 ecr 100>").Sees(". 1:1(0) ack 101 <nop,nop,TS val 200 ecr 5200>")
        .Reads(1000, 100).Counts(LinuxMib.PAWSEstab, 1);

    [Fact]
    public void Receive_window_update()
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { RcvBuf = 40000 });
        peer.Says("P. 1:60001(60000) ack 1 win 20000").SeesWithin(0, 250, ". 1:1(0) ack 60001 win 0")
            .Wait(100).Says("P. 60001:60101(100) ack 1 win 20000").Sees(". 1:1(0) ack 60001 win 0").Reads(60000).Sees(". 1:1(0) ack 60001");
        Assert.True(peer.Sock.ReceiveWindow > 0);
    }

    [Fact]
    public void Retransmission_timeout()
    {
        var peer = TcpSocks.Established(synOptions: Sack, synWindow: 30000, ackWindow: 300).Writes(500).Sees("P. 1:501(500) ack 1")
            .SeesWithin(300, 420, "P. 1:501(500) ack 1").SeesWithin(300, 420, "P. 1:501(500) ack 1")
            .SeesWithin(600, 750, "P. 1:501(500) ack 1").SeesWithin(1200, 1500, "P. 1:501(500) ack 1").Wait(100).Says(". 1:1(0) ack 501 win 300");
        Assert.Equal((0u, 3, 4u), (peer.Info.Unacked, peer.Info.Backoff, peer.Info.TotalRetrans));
    }

    [Fact]
    public void Rto_then_undo()
    {
        var peer = TcpSocks.Established(
            TcpSocks.Sysctls with { TcpTimestamps = 1 }, synOptions: "mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7", synWindow: 60000, ackWindow: 1000,
            ackOptions: "nop,nop,TS val 1100 ecr 100",
            sender: TcpSenderSettings.Default with { EarlyRetrans = 0, SlowStartAfterIdle = false, Jiffies = Jiffies.Exact });
        peer.Writes(988).Sees("P. 1:989(988) ack 1 <nop,nop,TS val 200 ecr 1100>").SeesWithin(280, 360, "P. 1:989(988) ack 1");
        Assert.Equal((4, 1u), (peer.Info.CaState, peer.Info.SndCwnd));
        peer.Wait(20).Says(". 1:1(0) ack 989 win 1000 <nop,nop,TS val 1500 ecr 200>");
        Assert.Equal(0, peer.Info.CaState);
        Assert.True(peer.Info.SndCwnd >= 10);
    }

    [Fact]
    public void Syn_retransmission()
    {
        const string syn = "S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 7>";
        var peer = TcpSocks.SynSent(TcpSocks.Sysctls with { TcpSynRetries = 3 }).Sees(syn);
        foreach (var pause in new[] { 1000, 1000, 1000, 1000, 1000, 2000, 4000 }) peer.SeesWithin(pause, pause, syn);
        peer.SeesNothing(9000).IsIn(TcpState.Close);
        Assert.Equal(Errno.ETIMEDOUT, peer.Sock.TakeError());
    }

    [Fact]
    public void User_timeout()
    {
        var peer = TcpSocks.Established(synOptions: "mss 1000,sackOK,nop,nop");
        Assert.Equal(Errno.None, peer.Sock.SetUserTimeout(1500));
        peer.Writes(100).Sees("P. 1:101(100) ack 1");
        for (var i = 0; i < 3; i++) peer.SeesWithin(0, 5000, "P. 1:101(100) ack 1");
        peer.Wait(1000).Writes(100, error: Errno.ETIMEDOUT).Counts(LinuxMib.TCPAbortOnTimeout, 1);
    }

    [Fact]
    public void Zero_window_probe() => TcpSocks.Established(synWindow: 2000, ackWindow: 2000).Writes(3000).Sees("P. 1:2001(2000) ack 1")
        .Wait(100).Says(". 1:1(0) ack 2001 win 0").SeesWithin(250, 420, ". 2000:2000(0) ack 1")
        .Says(". 1:1(0) ack 2001 win 0").SeesWithin(500, 750, ". 2000:2000(0) ack 1")
        .Says(". 1:1(0) ack 2001 win 4000").Sees("P. 2001:3001(1000) ack 1").Counts(LinuxMib.TCPWinProbe, 2);

    private static IcmpNotice Icmp(byte type, byte code, uint info, uint seq) => new(type, code, info, 6, 0, 0, 0, 0, TcpPeer.OurIsn + seq);
}
