using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>The receive half: what is kept, what is offered, when it is acknowledged.</summary>
public class TcpReceiveTests
{
    private const string Sack = "mss 1000,sackOK";

    private static readonly TcpSysctls Stamps = TcpSocks.Sysctls with { TcpTimestamps = 1 };

    [Fact]
    public void SynSent_offers_44_segments_of_half_the_buffer() => // 131072 / 2 / 1460: tcp_select_initial_window
        TcpSocks.SynSent().Sees("S 0:0(0) win 64240 <mss 1460,nop,nop,sackOK,nop,wscale 7>");

    [Fact]
    public void SynSent_with_a_set_buffer_scales_no_further_than_that() => // tcp_connect_init
        TcpSocks.SynSent(options: new TcpSocketOptions { RcvBuf = 100_000 }).Sees("S 0:0(0) win 49640 <mss 1460,nop,nop,sackOK,nop,wscale 0>");

    [Fact]
    public void SynSent_with_time_stamps_says_them_before_the_scale() =>
        TcpSocks.SynSent(Stamps).Sees("S 0:0(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>");

    [Fact]
    public void Established_with_a_window_scale_rounds_the_window_up_to_it() => // 64240 -> 502 * 128: __tcp_select_window
        TcpSocks.SynSent().Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 20000 <mss 1000,sackOK,wscale 7>").Sees(". 1:1(0) ack 1 win 502");

    [Fact]
    public void Pingpong_delays_the_ack_of_a_small_segment_by_40_ms() // TCP_ATO_MIN
    {
        var peer = Interactive();
        peer.Says("P. 1:101(100) ack 1 win 20000").SeesWithin(40, 40, ". 1:1(0) ack 101").Counts(LinuxMib.DelayedACKs, 1);
    }

    [Fact]
    public void Pingpong_acknowledges_two_full_segments_at_the_latest_when_they_are_read() // RFC 9293 section 3.8.6.3, tcp_cleanup_rbuf
    {
        var peer = Interactive();
        peer.Says(". 1:1001(1000) ack 1 win 20000").Reads(1000).SeesNothing().Says(". 1001:2001(1000) ack 1 win 20000").Reads(1000).Sees(". 1:1(0) ack 2001");
    }

    [Fact]
    public void Missed_delayed_ack_ends_pingpong_so_the_next_segment_is_acknowledged_sooner() // tcp_delack_timer_handler
    {
        var peer = Interactive();
        peer.Says("P. 1:101(100) ack 1 win 20000").SeesWithin(40, 40, ". 1:1(0) ack 101")
            .Says("P. 101:201(100) ack 1 win 20000").Sees(". 1:1(0) ack 201"); // quick ACKs are left
    }

    [Fact]
    public void Quickack_option_sends_what_is_owed()
    {
        var peer = Interactive();
        peer.Says("P. 1:101(100) ack 1 win 20000").Reads(100).SeesNothing();
        peer.Does(sock => sock.SetQuickAck(1, peer.Now)).Sees(". 1:1(0) ack 101");
    }

    [Fact]
    public void Established_takes_the_part_of_a_segment_that_is_new_and_reports_the_rest() // RFC 2883 section 4.2.1
    {
        TcpSocks.Established(synOptions: Sack).Says(". 1:1001(1000) ack 1 win 20000").Sees(". 1:1(0) ack 1001 <nop>")
            .Says(". 501:1501(1000) ack 1 win 20000").Sees(". 1:1(0) ack 1501 <sack 501:1001>").Reads(1500);
    }

    [Fact]
    public void Established_without_sack_answers_a_hole_with_a_bare_duplicate() =>
        TcpSocks.Established().Says(". 1001:2001(1000) ack 1 win 20000").Sees(". 1:1(0) ack 1 <nop>").Reads(1, error: Errno.EAGAIN);

