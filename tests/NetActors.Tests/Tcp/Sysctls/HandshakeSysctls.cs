using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Tests.Tcp.Listen;
using NetActors.Time;
using static NetActors.Tests.Tcp.Listen.Listeners;

namespace NetActors.Tests.Tcp.Sysctls;

/// <summary>Settings that are seen in handshakes, at listeners, and of connections that are over.</summary>
internal static class HandshakeSysctls
{
    public static readonly SysctlCase[] Cases =
    [
        new("tcp_timestamps", "1", "False", "True", h => h.Syn().Options.Has(TcpOptionSet.Timestamps)),
        new("tcp_sack", "0", "True", "False", h => h.Syn().Options.Has(TcpOptionSet.SackPermitted)),
        new("tcp_window_scaling", "0", "True", "False", h => h.Syn().Options.Has(TcpOptionSet.WindowScale)),
        new("tcp_ecn", "1", "False", "True", h => (h.Syn().Flags & TcpFlags.Ece) != 0),
        new("tcp_ecn_fallback", "0", "False", "True", EcnOfTheSecondSyn),
        new("tcp_ecn_option", "0", "True", "False", h => OptionOfTheSynAck(h)),
        new("tcp_ecn_option_beacon", "0", "True", "False", h => OptionAfterHalfARoundTrip(h)),
        new("tcp_workaround_signed_windows", "1", "64240", "32767", h => h.Syn().Window),
        new("tcp_syn_retries", "2", "11", "6", h => h.SynSent().Wait(400_000).Pending), // the linear ones come on top, within the time of the others
        new("tcp_syn_linear_timeouts", "0", "3", "2", h => h.SynSent().Wait(2500).Pending),
        new("tcp_fastopen", "0x602", "0", "7", h => h.Listen(7).Core.FastOpen.MaxLength),
        new("tcp_fastopen_key", "1-2-3-4", "False", "True", h => h.Listeners.FastOpenKeys.Primary == new SipHash(0x2_0000_0001, 0x4_0000_0003)),
        new("tcp_fastopen_blackhole_timeout_sec", "10", "0", "1", h => BlackholesOfFastOpen(h)),
        new("tcp_max_syn_backlog", "256", "97", "193", SynsOfStrangers), // all but the last quarter
        new("tcp_synack_retries", "1", "5", "1", h => SynAcks(h)),
        new("tcp_syncookies", "2", "1", "0", h => HalfOpen(h)),
        new("tcp_abort_on_overflow", "1", "None", "Reply", LastAckAtAFullQueue),
        new("tcp_migrate_req", "1", "0", "1", h => Inherited(h)),
        new("tcp_reflect_tos", "1", "None", "184", h => TosOfTheSynAck(h)), // without the bits of ECN
        new("tcp_fwmark_accept", "1", "0", "7", h => MarkOfTheChild(h)),
        new("tcp_allowed_congestion_control", "bbr dctcp", "reno cubic bbr", "dctcp bbr", h => string.Join(' ', h.AllowedCongestion)),
        new("net.core.somaxconn", "2", "100", "2", h => h.Listen(100).Core.Backlog),
        new("tcp_max_tw_buckets", "1", "8192", "1", h => h.Tables.TimeWaits.MaxBuckets),
        new("tcp_tw_reuse", "1", "False", "True", h => MayReuse(h, 2)),
        new("tcp_tw_reuse_delay", "5000", "True", "False", h => MayReuse(h.With("tcp_tw_reuse", "1"), 2)),
        new("tcp_rfc1337", "1", "Kill", "Ignore", ResetOfTimeWait),
        new("tcp_no_metrics_save", "1", "8000", "0", h => Learned(h).Rtt),
        new("tcp_no_ssthresh_metrics_save", "0", "0", "20", h => Learned(h).Ssthresh),
    ];

    private static string TosOfTheSynAck(TcpHost host)
    {
        var listeners = host.Listen();
        listeners.Receive(Listeners.Syn() with { Tos = 0xB9 });
        return listeners.Reply.Tos?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "None";
    }

    private static uint MarkOfTheChild(TcpHost host)
    {
        var listeners = host.Listen();
        listeners.Receive(Listeners.Syn() with { Mark = 7 });
        var isn = listeners.Reply.Sequence;
        listeners.Receive(Segment(TcpFlags.Ack, 101, isn + 1) with { Mark = 9 });
        return listeners.Output.Handshake.Mark;
    }

