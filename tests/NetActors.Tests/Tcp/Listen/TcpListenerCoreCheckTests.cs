using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;
using static NetActors.Tests.Tcp.Listen.Listeners;

namespace NetActors.Tests.Tcp.Listen;

/// <summary>Segments for half-open connections: <c>tcp_check_req</c>, RFC 9293 section 3.10.7.4 for SYN-RECEIVED.</summary>
public class TcpListenerCoreCheckTests
{
    private readonly Listeners _it = new();

    /// <summary>Script synack-retransmission: a repeated SYN is answered at once, and the wait begins anew.</summary>
    [Fact]
    public void A_repeated_SYN_gets_the_same_SYN_ACK_and_puts_the_timer_off()
    {
        var isn = _it.HalfOpen();
        _it.Now += KernelTime.FromMilliseconds(600);
        Assert.Equal(ListenEffects.Reply, _it.Receive(Syn()).Effects);
        Assert.Equal((isn, TcpFlags.Syn | TcpFlags.Ack), (_it.Reply.Sequence, _it.Reply.Flags));
        Assert.Equal((1L, 1L), (_it.Mib[TcpMib.RetransSegs], _it.Mib[LinuxMib.TCPSynRetrans]));
        Assert.Equal(_it.Now + KernelTime.FromSeconds(1), _it.Core.Deadline);
        Assert.Equal((1, 0), (_it.Request()!.Retransmissions, _it.Request()!.Timeouts));
    }

    /// <summary>tcp_oow_rate_limited: tcp_invalid_ratelimit is 500 ms.</summary>
    [Fact]
    public void Repeated_SYNs_are_answered_twice_a_second_at_most()
    {
        _it.HalfOpen();
        Assert.Equal(ListenEffects.Reply, _it.Receive(Syn()).Effects);
        _it.Now += KernelTime.FromMilliseconds(499);
        Assert.Equal(ListenEffects.None, _it.Receive(Syn()).Effects);
        Assert.Equal(1, _it.Mib[LinuxMib.TCPACKSkippedSynRecv]);
        _it.Now += KernelTime.FromMilliseconds(1);
        Assert.Equal(ListenEffects.Reply, _it.Receive(Syn()).Effects);
    }

    /// <summary>No RTT sample from a SYN-ACK that was sent twice (Karn; tcp_synack_rtt_meas).</summary>
    [Fact]
    public void After_a_retransmission_the_SYN_ACK_gives_no_RTT_sample()
    {
        var isn = _it.HalfOpen();
        var sent = _it.Now;
        _it.Receive(Syn());
        _it.Receive(Segment(TcpFlags.Ack, 101, isn + 1));
        var done = _it.Output.Handshake;
        Assert.Equal((true, sent, (byte)1), (done.SynAckSentAt.IsNever, done.FirstSynAckAt, done.Retransmissions));
    }

    /// <summary>RFC 9293: an unacceptable ACK is answered by a RST with its number, and the connection stays half open.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    public void A_wrong_ACK_gets_a_RST_and_the_request_stays(uint offset)
    {
        var isn = _it.HalfOpen();
        var verdict = _it.Receive(Segment(TcpFlags.Ack, 101, isn + offset));
        Assert.Equal(ListenEffects.Reply, verdict.Effects);
        Assert.Equal((TcpFlags.Rst, isn + offset), (_it.Reply.Flags, _it.Reply.Sequence));
        Assert.NotNull(_it.Request());
        Assert.Equal(ListenEffects.Accepted, _it.Receive(Segment(TcpFlags.Ack, 101, isn + 1)).Effects);
    }

