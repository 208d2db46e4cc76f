using NetActors.Headers;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>The send half before a segment leaves: how much, in what pieces, when.</summary>
public class TcpSendTests
{
    private static readonly TcpPath NoOffload = new() { GsoMaxSize = 0 };

    [Fact]
    public void Small_segment_behind_full_ones_goes_out_since_no_small_one_is_out() => // Minshall, tcp_minshall_check
        TcpSocks.Established(path: NoOffload).Writes(1000).Sees("P. 1:1001(1000) ack 1").Writes(10).Sees("P. 1001:1011(10) ack 1")
            .Writes(10).SeesNothing(20).Says(". 1:1(0) ack 1011 win 20000").Sees("P. 1011:1021(10) ack 1");

    [Fact]
    public void More_holds_the_last_segment_until_a_write_without_it() => TcpSocks.Established(path: NoOffload)
        .Writes(10, flags: TcpSendFlags.More).SeesNothing(50).Writes(1500, flags: TcpSendFlags.More).Sees(". 1:1001(1000) ack 1").SeesNothing()
        .Writes(10).Sees("P. 1001:1521(520) ack 1");

    [Fact]
    public void Push_moves_to_the_end_of_the_last_write_and_one_with_more_to_come_has_none() => // tcp_sendmsg_locked
        TcpSocks.Established().Writes(10).Sees("P. 1:11(10) ack 1").Writes(20).Writes(30, flags: TcpSendFlags.More).SeesNothing()
            .Says(". 1:1(0) ack 11 win 20000").Sees(". 11:61(50) ack 1");

    [Fact]
    public void Corked_segment_leaves_when_the_probe_timer_runs_out() // tcp(7): at most 200 ms more than the timeout
    {
        var peer = TcpSocks.Established();
        peer.Does(sock => sock.SetCork(true, peer.Now)).Writes(10).SeesWithin(200, 400, "P. 1:11(10) ack 1");
    }

    [Fact]
    public void Only_the_end_of_a_write_is_pushed_without_offload() => TcpSocks.Established(path: NoOffload)
        .Writes(2500).Sees(". 1:1001(1000) ack 1").Sees(". 1001:2001(1000) ack 1").Sees("P. 2001:2501(500) ack 1");

    [Fact]
    public void Packet_holds_a_millisecond_of_segments_but_two_at_least() // tcp_tso_autosize
    {
        var peer = TcpSocks.Established().Writes(5000);
        var first = peer.Next();
        Assert.Equal((2000, 1000, true), (first.PayloadLength, first.GsoSize, first.Flags.HasFlag(TcpFlags.Psh)));
    }

    [Fact]
    public void Segment_is_at_most_half_of_the_largest_window() => // tcp_bound_to_half_wnd: silly windows
        TcpSocks.Established(synWindow: 1500, ackWindow: 1500, path: NoOffload).Writes(3000)
            .Sees(". 1:751(750) ack 1").Sees("P. 751:1501(750) ack 1").SeesNothing();

    [Fact]
    public void Window_too_small_for_a_segment_is_not_filled() => // RFC 9293 section 3.8.6.2.1, tcp_snd_wnd_test
        TcpSocks.Established(path: NoOffload).Writes(1000).Sees("P. 1:1001(1000) ack 1").Says(". 1:1(0) ack 1001 win 400").Writes(3000).SeesNothing()
            .SeesWithin(200, 400, "P. 1001:1401(400) ack 1"); // the probe timer overrides in the end

    [Fact]
    public void Half_a_window_in_one_write_is_pushed_before_the_end() // forced_push
    {
        var peer = TcpSocks.Established(TcpSocks.Sysctls with { TcpWmem = new TcpMemoryTriple(4096, 262144, 4194304) }, synWindow: 4000, ackWindow: 4000, path: NoOffload);
        peer.Writes(6000).Sees(". 1:1001(1000) ack 1").Sees(". 1001:2001(1000) ack 1").Sees("P. 2001:3001(1000) ack 1");
    }

