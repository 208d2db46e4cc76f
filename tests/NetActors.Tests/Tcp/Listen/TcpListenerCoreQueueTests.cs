using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using static NetActors.Tests.Tcp.Listen.Listeners;

namespace NetActors.Tests.Tcp.Listen;

/// <summary>Specification section 11.4: what the two queues hold, and the counters of what they do not.</summary>
public class TcpListenerCoreQueueTests
{
    [Theory]
    [InlineData(0, 1)] // live: 0 -> 1, 1 -> 2, 3 -> 4; script accept-backlog-zero
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    public void The_accept_queue_holds_one_more_than_the_backlog(int backlog, int fit)
    {
        var it = new Listeners(backlog);
        for (ushort port = 1; port <= fit; port++) it.Open(port);
        Assert.True(it.Core.IsAcceptQueueFull);
        Assert.Equal(ListenVerdict.Consumed, it.Receive(Syn(99))); // no reset, no drop reason
        Assert.Equal((1L, 1L, 1L), (it.Mib[LinuxMib.ListenOverflows], it.Mib[LinuxMib.ListenDrops], it.Core.Drops));
        Assert.True(it.Core.TryAccept(out _));
        it.HalfOpen(99);
    }

    [Fact]
    public void Connections_are_accepted_in_the_order_of_their_handshakes()
    {
        var it = new Listeners(20);
        var children = Enumerable.Range(1, 15).Select(port => it.Open((ushort)port)).ToArray();
        foreach (var child in children)
        {
            Assert.True(it.Core.TryAccept(out var accepted));
            Assert.Same(child, accepted);
        }

        Assert.False(it.Core.TryAccept(out _));
    }

    /// <summary>inet_csk_reqsk_queue_is_full (6.18): len > backlog.</summary>
    [Fact]
    public void Without_cookies_the_SYN_queue_holds_one_more_than_the_backlog_and_drops_the_rest()
    {
        var it = new Listeners(2, new TcpSysctls { TcpSyncookies = 0 });
        for (ushort port = 1; port <= 3; port++) it.HalfOpen(port);
        Assert.Equal(ListenVerdict.Consumed, it.Receive(Syn(4)));
        Assert.Equal((1L, 1L, 0L), (it.Mib[LinuxMib.TCPReqQFullDrop], it.Mib[LinuxMib.ListenDrops], it.Mib[LinuxMib.ListenOverflows]));
        Assert.Equal((3, 3), (it.Core.SynQueueLength, it.Core.YoungLength));
    }

    /// <summary>3.10 (reqsk_queue_alloc): places for a power of two above the backlog and at least 8, full when all are taken.</summary>
    [Theory]
    [InlineData(2, 16)]
    [InlineData(8, 16)]
    [InlineData(20, 32)]
    [InlineData(1000, 64)] // tcp_max_syn_backlog 40
    public void In_3_10_the_SYN_queue_has_places_for_a_power_of_two(int backlog, int fit)
    {
        var it = new Listeners(backlog, new TcpSysctls { TcpSyncookies = 0, TcpMaxSynBacklog = backlog < 1000 ? 2048 : 40 }, kernel: KernelVersion.V310);
        it.Host.Sysctls = it.Host.Sysctls with { TcpMaxSynBacklog = 2048 }; // so that no place is kept for proven peers
        for (ushort port = 1; port <= fit; port++) it.HalfOpen(port);
        Assert.Equal(ListenVerdict.Consumed, it.Receive(Syn(999)));
        Assert.Equal((1L, 1L), (it.Mib[LinuxMib.TCPReqQFullDrop], it.Mib[LinuxMib.ListenDrops]));
    }

    /// <summary>3.10 (tcp_v4_conn_request): with a full accept queue a SYN is refused only when more than one request is young.</summary>
    [Fact]
    public void In_3_10_a_full_accept_queue_refuses_SYNs_beside_two_young_requests()
    {
        var it = new Listeners(0, kernel: KernelVersion.V310);
        it.Open(1);
        Assert.True(it.Core.IsAcceptQueueFull);
        it.HalfOpen(2);
        it.HalfOpen(3);
        Assert.Equal(ListenVerdict.Consumed, it.Receive(Syn(4)));
        Assert.Equal((1L, 1L, 2), (it.Mib[LinuxMib.ListenOverflows], it.Mib[LinuxMib.ListenDrops], it.Core.SynQueueLength));
    }