    private static object EcnOfTheSecondSyn(TcpHost host)
    {
        var peer = host.With("tcp_ecn", "1").SynSent().Past().Wait(1100);
        return (peer.Next().Flags & TcpFlags.Ece) != 0;
    }

    private static bool OptionOfTheSynAck(TcpHost host)
    {
        var listeners = host.With("tcp_ecn", "3").Listen();
        listeners.Receive(Listeners.Syn() with { Flags = TcpFlags.Syn | TcpFlags.Ece | TcpFlags.Cwr | TcpFlags.Ae });
        return listeners.Reply.Options.Has(TcpOptionSet.AccurateEcn);
    }

    private static bool OptionAfterHalfARoundTrip(TcpHost host)
    {
        var (accurate, delivered) = (new TcpAccurateEcn(), 0u);
        var handshake = new TcpAccurateEcnHandshake(true, EcnCodepoint.NotEct, TcpAccurateEcnSeen.Counters, TcpAccurateEcnFaults.None);
        accurate.Begin(handshake, new TcpInSegment { Flags = TcpFlags.Ack | TcpFlags.Cwr }, ref delivered, checks: true);
        accurate.OnSent(new TcpOptions { Present = TcpOptionSet.AccurateEcn }, hasDuplicate: false, KernelTime.Zero);
        var options = default(TcpOptions);
        accurate.FillOption(
            ref options, host.With("tcp_ecn_option", "1").Sysctls, KernelTime.FromMilliseconds(30), KernelTime.FromMilliseconds(15));
        return options.Has(TcpOptionSet.AccurateEcn);
    }

    private static int BlackholesOfFastOpen(TcpHost host)
    {
        var peer = host.Closed();
        var attempt = FastOpenAttempt.With(new FastOpenCookie(1, 8, Experimental: false));
        peer.Does(sock => sock.ConnectFastOpen(TcpPeer.OurIsn, peer.TsOffset, attempt, new byte[10], peer.Now, out _));
        return peer.Wait(4000).Context.FastOpenBlackhole.Times;
    }

    private static object SynsOfStrangers(TcpHost host)
    {
        var listeners = host.With("tcp_syncookies", "0").Listen(4096);
        ushort port = 1;
        while (listeners.Receive(Listeners.Syn(port)).Effects == ListenEffects.Reply) port++;
        return port - 1;
    }

    private static int SynAcks(TcpHost host)
    {
        var listeners = host.Listen();
        listeners.HalfOpen();
        return listeners.SynAcksUntil(listeners.Now + KernelTime.FromSeconds(500), listeners.Now).Count;
    }

    private static int HalfOpen(TcpHost host)
    {
        var listeners = host.Listen();
        listeners.HalfOpen();
        return listeners.Core.SynQueueLength;
    }

    private static object LastAckAtAFullQueue(TcpHost host)
    {
        var listeners = host.Listen(0);
        var isn = listeners.HalfOpen(2);
        listeners.Open(1);
        return listeners.Receive(Segment(TcpFlags.Ack, 101, isn + 1, port: 2)).Effects;
    }

    private static int Inherited(TcpHost host)
    {
        var listeners = host.Listen(options: core => core.Endpoint.ReusePort = true);
        listeners.HalfOpen();
        var heir = new TcpListenerCore(new TcpEndpoint(host) { ReusePort = true }, listeners.Host);
        listeners.Tables.Bind(heir.Endpoint, Server, Port);
        heir.Listen(5);
        listeners.Core.Stop(listeners.Mib);
        return heir.SynQueueLength;
    }

    private static bool MayReuse(TcpHost host, int seconds) => Entry().MayReuse(host.Sysctls, isLoopback: false, KernelTime.FromSeconds(100 + seconds), out _);

    private static object ResetOfTimeWait(TcpHost host)
    {
        var reset = new TcpInSegment { Sequence = 5, Flags = TcpFlags.Rst };
        return Entry().OnSegment(reset, host.Sysctls, new MibSet(), KernelTime.FromSeconds(101), out _);
    }

    private static TcpTimeWait Entry() => new()
    {
        RcvNxt = 5,
        Timestamps = true,
        TsRecentStamp = KernelTime.FromSeconds(100),
        Deadline = KernelTime.FromSeconds(160),
    };

    private static TcpMetrics Learned(TcpHost host)
    {
        var now = KernelTime.FromSeconds(1);
        host.Metrics.Update(1, 2, new TcpMetricsSample(8000, 400, false, 30, 20, true, 3), now);
        return host.Metrics.Get(1, 2, now);
    }
}
