using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;
using static NetActors.Tests.Tcp.Listen.Listeners;

namespace NetActors.Tests.Tcp.Listen;

/// <summary>What a SYN gets: <c>tcp_conn_request</c>, <c>tcp_make_synack</c>.</summary>
public class TcpListenerCoreSynTests
{
    /// <summary>Script handshake-passive-all-options (Linux 6.18); window 65160: 45 segments of 1448 bytes fit 65536.</summary>
    [Fact]
    public void A_SYN_with_every_option_gets_each_back()
    {
        var it = new Listeners();
        it.Host.Sysctls = it.Host.Sysctls with { TcpTimestamps = 2 };
        it.Receive(Syn(options: AllOptions()));
        var options = it.Reply.Options;
        Assert.Equal(AllOptions().Present, options.Present);
        Assert.Equal((1460, 7, 7000u), ((int)options.Mss, (int)options.WindowScale, options.TimestampEcho));
        Assert.Equal(10_000u, options.TimestampValue); // ms clock, no offset with tcp_timestamps 2
        Assert.Equal((101u, (ushort)65160), (it.Reply.Acknowledgment, it.Reply.Window));
        Assert.Equal((Server, Port), (it.Reply.Source, it.Reply.SourcePort));
        Assert.Equal((Client, (ushort)1000), (it.Reply.Destination, it.Reply.DestinationPort));
        Assert.Equal(1, it.Mib[TcpMib.OutSegs]);
    }

    /// <summary>Script handshake-passive-no-options-v4: the MSS, window 64240, and 536 to send with (RFC 9293 section 3.7.1).</summary>
    [Fact]
    public void A_SYN_without_options_gets_the_MSS_only()
    {
        var it = new Listeners();
        it.Receive(Segment(TcpFlags.Syn, 0));
        Assert.Equal((TcpOptionSet.Mss, (ushort)64240), (it.Reply.Options.Present, it.Reply.Window));
        Assert.Equal(536, it.Request()!.Mss);
    }

    [Fact]
    public void The_number_is_RFC_6528s_and_time_stamps_are_moved_by_the_hosts_offset()
    {
        var it = new Listeners();
        it.Receive(Syn(options: AllOptions()));
        Assert.Equal(it.Host.Secure.Sequence(Server, Port, Client, 1000, it.Now), it.Reply.Sequence);
        Assert.Equal(10_000 + it.Host.Secure.TimestampOffset(Server, Client), it.Reply.Options.TimestampValue);
    }

    public static TheoryData<TcpSysctls, TcpOptionSet> Switches() => new()
    {
        { new TcpSysctls { TcpTimestamps = 0 }, TcpOptionSet.Mss | TcpOptionSet.SackPermitted | TcpOptionSet.WindowScale },
        { new TcpSysctls { TcpSack = false }, TcpOptionSet.Mss | TcpOptionSet.Timestamps | TcpOptionSet.WindowScale },
        { new TcpSysctls { TcpWindowScaling = false }, TcpOptionSet.Mss | TcpOptionSet.Timestamps | TcpOptionSet.SackPermitted },
    };

    /// <summary>tcp_parse_options takes an option of a SYN only when its sysctl is on.</summary>
    [Theory]
    [MemberData(nameof(Switches))]
    public void Options_that_are_switched_off_are_not_answered(TcpSysctls sysctls, TcpOptionSet expected)
    {
        var it = new Listeners(sysctls: sysctls);
        it.Receive(Syn(options: AllOptions()));
        Assert.Equal(expected, it.Reply.Options.Present);
        Assert.Equal(sysctls.TcpWindowScaling ? 9 : 0, it.Request()!.SendWindowScale);
    }

    /// <summary>Script mss-clamp; tcp_mss_clamp and the user_mss clause of tcp_parse_options.</summary>
    [Theory]
    [InlineData(700, 1000, 700, 700)]
    [InlineData(1400, 1000, 1400, 1000)]
    [InlineData(0, 1000, 1460, 1000)]
    [InlineData(9000, 1000, 1460, 1000)]
    public void TCP_MAXSEG_bounds_what_we_say_and_what_we_send(ushort user, ushort peers, int advertised, int used)
    {
        var it = new Listeners(options: core => core.Options.UserMss = user);
        it.Receive(Syn(options: MssOnly(peers)));
        Assert.Equal((advertised, used), (it.Reply.Options.Mss, (int)it.Request()!.Mss));
    }