    [Fact]
    public void Established_reports_the_four_holes_that_changed_last_the_newest_first() // RFC 2018 section 4
    {
        var peer = TcpSocks.Established(synOptions: Sack).Says(". 1:101(100) ack 1 win 20000");
        foreach (var seq in new[] { 1001, 3001, 5001, 7001, 9001 }) peer.Says($". {seq}:{seq + 500}(500) ack 1 win 20000");
        for (var i = 0; i < 5; i++) peer.Next();
        peer.Sees(". 1:1(0) ack 101 <sack 9001:9501 7001:7501 5001:5501 3001:3501>");
    }

    [Fact]
    public void Established_with_time_stamps_has_room_for_three_blocks() // 40 bytes of options
    {
        var peer = TcpSocks.Established(Stamps, synOptions: "mss 1000,sackOK,TS val 1 ecr 0", ackOptions: "TS val 2 ecr 100")
            .Says(". 1:101(100) ack 1 win 20000 <TS val 3 ecr 100>");
        foreach (var seq in new[] { 1001, 3001, 5001, 7001 }) peer.Says($". {seq}:{seq + 500}(500) ack 1 win 20000 <TS val 3 ecr 100>");
        for (var i = 0; i < 4; i++) peer.Next();
        peer.Sees(". 1:1(0) ack 101 <TS val 200 ecr 3,sack 7001:7501 5001:5501 3001:3501>");
    }

    [Fact]
    public void Hole_that_is_filled_is_acknowledged_at_once_even_in_pingpong() // RFC 5681 section 4.2
    {
        var peer = Interactive();
        peer.Says("P. 101:201(100) ack 1 win 20000");
        while (peer.Pending > 0) peer.Next();
        peer.Says("P. 1:101(100) ack 1 win 20000").Sees(". 1:1(0) ack 201");
    }

    [Fact]
    public void Fin_above_a_hole_waits_for_the_hole() => TcpSocks.Established(synOptions: Sack)
        .Says("F. 1001:1501(500) ack 1 win 20000").Sees(". 1:1(0) ack 1 <sack 1001:1502>").IsIn(TcpState.Established)
        .Says(". 1:1001(1000) ack 1 win 20000").Sees(". 1:1(0) ack 1502 <nop>").IsIn(TcpState.CloseWait).Reads(2000, 1500).Reads(1, 0);

    [Fact]
    public void Data_behind_a_fin_is_never_taken() => TcpSocks.Established()
        .Says("F. 1:101(100) ack 1 win 20000").Says(". 50:300(250) ack 1 win 20000").Reads(1000, 100).Reads(1000, 0);

    [Fact]
    public void Predicted_segments_are_counted() // tcp_rcv_established
    {
        var peer = TcpSocks.Established();
        peer.Says("P. 1:101(100) ack 1 win 20000").Says("P. 101:201(100) ack 1 win 20000").Counts(LinuxMib.TCPHPHits, 2).Writes(100);
        var slow = peer.Mib[LinuxMib.TCPPureAcks];
        peer.Says(". 201:201(0) ack 101 win 20000").Counts(LinuxMib.TCPHPAcks, 1).Counts(LinuxMib.TCPPureAcks, slow);
    }

    [Fact]
    public void First_segment_behind_a_scaled_handshake_is_not_predicted() => // tcp_finish_connect: its window is the first that is scaled
        TcpSocks.SynSent().Sees("S 0:0(0)").Says("S. 0:0(0) ack 1 win 12800 <mss 1000,wscale 7>")
            .Says("P. 1:101(100) ack 1 win 100").Counts(LinuxMib.TCPHPHits, 0).Says("P. 101:201(100) ack 1 win 100").Counts(LinuxMib.TCPHPHits, 1);

