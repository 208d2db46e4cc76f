using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;
using static NetActors.Tests.Tcp.Listen.Listeners;

namespace NetActors.Tests.Tcp.Listen;

/// <summary>Handshakes by cookie: <c>cookie_v4_check</c> and the cookie half of <c>tcp_conn_request</c>.</summary>
public class TcpListenerCoreCookieTests
{
    private static Listeners Always(TcpSysctls? sysctls = null) =>
        new(sysctls: (sysctls ?? new TcpSysctls()) with { TcpSyncookies = 2 });

    /// <summary>tcp_clear_options: without time stamps there is no place for other options.</summary>
    [Fact]
    public void Without_time_stamps_a_cookie_connection_has_the_MSS_only()
    {
        var it = Always();
        var options = AllOptions();
        options.Present &= ~TcpOptionSet.Timestamps;
        var isn = it.HalfOpen(options: options);
        Assert.Equal(TcpOptionSet.Mss, it.Reply.Options.Present);
        Assert.Equal(0, it.Tables.EstablishedCount);
        Assert.Equal(ListenEffects.Accepted, it.Receive(Segment(TcpFlags.Ack, 101, isn + 1)).Effects);
        var done = it.Output.Handshake;
        Assert.Equal((isn, 100u, (ushort)1460, true), (done.Isn, done.PeerIsn, done.Mss, done.IsCookie));
        Assert.False(done.HasSack || done.IsWindowScaled || done.HasTimestamps || done.HasEcn);
        Assert.True(done.SynAckSentAt.IsNever);
        Assert.Equal((1L, 1L, 0L), (it.Mib[LinuxMib.SyncookiesSent], it.Mib[LinuxMib.SyncookiesRecv], it.Mib[LinuxMib.SyncookiesFailed]));
    }

    /// <summary>cookie_init_timestamp: options in six bits, never later than now; cookie_timestamp_decode brings them back.</summary>
    [Theory]
    [InlineData(true, true, true, 9)]
    [InlineData(true, false, false, 0)]
    [InlineData(false, true, false, 14)]
    [InlineData(false, false, true, null)]
    public void With_time_stamps_the_options_come_back_in_the_echo(bool sack, bool scaled, bool ecn, int? scale)
    {
        var it = Always();
        var options = AllOptions();
        if (!sack) options.Present &= ~TcpOptionSet.SackPermitted;
        if (!scaled) options.Present &= ~TcpOptionSet.WindowScale;
        options.WindowScale = (byte)(scale ?? 0);
        var syn = Syn(options: options);
        if (ecn) syn.Flags |= TcpFlags.Ece | TcpFlags.Cwr;
        it.Receive(syn);
        var offset = it.Host.Secure.TimestampOffset(Server, Client);
        Assert.InRange(10_000 - (it.Reply.Options.TimestampValue - offset), 0u, 127u);
        var ack = Segment(TcpFlags.Ack, 101, it.Reply.Sequence + 1, options: Stamp(7020, it.Reply.Options.TimestampValue), window: 500);
        it.Now += KernelTime.FromMilliseconds(20);
        Assert.Equal(ListenEffects.Accepted, it.Receive(ack).Effects);
        var done = it.Output.Handshake;
        Assert.Equal((sack, scaled, ecn, true), (done.HasSack, done.IsWindowScaled, done.HasEcn, done.HasTimestamps));
        Assert.Equal((scaled ? scale : 0, scaled ? 7 : 0), ((int)done.SendWindowScale, (int)done.ReceiveWindowScale));
        Assert.Equal((7020u, offset, 500u << done.SendWindowScale), (done.TimestampRecent, done.TimestampOffset, done.SendWindow));
    }

    [Fact]
    public void An_option_that_was_switched_off_meanwhile_refuses_the_cookie_with_a_RST()
    {
        var it = Always();
        var isn = it.HalfOpen(options: AllOptions());
        it.Host.Sysctls = it.Host.Sysctls with { TcpSack = false };
        var ack = Segment(TcpFlags.Ack, 101, isn + 1, options: Stamp(7020, it.Reply.Options.TimestampValue));
        Assert.Equal(ListenEffects.Reply, it.Receive(ack).Effects);
        Assert.Equal(TcpFlags.Rst, it.Reply.Flags);
    }

    [Fact]
    public void A_wrong_cookie_gets_a_RST_and_counts()
    {
        var it = Always();
        var isn = it.HalfOpen();
        Assert.Equal(ListenEffects.Reply, it.Receive(Segment(TcpFlags.Ack, 101, isn + 77777)).Effects);
        Assert.Equal((TcpFlags.Rst, 1L, 0L), (it.Reply.Flags, it.Mib[LinuxMib.SyncookiesFailed], it.Mib[LinuxMib.SyncookiesRecv]));
    }

    /// <summary>tcp_synq_no_recent_overflow: nobody can try cookies at a listener that sent none for two minutes.</summary>
    [Fact]
    public void Without_an_overflow_of_late_no_ACK_is_taken_for_a_cookie()
    {
        var it = Always();
        it.Receive(Segment(TcpFlags.Ack, 101, 5));
        Assert.Equal(0, it.Mib[LinuxMib.SyncookiesFailed]);
        it.HalfOpen();
        it.Now += SynCookies.Valid;
        it.Receive(Segment(TcpFlags.Ack, 101, 5));
        Assert.Equal(1, it.Mib[LinuxMib.SyncookiesFailed]);
        it.Now += KernelTime.FromNanoseconds(1);
        it.Receive(Segment(TcpFlags.Ack, 101, 5));
        Assert.Equal(1, it.Mib[LinuxMib.SyncookiesFailed]);
    }

