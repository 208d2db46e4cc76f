using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>When a connection tries again and when it gives up.</summary>
public class TcpTimerTests
{
    [Fact]
    public void SynSent_sends_its_last_retry_after_67_s_and_gives_up_after_131_s() // ip-sysctl: tcp_syn_retries
    {
        var peer = TcpSocks.SynSent();
        peer.Wait(66_999);
        var sent = peer.Pending;
        peer.Wait(2);
        Assert.Equal(sent + 1, peer.Pending);
        peer.Wait(63_998).IsIn(TcpState.SynSent).Wait(2).IsIn(TcpState.Close);
        Assert.Equal((sent + 1, Errno.ETIMEDOUT), (peer.Pending, peer.Sock.TakeError()));
    }

    [Fact]
    public void Established_gives_up_after_924_seconds() // ip-sysctl: tcp_retries2
    {
        var peer = TcpSocks.Established(synOptions: "mss 1000,sackOK").Writes(100);
        peer.Next();
        peer.SeesWithin(1, 1000, "P. 1:101(100) ack 1");
        var first = peer.Now;
        peer.Wait(924_599).IsIn(TcpState.Established).Wait(120_001).IsIn(TcpState.Close);
        Assert.Equal(Errno.ETIMEDOUT, peer.Sock.TakeError());
        Assert.True(first > peer.Start);
    }

    [Fact]
    public void Orphan_gives_up_after_102_seconds() // tcp_orphan_retries: 8 doublings of 200 ms
    {
        var peer = TcpSocks.Established(synOptions: "mss 1000,sackOK").Writes(100).Closes();
        Assert.Equal(1, peer.Context.Orphans);
        while (peer.Pending > 0) peer.Next();
        peer.SeesWithin(1, 1000, "F. 101:101(0) ack 1").Wait(102_199).IsIn(TcpState.FinWait1)
            .Wait(55_000).IsIn(TcpState.Close); // at the first timeout behind that
        Assert.Equal(0, peer.Context.Orphans);
    }

    [Fact]
    public void One_orphan_too_many_is_reset() => // tcp_max_orphans
        TcpSocks.Established(TcpSocks.Sysctls with { TcpMaxOrphans = 0 }).Closes().Sees("F. 1:1(0) ack 1").Sees("R. 2:2(0) ack 1")
            .IsIn(TcpState.Close).Counts(LinuxMib.TCPAbortOnMemory, 1);

    [Fact]
    public void Window_that_stays_closed_is_probed_for_ever_while_the_peer_answers() // RFC 1122 section 4.2.2.17
    {
        var peer = TcpSocks.Established(synWindow: 2000, ackWindow: 2000).Writes(3000);
        while (peer.Pending > 0) peer.Next();
        peer.Wait(100).Says(". 1:1(0) ack 2001 win 0");
        for (var i = 0; i < 40; i++) peer.SeesWithin(250, 120_000, ". 2000:2000(0) ack 1").Says(". 1:1(0) ack 2001 win 0");
        peer.IsIn(TcpState.Established).SeesWithin(120_000, 120_000, ". 2000:2000(0) ack 1"); // TCP_RTO_MAX
    }