    [Fact]
    public void Full_buffer_takes_a_part_and_tells_when_a_third_is_free() // sk_stream_write_space
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { SndBuf = 20_000 });
        peer.Sock.Send(new byte[100_000], TcpSendFlags.None, peer.Now, out var written, out _);
        Assert.InRange(written, 17_000, 31_000); // the last sk_buff may pass the limit, by 10 segments at this window
        Assert.Equal(Errno.EAGAIN, peer.Sock.Send(new byte[10], TcpSendFlags.None, peer.Now, out _, out _));
        Assert.False(peer.Sock.PollWritable());
        while (peer.Pending > 0) peer.Next();
        for (uint una = 1001; ; una += 1000)
        {
            peer.Does(sock =>
            {
                while (sock.TryTakeSegment(out _)) { }
                return sock.OnSegment(Ack(una), peer.Now);
            });
            while (peer.Pending > 0) peer.Next();
            var isThirdFree = peer.Sock.WmemQueued * 3 <= (peer.Sock.SndBuf * 2) + 2;
            Assert.Equal(isThirdFree, peer.Effects.HasFlag(TcpEffects.Writable));
            if (isThirdFree) break;
        }

        static TcpInSegment Ack(uint una) => new()
        {
            Sequence = TcpPeer.TheirIsn + 1,
            Acknowledgment = TcpPeer.OurIsn + una,
            Flags = TcpFlags.Ack,
            Window = 20_000,
            HeaderLength = TcpHeader.Size,
        };
    }

    [Fact]
    public void Notsent_lowat_stops_the_writer_before_the_buffer_is_full() // TCP_NOTSENT_LOWAT
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { NotsentLowat = 3000 });
        peer.Writes(14_000);
        Assert.False(peer.Sock.PollWritable());
        while (peer.Pending > 0) peer.Next();
        peer.Wait(100).Says(". 1:1(0) ack 5001 win 20000");
        Assert.True(peer.Effects.HasFlag(TcpEffects.Writable));
    }

    [Fact]
    public void Fin_rides_on_the_last_data_that_waits() => TcpSocks.Established(synWindow: 2000, ackWindow: 2000, path: NoOffload)
        .Writes(2500).Sees(". 1:1001(1000) ack 1").Sees("P. 1001:2001(1000) ack 1").Closes().SeesNothing()
        .Wait(50).Says(". 1:1(0) ack 2001 win 2000").Sees("FP. 2001:2501(500) ack 1").IsIn(TcpState.FinWait1);

    [Fact]
    public void Mss_with_sack_blocks_on_board_is_smaller() // tcp_current_mss
    {
        var peer = TcpSocks.Established(synOptions: "mss 1000,sackOK", path: NoOffload);
        peer.Says(". 1001:2001(1000) ack 1 win 20000").Sees(". 1:1(0) ack 1");
        Assert.Equal(1000 - 12, peer.Sock.CurrentMss());
        peer.Writes(1000).Sees(". 1:989(988) ack 1 <sack 1001:2001>");
    }

    [Fact]
    public void Time_stamps_take_twelve_bytes_of_a_segment()
    {
        var peer = TcpSocks.Established(
            TcpSocks.Sysctls with { TcpTimestamps = 1 }, synOptions: "mss 1000,TS val 1 ecr 0", ackOptions: "TS val 2 ecr 100", path: NoOffload);
        Assert.Equal(988, peer.Sock.GetMaxSeg());
    }

    [Fact]
    public void Writers_learn_how_the_connection_stands()
    {
        TcpSocks.SynSent().Sees("S 0:0(0)").Writes(10, error: Errno.EAGAIN);
        TcpSocks.Closed().Writes(10, error: Errno.EPIPE);
        TcpSocks.FinWait1().Writes(10, error: Errno.EPIPE);
        TcpSocks.CloseWait().Writes(10);
    }

    [Theory]
    [InlineData(true, 10u)]
    [InlineData(false, 20u)]
    public void Silence_longer_than_the_timeout_shrinks_the_window(bool after, uint cwnd) // tcp_slow_start_after_idle, RFC 2861
    {
        var sysctls = TcpSocks.Sysctls with { TcpSlowStartAfterIdle = after, TcpWmem = new TcpMemoryTriple(4096, 262144, 4194304) };
        var peer = TcpSocks.Established(sysctls, synOptions: "mss 1000,sackOK,wscale 7", ackWindow: 1000).Writes(10_000).Wait(100);
        for (var ack = 1001; ack <= 8001; ack += 1000) peer.Says($". 1:1(0) ack {ack} win 1000");
        peer.Says(". 1:1(0) ack 10001 win 1000").Wait(5000);
        Assert.Equal(20u, peer.Info.SndCwnd);
        peer.Writes(100);
        Assert.Equal(cwnd, peer.Info.SndCwnd);
    }

    [Fact]
    public void Times_of_waiting_are_told_apart() // tcpi_busy_time, tcpi_rwnd_limited
    {
        var peer = TcpSocks.Established(synWindow: 2000, ackWindow: 2000).Wait(1000).Writes(3000).Wait(100);
        Assert.Equal((100_000ul, 100_000ul), (peer.Info.BusyTime, peer.Info.RwndLimited));
        peer.Says(". 1:1(0) ack 2001 win 2000").Wait(50).Says(". 1:1(0) ack 3001 win 2000").Wait(1000);
        Assert.Equal((150_000ul, 100_000ul, 0ul), (peer.Info.BusyTime, peer.Info.RwndLimited, peer.Info.SndbufLimited));
    }

    [Fact]
    public void Congestion_control_is_chosen_by_name()
    {
        var peer = TcpSocks.Established();
        Assert.Equal(Errno.ENOENT, peer.Sock.SetCongestion("vegas", peer.Now));
        Assert.Equal(Errno.None, peer.Sock.SetCongestion("cubic", peer.Now));
        Assert.Equal("cubic", peer.Sock.Sender.CongestionControl.Name);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        var sock = TcpSocks.Established().Sock;
        var now = KernelTime.FromSeconds(1001);
        Assert.Equal(Errno.EINVAL, sock.SetKeepIdle(0, now));
        Assert.Equal(Errno.EINVAL, sock.SetKeepIntvl(32768));
        Assert.Equal(Errno.EINVAL, sock.SetKeepCnt(128));
        Assert.Equal(Errno.EINVAL, sock.SetSynCnt(0));
        Assert.Equal(Errno.EINVAL, sock.SetUserTimeout(-1));
        Assert.Equal(Errno.EINVAL, sock.SetMaxSeg(87));
        Assert.Equal(Errno.EINVAL, sock.SetWindowClamp(0));
    }
}