    /// <summary>tcp_get_cookie_sock: no RST, no request to keep; the peer's data will try again.</summary>
    [Fact]
    public void A_good_cookie_at_a_full_accept_queue_is_dropped()
    {
        var it = new Listeners(0, new TcpSysctls { TcpSyncookies = 2 });
        var isns = new[] { it.HalfOpen(1), it.HalfOpen(2) };
        it.Receive(Segment(TcpFlags.Ack, 101, isns[0] + 1, port: 1));
        it.AddChild();
        var ack = Segment(TcpFlags.Ack, 101, isns[1] + 1, port: 2);
        Assert.Equal(new ListenVerdict(ListenEffects.None, SkbDropReason.NO_SOCKET), it.Receive(ack));
        Assert.Equal((1L, 1L), (it.Mib[LinuxMib.ListenOverflows], it.Mib[LinuxMib.ListenDrops]));
        it.Core.TryAccept(out _);
        Assert.Equal(ListenEffects.Accepted, it.Receive(ack).Effects);
    }

    [Fact]
    public void With_tcp_syncookies_0_a_cookie_is_worth_nothing()
    {
        var it = Always();
        var isn = it.HalfOpen();
        it.Host.Sysctls = it.Host.Sysctls with { TcpSyncookies = 0 };
        Assert.Equal(ListenEffects.Reply, it.Receive(Segment(TcpFlags.Ack, 101, isn + 1)).Effects);
        Assert.Equal(0, it.Mib[LinuxMib.SyncookiesRecv]);
    }

    /// <summary>Fast Open and cookies exclude each other: tcp_conn_request parses no Fast Open option then.</summary>
    [Fact]
    public void A_cookies_SYN_ACK_carries_no_fast_open_cookie()
    {
        var it = Always(new TcpSysctls { TcpFastopen = FastOpenModes.ServerEnable });
        it.Core.FastOpen.MaxLength = 5;
        var options = MssOnly();
        options.Present |= TcpOptionSet.FastOpen;
        it.Receive(Syn(options: options));
        Assert.Equal(TcpOptionSet.Mss, it.Reply.Options.Present);
    }

    /// <summary>tcp_synq_overflow of a reuseport group: the ACK may reach another member than the SYN did.</summary>
    [Fact]
    public void Another_member_of_the_group_takes_the_cookie()
    {
        var it = new Listeners(sysctls: new TcpSysctls { TcpSyncookies = 2 }, options: core => core.Endpoint.ReusePort = true);
        var other = new TcpListenerCore(new TcpEndpoint(this) { ReusePort = true }, it.Host);
        Assert.Equal(Errno.None, it.Tables.Bind(other.Endpoint, Server, Port));
        Assert.Equal(Errno.None, other.Listen(5));
        var isn = it.HalfOpen();
        var verdict = other.OnSegment(Segment(TcpFlags.Ack, 101, isn + 1), it.Route, it.Mib, it.Now, it.Output);
        Assert.Equal(ListenEffects.Accepted, verdict.Effects);
    }

    /// <summary>
    /// A million SYNs from a million forged flows: entries stay at backlog + 1, nothing is allocated per SYN, and clients that are real
    /// connect all the while.
    /// </summary>
    [Fact]
    public void A_flood_of_a_million_SYNs_costs_no_memory_and_keeps_nobody_out()
    {
        var it = new Listeners(backlog: 128);
        var random = new KernelRandom(7);
        var (accepted, most) = (0, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 1_000_000; n++)
        {
            it.Now += KernelTime.FromMicroseconds(1);
            var forged = Segment(TcpFlags.Syn, random.NextUInt32(), port: (ushort)(random.NextUInt32() | 1), client: random.NextUInt32());
            it.Core.OnSegment(forged, it.Route, it.Mib, it.Now, it.Output);
            while (it.Core.OnDeadline(it.Mib, it.Now, it.Output)) { }
            most = Math.Max(most, it.Tables.EstablishedCount);
            if (n % 10_000 == 9_999) accepted += Connect(it, (ushort)(n / 10_000 + 1)) ? 1 : 0;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(100, accepted);
        Assert.True(most <= 129 + 1, $"{most} entries");
        Assert.True(allocated < 200_000, $"{allocated} bytes");
        Assert.Equal(1_000_100 - 129, it.Mib[LinuxMib.SyncookiesSent]);
        Assert.Equal((100L, 0L), (it.Mib[LinuxMib.SyncookiesRecv], it.Mib[LinuxMib.ListenDrops]));
    }

    private static bool Connect(Listeners it, ushort port)
    {
        it.Core.OnSegment(Syn(port, options: AllOptions()), it.Route, it.Mib, it.Now, it.Output);
        var ack = Segment(TcpFlags.Ack, 101, it.Reply.Sequence + 1, port: port, options: Stamp(7001, it.Reply.Options.TimestampValue));
        if (it.Core.OnSegment(ack, it.Route, it.Mib, it.Now, it.Output).Effects != ListenEffects.Accepted) return false;
        it.Core.AddChild(it.Core.Endpoint); // any: it is taken at once
        return it.Core.TryAccept(out _) && it.Output.Handshake.HasSack;
    }
}