    [Fact]
    public void With_cookies_a_full_SYN_queue_answers_by_cookie_and_keeps_nothing()
    {
        var it = new Listeners(2);
        for (ushort port = 1; port <= 3; port++) it.HalfOpen(port);
        it.HalfOpen(4);
        Assert.Equal((1L, 1L, 0L), (it.Mib[LinuxMib.TCPReqQFullDoCookies], it.Mib[LinuxMib.SyncookiesSent], it.Mib[LinuxMib.ListenDrops]));
        Assert.Equal((3, 3), (it.Core.SynQueueLength, it.Tables.EstablishedCount));
    }

    [Fact]
    public void A_full_accept_queue_refuses_even_with_cookies()
    {
        var it = new Listeners(0, new TcpSysctls { TcpSyncookies = 2 });
        it.HalfOpen(1);
        Assert.Equal(ListenEffects.Accepted, it.Receive(Segment(TcpFlags.Ack, 101, it.Reply.Sequence + 1, port: 1)).Effects);
        it.AddChild();
        Assert.Equal(ListenVerdict.Consumed, it.Receive(Syn(2)));
        Assert.Equal((2L, 1L), (it.Mib[LinuxMib.TCPReqQFullDoCookies], it.Mib[LinuxMib.ListenOverflows]));
    }

    /// <summary>tcp_conn_request: without cookies the last quarter of tcp_max_syn_backlog is for proven peers.</summary>
    [Fact]
    public void Without_cookies_the_last_quarter_is_for_proven_peers()
    {
        var it = new Listeners(4096, new TcpSysctls { TcpSyncookies = 0, TcpMaxSynBacklog = 128 });
        for (ushort port = 1; port <= 97; port++) it.HalfOpen(port); // 128 - 96 is not below 32
        Assert.Equal(ListenVerdict.Consumed, it.Receive(Syn(98)));
        Assert.Equal((1L, 0L, 97), (it.Mib[LinuxMib.ListenDrops], it.Mib[LinuxMib.TCPReqQFullDrop], it.Core.SynQueueLength));
        it.Host.Metrics.Update(Server, Client, new TcpMetricsSample(800, 400, false, 10, 20, true, 3), it.Now);
        it.HalfOpen(98);
        it.Host.Metrics.Update(Server, Client, new TcpMetricsSample(0, 0, true, 10, 20, true, 3), it.Now); // the last one failed
        Assert.Equal(ListenVerdict.Consumed, it.Receive(Syn(99)));
    }

    [Fact]
    public void With_cookies_there_is_no_last_quarter()
    {
        var it = new Listeners(4096, new TcpSysctls { TcpSyncookies = 1, TcpMaxSynBacklog = 128 });
        for (ushort port = 1; port <= 200; port++) it.HalfOpen(port);
        Assert.Equal(200, it.Core.SynQueueLength);
    }

    /// <summary>tcp_check_req, listen_overflow: the request stays and counts as acknowledged.</summary>
    [Fact]
    public void The_last_ACK_at_a_full_accept_queue_is_dropped_and_the_request_stays()
    {
        var it = new Listeners(0);
        var isn = it.HalfOpen(2);
        it.Open(1);
        var verdict = it.Receive(Segment(TcpFlags.Ack, 101, isn + 1, port: 2));
        Assert.Equal(new ListenVerdict(ListenEffects.None, SkbDropReason.TCP_LISTEN_OVERFLOW), verdict);
        Assert.Equal((1L, 1L), (it.Mib[LinuxMib.ListenOverflows], it.Mib[LinuxMib.ListenDrops]));
        Assert.True(it.Request(2)!.IsAcked);
        it.Core.TryAccept(out _);
        Assert.Equal(ListenEffects.Accepted, it.Receive(Segment(TcpFlags.Ack | TcpFlags.Psh, 101, isn + 1, 10, port: 2)).Effects);
    }