    /// <summary>Script close-in-syn-received: the entry goes, a later ACK meets a RST.</summary>
    [Fact]
    public void A_RST_in_the_window_ends_the_request_silently()
    {
        var isn = _it.HalfOpen();
        Assert.Equal(new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_RESET), _it.Receive(Segment(TcpFlags.Rst, 101)));
        Assert.Equal((1L, 1L, 0L), (_it.Mib[TcpMib.AttemptFails], _it.Mib[LinuxMib.EmbryonicRsts], _it.Mib[TcpMib.OutRsts]));
        Assert.Equal((0, 0), (_it.Core.SynQueueLength, _it.Core.YoungLength));
        Assert.Equal(ListenEffects.Reply, _it.Receive(Segment(TcpFlags.Ack, 101, isn + 1)).Effects);
        Assert.Equal((TcpFlags.Rst, isn + 1), (_it.Reply.Flags, _it.Reply.Sequence));
    }

    /// <summary>RFC 9293 section 3.10.7.4, first: out of window gets an ACK, a RST nothing.</summary>
    [Theory]
    [InlineData(101u + 64241)] // behind the end, where a bare RST would still count
    [InlineData(91u)] // ends before it begins
    public void A_segment_out_of_window_gets_an_ACK_and_a_RST_there_nothing(uint sequence)
    {
        var isn = _it.HalfOpen();
        Assert.Equal(new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_OVERWINDOW), _it.Receive(Segment(TcpFlags.Rst, sequence)));
        var verdict = _it.Receive(Segment(TcpFlags.Ack, sequence, isn + 1, payload: 10));
        Assert.Equal(new ListenVerdict(ListenEffects.Reply, SkbDropReason.TCP_OVERWINDOW), verdict);
        Assert.Equal((TcpFlags.Ack, isn + 1), (_it.Reply.Flags, _it.Reply.Sequence));
        Assert.Equal((101u, (ushort)64240), (_it.Reply.Acknowledgment, _it.Reply.Window));
        Assert.NotNull(_it.Request());
    }

    /// <summary>tcp_in_window: a segment that begins before the window or at its end counts when it touches it.</summary>
    [Theory]
    [InlineData(101u + 64239, 10, true)]
    [InlineData(92u, 10, true)]
    [InlineData(101u + 64240, 0, true)] // nothing but an ACK
    [InlineData(101u + 64241, 0, false)]
    [InlineData(100u, 0, false)]
    public void The_window_has_exact_ends(uint sequence, int payload, bool inside)
    {
        var isn = _it.HalfOpen();
        var verdict = _it.Receive(Segment(TcpFlags.Ack, sequence, isn + 1, payload));
        Assert.Equal(inside ? ListenEffects.Accepted : ListenEffects.Reply, verdict.Effects);
    }

    /// <summary>The peer knows at most 65535 of our window from the SYN-ACK, scaled in other segments (tcp_synack_window).</summary>
    [Fact]
    public void With_a_large_buffer_the_window_of_the_SYN_ACK_is_65535_and_the_limit()
    {
        var it = new Listeners(options: core => core.Options.ReceiveBuffer = 1 << 20);
        var isn = it.HalfOpen(options: AllOptions());
        Assert.Equal(65535, it.Reply.Window);
        Assert.Equal(524176u, it.Request()!.ReceiveWindow); // 362 segments of 1448 bytes fit half a MiB
        it.Receive(Segment(TcpFlags.Ack, 101 + 65536, isn + 1, payload: 1, options: Stamp(7001, it.Reply.Options.TimestampValue)));
        Assert.Equal((TcpFlags.Ack, (ushort)(65535 >> 7)), (it.Reply.Flags, it.Reply.Window));
        Assert.Equal(7000u, it.Reply.Options.TimestampEcho);
    }

    /// <summary>RFC 7323 section 5.3.</summary>
    [Fact]
    public void An_older_time_stamp_is_refused_by_PAWS()
    {
        var isn = _it.HalfOpen(options: AllOptions());
        var echo = _it.Reply.Options.TimestampValue;
        var verdict = _it.Receive(Segment(TcpFlags.Ack, 101, isn + 1, options: Stamp(6999, echo)));
        Assert.Equal(new ListenVerdict(ListenEffects.Reply, SkbDropReason.TCP_RFC7323_PAWS), verdict);
        Assert.Equal((1L, TcpFlags.Ack), (_it.Mib[LinuxMib.PAWSEstab], _it.Reply.Flags));
        Assert.Equal(ListenEffects.Accepted, _it.Receive(Segment(TcpFlags.Ack, 101, isn + 1, options: Stamp(7000, echo))).Effects);
    }

    /// <summary>tcp_paws_check lets everything pass a SYN with time stamp 0.</summary>
    [Fact]
    public void After_a_SYN_with_time_stamp_0_PAWS_refuses_nothing()
    {
        var isn = _it.HalfOpen(options: AllOptions(timestamp: 0));
        var ack = Segment(TcpFlags.Ack, 101, isn + 1, options: Stamp(0x9000_0000, _it.Reply.Options.TimestampValue));
        Assert.Equal(ListenEffects.Accepted, _it.Receive(ack).Effects);
        Assert.Equal(0x9000_0000u, _it.Output.Handshake.TimestampRecent);
    }

    /// <summary>6.18: an echo must be one of our SYN-ACKs' time stamps (TSEcrRejected); RFC 7323 section 3.2.</summary>
    [Fact]
    public void An_echo_that_we_never_sent_is_refused()
    {
        var isn = _it.HalfOpen(options: AllOptions());
        var first = _it.Reply.Options.TimestampValue;
        _it.Now += KernelTime.FromMilliseconds(700);
        _it.Receive(Syn(options: AllOptions()));
        var verdict = _it.Receive(Segment(TcpFlags.Ack, 101, isn + 1, options: Stamp(7001, first - 1)));
        Assert.Equal(SkbDropReason.TCP_RFC7323_TSECR, verdict.Reason);
        verdict = _it.Receive(Segment(TcpFlags.Ack, 101, isn + 1, options: Stamp(7001, first + 701)));
        Assert.Equal(SkbDropReason.TCP_RFC7323_TSECR, verdict.Reason);
        Assert.Equal(2, _it.Mib[LinuxMib.TSEcrRejected]);
        Assert.Equal(ListenEffects.Accepted, _it.Receive(Segment(TcpFlags.Ack, 101, isn + 1, options: Stamp(7001, first + 700))).Effects);
    }

    /// <summary>RFC 9293 section 3.10.7.4, fourth; RFC 5961 does not apply before ESTABLISHED.</summary>
    [Fact]
    public void A_SYN_in_the_window_ends_the_request_with_a_RST()
    {
        _it.HalfOpen();
        var verdict = _it.Receive(Segment(TcpFlags.Syn, 200));
        Assert.Equal(new ListenVerdict(ListenEffects.Reply, SkbDropReason.TCP_INVALID_SYN), verdict);
        Assert.Equal((TcpFlags.Rst | TcpFlags.Ack, 201u), (_it.Reply.Flags, _it.Reply.Acknowledgment));
        Assert.Null(_it.Request());
        Assert.Equal((1L, 1L), (_it.Mib[LinuxMib.EmbryonicRsts], _it.Mib[TcpMib.AttemptFails]));
    }

    [Fact]
    public void Data_without_ACK_is_dropped_silently()
    {
        _it.HalfOpen();
        Assert.Equal(new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_FLAGS), _it.Receive(Segment(TcpFlags.Psh, 101, payload: 5)));
        Assert.NotNull(_it.Request());
    }

    /// <summary>The SYN-ACK of a peer that crosses ours, with our SYN's number: the SYN is cut off, the ACK completes.</summary>
    [Fact]
    public void A_SYN_ACK_with_the_right_numbers_counts_as_the_ACK()
    {
        var isn = _it.HalfOpen();
        Assert.Equal(ListenEffects.Accepted, _it.Receive(Segment(TcpFlags.Syn | TcpFlags.Ack, 100, isn + 1, payload: 1)).Effects);
    }

    /// <summary>tcp_req_err.</summary>
    [Fact]
    public void An_ICMP_error_ends_the_request_only_with_its_number()
    {
        var isn = _it.HalfOpen();
        _it.Core.OnIcmpError(_it.Request()!, isn + 1, abort: true, _it.Mib);
        Assert.Equal((1L, 1), (_it.Mib[LinuxMib.OutOfWindowIcmps], _it.Core.SynQueueLength));
        _it.Core.OnIcmpError(_it.Request()!, isn, abort: false, _it.Mib);
        Assert.Equal(1, _it.Core.SynQueueLength);
        _it.Core.OnIcmpError(_it.Request()!, isn, abort: true, _it.Mib);
        Assert.Equal((0, 1L), (_it.Core.SynQueueLength, _it.Mib[LinuxMib.ListenDrops]));
    }

    /// <summary>TCP_DEFER_ACCEPT (tcp(7)); tcp_check_req drops the bare ACK.</summary>
    [Fact]
    public void With_TCP_DEFER_ACCEPT_a_bare_ACK_waits_for_data()
    {
        var it = new Listeners(options: core => core.Options.DeferAccept = TcpDeferAccept.FromSeconds(3));
        var isn = it.HalfOpen();
        Assert.Equal(ListenEffects.None, it.Receive(Segment(TcpFlags.Ack, 101, isn + 1)).Effects);
        Assert.Equal((1L, true), (it.Mib[LinuxMib.TCPDeferAcceptDrop], it.Request()!.IsAcked));
        Assert.Equal(ListenEffects.Accepted, it.Receive(Segment(TcpFlags.Ack | TcpFlags.Psh, 101, isn + 1, payload: 1)).Effects);
    }
}