    /// <summary>RFC 3168 section 6.1.1, RFC 8311 section 4.3; tcp_ecn_create_request.</summary>
    [Theory]
    [InlineData(TcpFlags.Ece | TcpFlags.Cwr, 2, false, false, true)]
    [InlineData(TcpFlags.Ece | TcpFlags.Cwr, 1, false, false, true)]
    [InlineData(TcpFlags.Ece | TcpFlags.Cwr, 0, false, false, false)]
    [InlineData(TcpFlags.Ece, 2, false, false, false)]
    [InlineData(TcpFlags.Ece | TcpFlags.Cwr, 2, true, false, false)] // marked in the IP header
    [InlineData(TcpFlags.Ece | TcpFlags.Cwr | TcpFlags.Ae, 2, true, false, true)]
    [InlineData(TcpFlags.Ece | TcpFlags.Cwr, 0, true, true, true)] // DCTCP
    public void ECN_is_taken_when_asked_for_rightly(TcpFlags flags, byte sysctl, bool marked, bool dctcp, bool expected)
    {
        var it = new Listeners(sysctls: new TcpSysctls { TcpEcn = sysctl }, options: core => core.Options.NeedsEcn = dctcp);
        var syn = Segment(TcpFlags.Syn | flags, 100);
        syn.IsEcnCapable = marked;
        it.Receive(syn);
        Assert.Equal(expected, it.Reply.Flags.HasFlag(TcpFlags.Ece));
        Assert.Equal(expected, it.Request()!.HasEcn);
    }

