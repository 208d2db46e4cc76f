using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;

namespace NetActors.Tests.Tcp;

/// <summary>ECN (RFC 3168), urgent data (RFC 6093), Fast Open (RFC 7413) and ICMP (RFC 5927).</summary>
public class TcpExtensionTests
{
    private static readonly TcpSysctls Ecn = TcpSocks.Sysctls with { TcpEcn = 1 };

    [Fact]
    public void Syn_asks_for_ecn_and_the_answer_with_ece_alone_grants_it()
    {
        var peer = TcpSocks.SynSent(Ecn).Sees("SEW 0:0(0)").Says("SE. 0:0(0) ack 1 win 20000 <mss 1000>").Sees(". 1:1(0) ack 1");
        Assert.True(peer.Info.Options.HasFlag(TcpInfoOptions.Ecn));
        peer.Writes(100);
        Assert.True(peer.Next().Ect);
    }

    [Theory]
    [InlineData("S. 0:0(0) ack 1 win 20000 <mss 1000>")]
    [InlineData("SEW. 0:0(0) ack 1 win 20000 <mss 1000>")] // a reflected SYN: RFC 3168 section 6.1.1
    public void Syn_that_is_answered_otherwise_goes_without_ecn(string answer)
    {
        var peer = TcpSocks.SynSent(Ecn).Sees("SEW 0:0(0)").Says(answer).Sees(". 1:1(0) ack 1").Writes(100);
        Assert.False(peer.Next().Ect);
    }

    [Fact]
    public void Mark_is_echoed_until_the_sender_says_cwr() => TcpSocks.Established(ecn: true)
        .Says("P. 1:101(100) ack 1 win 20000", EcnCodepoint.Ce).Sees("E. 1:1(0) ack 101")
        .Says("P. 101:201(100) ack 1 win 20000", EcnCodepoint.Ect0).Sees("E. 1:1(0) ack 201")
        .Says("PW. 201:301(100) ack 1 win 20000", EcnCodepoint.Ect0).Sees(". 1:1(0) ack 301");

    [Fact]
    public void Echo_reduces_the_window_once_and_the_next_new_data_says_cwr()
    {
        var peer = TcpSocks.Established(ecn: true, path: new TcpPath { GsoMaxSize = 0 }).Writes(4000);
        for (var i = 0; i < 4; i++) Assert.True(peer.Next().Ect);
        peer.Wait(100).Says("E. 1:1(0) ack 1001 win 20000").Writes(100).Wait(100).Says("E. 1:1(0) ack 4001 win 20000");
        var next = peer.Next();
        Assert.Equal((TcpFlags.Cwr, true), (next.Flags & TcpFlags.Cwr, next.Ect));
        Assert.Equal(5u, peer.Info.SndSsthresh);
    }

    [Fact]
    public void Retransmission_and_pure_ack_are_not_ect()
    {
        var peer = TcpSocks.Established(ecn: true, synOptions: "mss 1000,sackOK").Writes(100);
        Assert.True(peer.Next().Ect);
        peer.Wait(1000);
        Assert.False(peer.Next().Ect);
        peer.Says("P. 1:101(100) ack 101 win 20000", EcnCodepoint.Ect0);
        while (peer.Pending > 0) Assert.False(peer.Next().Ect);
    }