    [Fact]
    public void Compressed_sacks_leave_as_one_after_a_millisecond() // tcp_comp_sack_delay_ns
    {
        var peer = TcpSocks.Established(Stamps, synOptions: "mss 1000,sackOK,TS val 1 ecr 0", ackOptions: "TS val 2 ecr 100");
        peer.Says(". 1:1001(1000) ack 1 win 20000 <TS val 3 ecr 101>"); // a round trip of 99 ms for the receiver
        peer.Does(sock => sock.SetQuickAck(0, peer.Now));
        while (peer.Pending > 0) peer.Next();
        for (var seq = 2001; seq < 2001 + 800; seq += 100) peer.Says($". {seq}:{seq + 100}(100) ack 1 win 20000 <TS val 4 ecr 100>");
        for (var i = 0; i < 3; i++) peer.Next(); // the first three are needed for fast retransmit
        peer.SeesNothing().SeesWithin(1, 1, ". 1:1(0) ack 1001 <TS val 201 ecr 3,sack 2001:2801>").Counts(LinuxMib.TCPAckCompressed, 4);
    }

    [Fact]
    public void Small_reads_open_a_closed_window_only_when_it_is_worth_it() // RFC 9293 section 3.8.6.2.2
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { RcvBuf = 40000 });
        peer.Says("P. 1:60001(60000) ack 1 win 20000").Sees(". 1:1(0) ack 60001 win 0");
        for (var i = 0; i < 10; i++) peer.Reads(100).SeesNothing();
        peer.Reads(59000).Sees(". 1:1(0) ack 60001");
        Assert.True(peer.Sock.ReceiveWindow >= 1000);
    }

    [Fact]
    public void Reader_that_frees_a_little_sends_no_update_before_the_window_doubles() // tcp_cleanup_rbuf
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { RcvBuf = 60_000 });
        for (var seq = 1; seq < 20_001; seq += 1000) peer.Says($". {seq}:{seq + 1000}(1000) ack 1 win 20000", trueSize: 2000);
        while (peer.Pending > 0) peer.Next();
        peer.Wait(100);
        while (peer.Pending > 0) peer.Next();
        var window = peer.Sock.ReceiveWindow;
        Assert.InRange(window, 5000u, 15_000u);
        peer.Reads(3000).SeesNothing().Reads(17_000).Sees(". 1:1(0) ack 20001");
        Assert.True(peer.Sock.ReceiveWindow >= 2 * window);
    }

    [Fact]
    public void Buffer_follows_what_is_read_in_a_round_trip_four_times_over_while_that_doubles() // tcp_rcvbuf_grow
    {
        var context = TcpSocks.Closed().Context;
        var receiver = new TcpReceiver(context, new TcpDelayedAck()) { AdvMss = 1460, RcvWnd = 64_240, RcvSsthresh = 64_240, WindowClamp = 65_535 };
        receiver.InitBufferSpace(KernelTime.Zero);
        Assert.Equal(14_600u, receiver.SpacePerRtt);
        receiver.GrowBuffer(29_200); // 2 * 29200, and twice that for having doubled, in truesize of which half is window
        Assert.Equal((350_400, 175_200u), (receiver.RcvBuf, receiver.WindowClamp));
    }

    [Fact]
    public void Closed_window_drops_data_but_takes_a_bare_fin() // tcp_data_queue, 6.17
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { RcvBuf = 40000 });
        peer.Says("P. 1:60001(60000) ack 1 win 20000").Sees(". 1:1(0) ack 60001 win 0");
        peer.Says(". 60001:60001(0) ack 1 win 20000").SeesNothing();
        Assert.Equal(0u, peer.Sock.ReceiveWindow);
        peer.Says("P. 60001:60002(1) ack 1 win 20000").Sees(". 1:1(0) ack 60001 win 0").IsIn(TcpState.Established).Counts(LinuxMib.BeyondWindow, 1);
    }

    [Fact]
    public void Badly_filled_packets_are_collapsed_before_data_is_lost() // tcp_prune_queue
    {
        var peer = TcpSocks.Established(options: new TcpSocketOptions { RcvBuf = 40000 });
        var offered = (int)peer.Sock.ReceiveWindow;
        for (var seq = 1; seq + 100 <= offered; seq += 100) peer.Says($". {seq}:{seq + 100}(100) ack 1 win 20000", trueSize: 2304);
        Assert.True(peer.Mib[LinuxMib.PruneCalled] > 0);
        Assert.True(peer.Mib[LinuxMib.TCPRcvCollapsed] > 0);
        Assert.Equal(0, peer.Mib[LinuxMib.TCPRcvQDrop]);
        peer.Reads(offered, offered / 100 * 100);
    }

    [Fact]
    public void Full_buffer_prunes_what_lies_above_a_hole_but_not_for_what_lies_higher() // tcp_prune_ofo_queue
    {
        var peer = TcpSocks.Established(synOptions: Sack, options: new TcpSocketOptions { RcvBuf = 20000 });
        for (var seq = 1001; seq < 9001; seq += 200) peer.Says($". {seq}:{seq + 100}(100) ack 1 win 20000", trueSize: 4000);
        Assert.True(peer.Mib[LinuxMib.TCPOFODrop] > 0);
        peer.Counts(LinuxMib.OfoPruned, 0).Says(". 1:1001(1000) ack 1 win 20000").Counts(LinuxMib.OfoPruned, 1).Reads(2000, 1100);
    }

    [Fact]
    public void Low_water_mark_wakes_no_reader_before_it() // SO_RCVLOWAT, tcp_data_ready
    {
        var peer = TcpSocks.Established();
        peer.Does(sock => sock.SetRcvLowat(150, peer.Now)).Says("P. 1:101(100) ack 1 win 20000");
        Assert.False(peer.Effects.HasFlag(TcpEffects.Readable));
        peer.Says("P. 101:201(100) ack 1 win 20000");
        Assert.True(peer.Effects.HasFlag(TcpEffects.Readable));
    }

    [Fact]
    public void Peeked_data_stays() => TcpSocks.Established().Says("P. 1:101(100) ack 1 win 20000")
        .Reads(50, flags: TcpReceiveFlags.Peek).Reads(100).Reads(1, error: Errno.EAGAIN);

    [Fact]
    public void Reader_that_keeps_up_makes_the_buffer_grow() // tcp_rcv_space_adjust
    {
        var peer = TcpSocks.Established(Stamps, synOptions: "mss 1460,sackOK,TS val 1 ecr 0,wscale 7", ackOptions: "TS val 2 ecr 100");
        var before = peer.Sock.RcvBuf;
        var seq = 1;
        for (var round = 0; round < 8; round++)
        {
            for (var i = 0; i < 20 << round && seq + 1448 < 1 + peer.Sock.RcvNxt - TcpPeer.TheirIsn + peer.Sock.ReceiveWindow; i++, seq += 1448)
                peer.Says($". {seq}:{seq + 1448}(1448) ack 1 win 20000 <TS val {3 + round} ecr {100 + (uint)(round * 100)}>").Reads(1448);
            peer.Wait(100);
            while (peer.Pending > 0) peer.Next();
        }

        Assert.True(peer.Sock.RcvBuf > 2 * before, $"{peer.Sock.RcvBuf}");
        Assert.True(peer.Info.RcvSpace > 100_000);
    }

    [Fact]
    public void Locked_buffer_does_not_grow()
    {
        var peer = TcpSocks.Closed();
        peer.Sock.SetRcvBuf(50_000);
        Assert.Equal(100_000, peer.Sock.RcvBuf); // doubled
        peer.Sock.SetRcvBuf(1);
        Assert.Equal(2304, peer.Sock.RcvBuf); // SOCK_MIN_RCVBUF
    }

    /// <summary>A connection whose ACKs wait for answers.</summary>
    private static TcpPeer Interactive()
    {
        var peer = TcpSocks.Established();
        return peer.Does(sock => sock.SetQuickAck(0, peer.Now));
    }
}