    [Fact]
    public void Window_probes_that_nobody_answers_end_after_tcp_retries2() // tcp_probe_timer
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpRetries2 = 3 }, synWindow: 2000, ackWindow: 2000).Writes(3000);
        while (peer.Pending > 0) peer.Next();
        peer.Wait(100).Says(". 1:1(0) ack 2001 win 0");
        for (var i = 0; i < 3; i++) peer.SeesWithin(250, 20_000, ". 2000:2000(0) ack 1");
        peer.SeesNothing(20_000).IsIn(TcpState.Close);
        Assert.Equal(Errno.ETIMEDOUT, peer.Sock.TakeError());
    }

    [Fact]
    public void Window_that_stays_closed_ends_with_the_users_patience() // tcp_probe_timer, TCP_USER_TIMEOUT
    {
        var peer = TcpSocks.Established(synWindow: 2000, ackWindow: 2000).Writes(3000);
        peer.Sock.SetUserTimeout(3000);
        while (peer.Pending > 0) peer.Next();
        peer.Wait(100).Says(". 1:1(0) ack 2001 win 0").Wait(300 + 2900).IsIn(TcpState.Established).Wait(200).IsIn(TcpState.Close);
    }

    [Fact]
    public void Keepalive_begins_after_two_hours_and_ends_after_nine_probes() // tcp_keepalive_time, _intvl, _probes
    {
        var peer = TcpSocks.Established();
        peer.Sock.SetKeepAlive(true, peer.Now);
        peer.SeesWithin(7_200_000, 7_200_000, ". 0:0(0) ack 1");
        for (var i = 1; i < 9; i++) peer.SeesWithin(75_000, 75_000, ". 0:0(0) ack 1");
        peer.SeesWithin(75_000, 75_000, "R. 1:1(0) ack 1").IsIn(TcpState.Close);
    }

    [Fact]
    public void Keepalive_set_before_the_handshake_counts_from_it() // tcp_create_openreq_child, tcp_finish_connect
    {
        var options = new TcpSocketOptions { KeepAlive = true, KeepIdle = KernelTime.FromSeconds(10) };
        TcpSocks.Established(options: options with { }).SeesWithin(9900, 10_000, ". 0:0(0) ack 1");
        TcpSocks.SynSent(options: options with { }).Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 20000 <mss 1000>").Sees(". 1:1(0) ack 1")
            .SeesWithin(10_000, 10_000, ". 0:0(0) ack 1");
    }

    [Fact]
    public void Keepalive_waits_while_data_is_out_and_begins_anew_with_every_segment()
    {
        var peer = TcpSocks.Established();
        peer.Sock.SetKeepIdle(10, peer.Now);
        peer.Sock.SetKeepAlive(true, peer.Now);
        peer.Wait(9000).Says("P. 1:2(1) ack 1 win 20000").Sees(". 1:1(0) ack 2").SeesNothing(9999).SeesWithin(1, 1, ". 0:0(0) ack 2");
    }

    [Fact]
    public void Orphan_in_FinWait2_is_a_small_record_for_a_minute() // tcp_fin_timeout
    {
        var peer = TcpSocks.FinWait2().Closes().IsIn(TcpState.Close);
        var entry = peer.Sock.TakeTimeWait();
        Assert.Equal((TcpState.FinWait2, peer.Now + KernelTime.FromSeconds(60)), (entry!.Substate, entry.Deadline));
    }

    [Fact]
    public void Orphan_with_a_longer_linger2_stays_and_then_becomes_a_record() // tcp_keepalive_timer
    {
        var peer = TcpSocks.FinWait2();
        peer.Sock.SetLinger2(100);
        peer.Closes().IsIn(TcpState.FinWait2).Wait(39_999).IsIn(TcpState.FinWait2).Wait(2).IsIn(TcpState.Close);
        Assert.Equal(TcpState.FinWait2, peer.Sock.TakeTimeWait()!.Substate);
    }

    [Fact]
    public void Orphan_with_a_negative_linger2_is_reset() // TCP_LINGER2 < 0
    {
        var peer = TcpSocks.FinWait2();
        peer.Sock.SetLinger2(-1);
        peer.Closes().Sees("R. 2:2(0) ack 1").IsIn(TcpState.Close).Counts(LinuxMib.TCPAbortOnLinger, 1);
    }

    [Fact]
    public void Orphan_resets_data_that_nobody_will_read() => // RFC 1122 section 4.2.2.13
        TcpSocks.FinWait1().Closes().Says("P. 1:101(100) ack 1 win 20000").Sees("R 1:1(0)").IsIn(TcpState.Close).Counts(LinuxMib.TCPAbortOnData, 1);

    [Fact]
    public void Orphan_whose_fin_is_acknowledged_along_with_data_resets() =>
        TcpSocks.FinWait1().Closes().Says("P. 1:101(100) ack 2 win 20000").Sees("R 2:2(0)").IsIn(TcpState.Close).Counts(LinuxMib.TCPAbortOnData, 1);

    [Fact]
    public void Orphan_whose_fin_is_acknowledged_becomes_a_record() =>
        TcpSocks.Established().Closes().Sees("F. 1:1(0) ack 1").Says(". 1:1(0) ack 2 win 20000").SeesNothing().IsIn(TcpState.Close);

    [Fact]
    public void Timeouts_in_a_row_make_segments_small_where_black_holes_are_looked_for() // tcp_mtu_probing 1, tcp_base_mss
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpMtuProbing = 1 }, synOptions: "mss 1460,sackOK", path: new TcpPath { GsoMaxSize = 0 }).Writes(1460);
        peer.Next();
        peer.Wait(2500);
        Assert.Equal(1460, peer.Sock.GetMaxSeg());
        peer.Wait(5000);
        Assert.Equal(1024, peer.Sock.GetMaxSeg());
        peer.Wait(10_000);
        Assert.Equal(512, peer.Sock.GetMaxSeg());
    }

    [Fact]
    public void First_retry_of_a_syn_that_asked_for_ecn_asks_no_more() => // tcp_ecn_fallback, RFC 3168 section 6.1.1.1
        TcpSocks.SynSent(TcpSocks.Sysctls with { TcpEcn = 1 }).Sees("SEW 0:0(0)").SeesWithin(1000, 1000, "S 0:0(0)");

    [Fact]
    public void Crossed_syn_is_retried_as_a_syn_ack() => TcpSocks.SynSent().Sees("S 0:0(0)").Wait(10).Says("S 0:0(0) win 20000 <mss 1000>").Sees("S. 0:0(0) ack 1")
        .SeesWithin(980, 1000, "S. 0:0(0) ack 1").IsIn(TcpState.SynRecv);

    [Fact]
    public void Early_deadline_changes_nothing()
    {
        var peer = TcpSocks.Established().Writes(10).Sees("P. 1:11(10) ack 1");
        var deadline = peer.Sock.Deadline;
        Assert.Equal(TcpEffects.None, peer.Sock.OnDeadline(peer.Now));
        Assert.Equal(deadline, peer.Sock.Deadline);
    }
}