    [Fact]
    public void With_tcp_abort_on_overflow_the_last_ACK_gets_a_RST()
    {
        var it = new Listeners(0, new TcpSysctls { TcpAbortOnOverflow = true });
        var isn = it.HalfOpen(2);
        it.Open(1);
        var verdict = it.Receive(Segment(TcpFlags.Ack, 101, isn + 1, port: 2));
        Assert.Equal(new ListenVerdict(ListenEffects.Reply, SkbDropReason.TCP_LISTEN_OVERFLOW), verdict);
        Assert.Equal((TcpFlags.Rst, isn + 1), (it.Reply.Flags, it.Reply.Sequence));
        Assert.Null(it.Request(2));
        Assert.Equal((1L, 1L, 0L), (it.Mib[LinuxMib.EmbryonicRsts], it.Mib[TcpMib.OutRsts], it.Mib[TcpMib.AttemptFails]));
    }

    [Theory]
    [InlineData(5, 5u)]
    [InlineData(5000, 4096u)]
    [InlineData(-1, 4096u)] // cast to unsigned
    public void The_backlog_is_cut_at_somaxconn(int asked, uint got)
    {
        var it = new Listeners(asked);
        Assert.Equal(got, it.Core.Backlog);
        it.Core.Listen(7); // again: only the backlog changes
        Assert.Equal((7u, 1), (it.Core.Backlog, it.Tables.ListenerCount));
    }

    /// <summary>inet_csk_listen_stop; afterwards nobody is found, so that last ACKs meet a RST.</summary>
    [Fact]
    public void Stopping_drops_half_open_connections_and_leaves_the_others_to_be_taken()
    {
        var it = new Listeners();
        it.Open(1);
        it.HalfOpen(2);
        it.HalfOpen(3);
        it.Core.Stop(it.Mib);
        Assert.Equal((0, 0, 1, true), (it.Core.SynQueueLength, it.Core.YoungLength, it.Tables.EstablishedCount, it.Core.Deadline.IsNever));
        Assert.Null(it.Tables.Lookup(new TcpLookup(Client, 2, Server, Port)));
        Assert.True(it.Core.TryAccept(out _));
        Assert.True(it.Core.Endpoint.IsBound);
    }

    /// <summary>reuseport_migrate_sock: with tcp_migrate_req 1 the group takes over, and the last ACKs still connect.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void With_tcp_migrate_req_a_closing_listener_leaves_its_queues_to_its_group(bool migrates)
    {
        var sysctls = new TcpSysctls { TcpMigrateReq = migrates };
        var it = new Listeners(sysctls: sysctls, options: core => core.Endpoint.ReusePort = true);
        var isn = it.HalfOpen(2);
        var open = it.Open(1);
        var heir = new TcpListenerCore(new TcpEndpoint(this) { ReusePort = true }, it.Host);
        it.Tables.Bind(heir.Endpoint, Server, Port);
        heir.Listen(5);
        var due = it.Core.Deadline;
        it.Core.Stop(it.Mib);
        Assert.Equal(migrates ? (1, 1, 1, 2L) : (0, 0, 0, 0L),
            (heir.SynQueueLength, heir.YoungLength, heir.AcceptQueueLength, it.Mib[LinuxMib.TCPMigrateReqSuccess]));
        Assert.Equal((0, migrates ? 0 : 1), (it.Core.SynQueueLength, it.Core.AcceptQueueLength));
        if (!migrates) return;
        Assert.Equal(due, heir.Deadline);
        Assert.Equal(ListenEffects.Accepted, it.Receive(Segment(TcpFlags.Ack, 101, isn + 1, port: 2)).Effects);
        Assert.Equal((0, true), (heir.SynQueueLength, heir.TryAccept(out var accepted)));
        Assert.Same(open, accepted);
    }
}