    [Fact]
    public void Dctcp_says_with_each_ack_whether_its_segments_were_marked() // RFC 8257 section 3.2
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpCongestionControl = "dctcp" }, ecn: true);
        peer.Does(sock => sock.SetQuickAck(0, peer.Now)).Says("P. 1:101(100) ack 1 win 20000", EcnCodepoint.Ect0).SeesNothing()
            .Says("P. 101:201(100) ack 1 win 20000", EcnCodepoint.Ce).Sees(". 1:1(0) ack 101").Sees("E. 1:1(0) ack 201")
            .Says("P. 201:301(100) ack 1 win 20000", EcnCodepoint.Ect0).Sees(". 1:1(0) ack 301");
    }

    [Fact]
    public void Urgent_byte_is_read_apart_and_a_read_stops_before_it()
    {
        var peer = TcpSocks.Established().Says("PU. 1:11(10) ack 1 win 20000 urg 5"); // points behind byte 5
        Assert.True(peer.Effects.HasFlag(TcpEffects.Urgent));
        Assert.True(peer.Sock.IsUrgentReadable);
        Assert.Equal(4, peer.Sock.Readable);
        peer.Reads(100, 4);
        Assert.True(peer.Sock.IsAtMark);
        var urgent = new byte[1];
        Assert.Equal(Errno.None, peer.Sock.Receive(urgent, TcpReceiveFlags.Oob, peer.Now, out var copied, out _));
        Assert.Equal((1, TcpPeer.Stream(5, 1)[0]), (copied, urgent[0]));
        peer.Reads(1, error: Errno.EINVAL, flags: TcpReceiveFlags.Oob).Skips(1).Reads(100, 5);
        Assert.False(peer.Sock.IsAtMark);
    }

    [Fact]
    public void Urgent_byte_inline_stays_in_the_stream_and_the_read_before_it_stops()
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { OobInline = true }).Says("PU. 1:11(10) ack 1 win 20000 urg 5").Reads(100, 4);
        Assert.True(peer.Sock.IsAtMark);
        peer.Reads(100, 6).Reads(1, error: Errno.EINVAL, flags: TcpReceiveFlags.Oob);
    }

    [Fact]
    public void Urgent_pointer_may_come_before_its_byte()
    {
        var peer = TcpSocks.Established().Says("PU. 1:11(10) ack 1 win 20000 urg 20");
        Assert.False(peer.Sock.IsUrgentReadable);
        peer.Reads(1, error: Errno.EAGAIN, flags: TcpReceiveFlags.Oob).Reads(10).Says("P. 11:21(10) ack 1 win 20000");
        Assert.True(peer.Sock.IsUrgentReadable);
        peer.Reads(100, 9);
    }

    [Fact]
    public void Older_urgent_pointer_does_not_replace_a_newer_one() // tcp_check_urg
    {
        var peer = TcpSocks.Established().Says("PU. 1:11(10) ack 1 win 20000 urg 20").Says("PU. 11:13(2) ack 1 win 20000 urg 3").Says("P. 13:31(18) ack 1 win 20000");
        Assert.Equal(19, peer.Sock.Readable);
    }

    [Fact]
    public void Stdurg_points_at_the_last_urgent_byte_itself() // tcp_stdurg
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpStdurg = true }).Says("PU. 1:11(10) ack 1 win 20000 urg 5");
        Assert.Equal(5, peer.Sock.Readable);
    }

    [Fact]
    public void Urgent_data_goes_out_with_its_pointer_behind_its_last_byte() =>
        TcpSocks.Established().Writes(10, flags: TcpSendFlags.Oob).Sees("PU. 1:11(10) ack 1 urg 10").Says(". 1:1(0) ack 11 win 20000").Writes(5).Sees("P. 11:16(5) ack 1");

    [Fact]
    public void Fast_open_without_a_cookie_asks_for_one_and_sends_after_the_handshake()
    {
        var peer = TcpSocks.Closed();
        peer.Does(sock => sock.ConnectFastOpen(TcpPeer.OurIsn, peer.TsOffset, FastOpenAttempt.Ask, TcpPeer.Stream(1, 500), peer.Now, out _))
            .Sees("S 0:0(0) <mss 1460,sackOK,wscale 7,FO>").Says("S. 0:0(0) ack 1 win 20000 <mss 1000,FO 0102030405060708>").Sees(". 1:1(0) ack 1").Writes(500).Sees("P. 1:501(500) ack 1");
        Assert.Equal(8, peer.Sock.FastOpenLesson!.Value.Cookie.Length);
    }

    [Fact]
    public void Fast_open_sends_data_with_the_syn_and_is_done_when_it_is_acknowledged()
    {
        var peer = FastOpen();
        var syn = peer.Next();
        Assert.Equal((TcpFlags.Syn, 500, true), (syn.Flags, syn.PayloadLength, syn.Options.Has(TcpOptionSet.FastOpen)));
        peer.Says("S. 0:0(0) ack 501 win 20000 <mss 1000>").Sees(". 501:501(0) ack 1").Counts(LinuxMib.TCPFastOpenActive, 1);
        Assert.True(peer.Info.Options.HasFlag(TcpInfoOptions.SynData));
        Assert.Equal(TcpPeer.OurIsn + 501, peer.Sock.SndUna);
    }

    [Fact]
    public void Fast_open_data_that_was_not_taken_goes_again_at_once()
    {
        var peer = FastOpen();
        peer.Next();
        peer.Says("S. 0:0(0) ack 1 win 20000 <mss 1000>").Sees("P. 1:501(500) ack 1").Counts(LinuxMib.TCPFastOpenActiveFail, 1);
    }

    [Fact]
    public void Fast_open_syn_that_is_sent_again_goes_without_data_and_cookie()
    {
        var peer = FastOpen();
        peer.Next();
        peer.SeesWithin(1000, 1000, "S 0:0(0) <mss 1460,sackOK,wscale 7>");
    }

    [Fact]
    public void Fast_open_child_reads_and_writes_before_the_handshake_is_done()
    {
        var peer = TcpSocks.SynRecv(fastOpen: true);
        peer.Does(sock => sock.OnSynData(new TcpInSegment { Sequence = TcpPeer.TheirIsn, Flags = TcpFlags.Syn, Payload = TcpPeer.Stream(1, 100) }, peer.Now))
            .Reads(200, 100).Writes(50).Sees("P. 1:51(50) ack 101").IsIn(TcpState.SynRecv).Wait(50).Says(". 101:101(0) ack 51 win 20000").IsIn(TcpState.Established);
    }

    [Theory]
    [InlineData(3, 0, Errno.ENETUNREACH)]
    [InlineData(3, 3, Errno.ECONNREFUSED)]
    [InlineData(12, 0, Errno.EPROTO)]
    [InlineData(11, 0, Errno.EHOSTUNREACH)]
    public void SynSent_ends_with_what_icmp_says(byte type, byte code, Errno error)
    {
        var peer = TcpSocks.SynSent();
        peer.Does(sock => sock.OnIcmp(Icmp(type, code, 0, 0), peer.Now)).IsIn(TcpState.Close);
        Assert.Equal(error, peer.Sock.TakeError());
    }

    [Fact]
    public void Established_only_remembers_what_icmp_says_until_an_ack_comes() // RFC 1122 section 4.2.3.9: soft errors
    {
        var peer = TcpSocks.Established().Writes(100);
        peer.Does(sock => sock.OnIcmp(Icmp(3, 1, 0, 1), peer.Now)).IsIn(TcpState.Established);
        Assert.Equal((Errno.EHOSTUNREACH, Errno.None), (peer.Sock.SoftError, peer.Sock.Error));
        peer.Says(". 1:1(0) ack 101 win 20000");
        Assert.Equal(Errno.None, peer.Sock.SoftError);
    }

    [Fact]
    public void Established_that_dies_dies_of_the_soft_error() // tcp_write_err
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpRetries2 = 3 }, synOptions: "mss 1000,sackOK").Writes(100);
        peer.Does(sock => sock.OnIcmp(Icmp(3, 1, 0, 1), peer.Now)).Wait(20_000).IsIn(TcpState.Close);
        Assert.Equal(Errno.EHOSTUNREACH, peer.Sock.TakeError());
    }

    [Fact]
    public void Icmp_cannot_make_segments_smaller_than_the_least_path_mtu() // min_pmtu 552
    {
        var peer = TcpSocks.Established(path: new TcpPath { GsoMaxSize = 0 }).Writes(1000);
        peer.Does(sock => sock.OnIcmp(Icmp(3, 4, 68, 1), peer.Now));
        Assert.Equal(512, peer.Sock.GetMaxSeg());
    }

    [Fact]
    public void Icmp_about_a_larger_mtu_changes_nothing()
    {
        var peer = TcpSocks.Established().Writes(1000);
        peer.Does(sock => sock.OnIcmp(Icmp(3, 4, 9000, 1), peer.Now));
        Assert.Equal(1000, peer.Sock.GetMaxSeg());
    }

    private static TcpPeer FastOpen()
    {
        var peer = TcpSocks.Closed();
        var cookie = new FastOpenCookie(1, 8, Experimental: false);
        return peer.Does(sock => sock.ConnectFastOpen(TcpPeer.OurIsn, peer.TsOffset, FastOpenAttempt.With(cookie), TcpPeer.Stream(1, 500), peer.Now, out _));
    }

    private static IcmpNotice Icmp(byte type, byte code, uint info, uint seq) => new(type, code, info, 6, 0, 0, 0, 0, TcpPeer.OurIsn + seq);
}