    /// <summary>tcp_rcv_state_process, TCP_LISTEN; tcp_v4_conn_request never answers a group.</summary>
    [Fact]
    public void What_is_no_SYN_for_us_makes_no_entry()
    {
        var it = new Listeners();
        Assert.Equal(new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_RESET), it.Receive(Segment(TcpFlags.Rst, 1)));
        Assert.Equal(new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_FLAGS), it.Receive(Segment(TcpFlags.Syn | TcpFlags.Fin, 1)));
        Assert.Equal(new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_FLAGS), it.Receive(Segment(TcpFlags.None, 1, payload: 10)));
        Assert.Equal(0, it.Mib[LinuxMib.ListenDrops]);
        var broadcast = Syn();
        broadcast.IsToGroup = true;
        Assert.Equal(ListenVerdict.Consumed, it.Receive(broadcast));
        Assert.Equal((0, 1L), (it.Core.SynQueueLength, it.Mib[LinuxMib.ListenDrops]));
    }

    /// <summary>RFC 9293 section 3.10.7.2: an ACK in LISTEN is answered by a RST with its number; tcp_v4_send_reset.</summary>
    [Fact]
    public void An_ACK_out_of_the_blue_gets_a_RST_but_a_RST_gets_nothing()
    {
        var it = new Listeners();
        Assert.Equal(ListenEffects.Reply, it.Receive(Segment(TcpFlags.Ack, 5, 77)).Effects);
        Assert.Equal((TcpFlags.Rst, 77u, 0u), (it.Reply.Flags, it.Reply.Sequence, it.Reply.Acknowledgment));
        Assert.Equal(ListenEffects.None, it.Receive(Segment(TcpFlags.Rst | TcpFlags.Ack, 5, 77)).Effects);
        Assert.Equal((1L, 1L), (it.Mib[TcpMib.OutRsts], it.Mib[TcpMib.OutSegs]));
    }

    /// <summary>RFC 9293 section 3.5.2 group 1.</summary>
    [Fact]
    public void A_RST_for_a_segment_without_ACK_acknowledges_all_of_it()
    {
        var reply = TcpReply.Reset(Segment(TcpFlags.Syn | TcpFlags.Fin, 100, payload: 10));
        Assert.Equal((TcpFlags.Rst | TcpFlags.Ack, 0u, 112u), (reply.Flags, reply.Sequence, reply.Acknowledgment));
    }

    [Fact]
    public void A_handshake_hands_over_what_was_negotiated()
    {
        var it = new Listeners();
        var isn = it.HalfOpen(options: AllOptions());
        var (sent, stamp) = (it.Now, it.Reply.Options.TimestampValue);
        it.Now += KernelTime.FromMilliseconds(20);
        var ack = Segment(TcpFlags.Ack, 101, isn + 1, options: Stamp(7020, stamp), window: 500);
        Assert.Equal(ListenEffects.Accepted, it.Receive(ack).Effects);
        var done = it.Output.Handshake;
        Assert.Equal((isn, 100u, (ushort)1460, (ushort)1460), (done.Isn, done.PeerIsn, done.Mss, done.AdvertisedMss));
        Assert.Equal((true, (byte)9, (byte)7, true, true, false),
            (done.IsWindowScaled, done.SendWindowScale, done.ReceiveWindowScale, done.HasSack, done.HasTimestamps, done.HasEcn));
        Assert.Equal((7020u, it.Host.Secure.TimestampOffset(Server, Client)), (done.TimestampRecent, done.TimestampOffset));
        Assert.Equal((500u << 9, 65160u, 65535u << 7), (done.SendWindow, done.ReceiveWindow, done.WindowClamp));
        Assert.Equal((sent, sent, 32), (done.SynAckSentAt, done.FirstSynAckAt, done.HeaderLength));
        Assert.Equal((1L, 0, 0), (it.Mib[TcpMib.PassiveOpens], it.Core.SynQueueLength, it.Tables.EstablishedCount));
    }

    /// <summary>tcp_create_openreq_child: without scaling no window beyond 65535.</summary>
    [Fact]
    public void Without_scaling_the_clamp_is_65535_and_the_ACKs_window_is_taken_as_it_is()
    {
        var it = new Listeners();
        it.Open();
        var done = it.Output.Handshake;
        Assert.Equal((65535u, 20000u, 20, (byte)0), (done.WindowClamp, done.SendWindow, done.HeaderLength, done.ReceiveWindowScale));
    }

    /// <summary>
    /// tcp_timewait_state_process gives the number; tcp_conn_request then skips the SYN queue's limits, not the accept queue's.
    /// </summary>
    [Fact]
    public void A_SYN_that_reopens_TIME_WAIT_begins_at_its_number_and_passes_a_full_SYN_queue()
    {
        var it = new Listeners(backlog: 0, sysctls: new TcpSysctls { TcpSyncookies = 0 });
        it.HalfOpen(1);
        Assert.True(it.Core.IsSynQueueFull);
        var syn = Syn(2);
        syn.TimeWaitIsn = 4711;
        Assert.Equal(ListenEffects.Reply, it.Receive(syn).Effects);
        Assert.Equal((4711u, 2), (it.Reply.Sequence, it.Core.SynQueueLength));
    }

    [Fact]
    public void A_SYN_for_a_flow_that_is_taken_is_left_alone()
    {
        var it = new Listeners();
        it.HalfOpen();
        // Not by a lookup: a race.
        Assert.Equal(ListenVerdict.Consumed, it.Core.OnSegment(Syn(), it.Route, it.Mib, it.Now, it.Output));
        Assert.Equal((1, 1, 0L), (it.Core.SynQueueLength, it.Tables.EstablishedCount, it.Mib[LinuxMib.ListenDrops]));
    }

    [Fact]
    public void Half_open_and_full_connections_cost_no_allocation_but_the_socket()
    {
        var it = new Listeners();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (ushort port = 1; port < 100; port++)
            {
                it.Receive(Segment(TcpFlags.Syn, 100, port: port, options: AllOptions()));
                var options = Stamp(7001, it.Output.Reply.Options.TimestampValue);
                it.Receive(Segment(TcpFlags.Ack, 101, it.Output.Reply.Sequence + 1, port: port, options: options));
            }
        }));
        Assert.Equal(0, it.Core.SynQueueLength);
    }
}
