using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;
using static NetActors.Tests.Tcp.Listen.Listeners;

namespace NetActors.Tests.Tcp.Listen;

/// <summary>Unanswered SYN-ACKs: <c>reqsk_timer_handler</c>, <c>syn_ack_recalc</c>.</summary>
public class TcpListenerCoreTimerTests
{
    /// <summary>Script synack-retransmission; tcp_synack_retries 5 (ip-sysctl.rst: the last at 31 s, given up at 63 s).</summary>
    [Fact]
    public void A_SYN_ACK_is_sent_again_after_1_2_4_8_and_16_seconds_and_given_up_after_63()
    {
        var it = new Listeners();
        var start = it.Now;
        it.HalfOpen();
        Assert.Equal([1, 3, 7, 15, 31], it.SynAcksUntil(start + KernelTime.FromSeconds(62.9), start));
        Assert.Equal(1, it.Core.SynQueueLength);
        Assert.Empty(it.SynAcksUntil(start + KernelTime.FromSeconds(63), start));
        Assert.Equal((0, 0, true), (it.Core.SynQueueLength, it.Tables.EstablishedCount, it.Core.Deadline.IsNever));
        Assert.Equal((6L, 5L, 5L), (it.Mib[LinuxMib.TCPTimeouts], it.Mib[TcpMib.RetransSegs], it.Mib[LinuxMib.TCPSynRetrans]));
    }

    [Fact]
    public void TCP_SYNCNT_overrides_tcp_synack_retries()
    {
        var it = new Listeners(options: core => core.Options.SynRetries = 2);
        var start = it.Now;
        it.HalfOpen();
        Assert.Equal([1, 3], it.SynAcksUntil(start + KernelTime.FromSeconds(100), start));
        Assert.Equal(0, it.Core.SynQueueLength);
    }

    /// <summary>tcp_reqsk_timeout: never longer than tcp_rto_max.</summary>
    [Fact]
    public void No_wait_is_longer_than_120_seconds()
    {
        var it = new Listeners(sysctls: new TcpSysctls { TcpSynackRetries = 10 });
        var start = it.Now;
        it.HalfOpen();
        Assert.Equal([1, 3, 7, 15, 31, 63, 127, 247, 367, 487], it.SynAcksUntil(start + KernelTime.FromSeconds(606), start));
    }

    [Fact]
    public void A_request_is_young_until_its_first_timeout()
    {
        var it = new Listeners();
        var start = it.Now;
        it.HalfOpen(1);
        it.SynAcksUntil(start + KernelTime.FromSeconds(1), start);
        Assert.Equal(start + KernelTime.FromSeconds(3), it.Request(1)!.Deadline);
        it.HalfOpen(2);
        Assert.Equal((2, 1), (it.Core.SynQueueLength, it.Core.YoungLength));
        it.Receive(Segment(TcpFlags.Rst, 101, port: 1)); // an old one leaves
        Assert.Equal((1, 1), (it.Core.SynQueueLength, it.Core.YoungLength));
    }

    /// <summary>More than half full of old entries: retries shrink to 2, so that entries go after 7 s instead of 63.</summary>
    [Fact]
    public void Under_pressure_old_entries_are_given_up_early()
    {
        var it = new Listeners(backlog: 16);
        var start = it.Now;
        for (ushort port = 1; port <= 9; port++) it.HalfOpen(port); // 18 > max(8, 16)
        it.SynAcksUntil(start + KernelTime.FromSeconds(7), start);
        Assert.Equal(8, it.Core.SynQueueLength); // one is given up: then 16 is not above 16, the rest stay
        var calm = new Listeners(backlog: 18);
        for (ushort port = 1; port <= 9; port++) calm.HalfOpen(port); // 18 is not above 18
        calm.SynAcksUntil(start + KernelTime.FromSeconds(31), start);
        Assert.Equal(9, calm.Core.SynQueueLength);
    }

    /// <summary>
    /// syn_ack_recalc: after the ACK nothing is sent while data is waited for, but once more at the end of the time; without data the
    /// request lives to the last retry at least.
    /// </summary>
    [Fact]
    public void With_TCP_DEFER_ACCEPT_the_SYN_ACK_goes_out_again_at_the_end_of_the_wait()
    {
        var it = new Listeners(options: core => core.Options.DeferAccept = TcpDeferAccept.FromSeconds(7)); // 3 timeouts
        var start = it.Now;
        var isn = it.HalfOpen();
        it.Receive(Segment(TcpFlags.Ack, 101, isn + 1));
        Assert.Equal([7, 15, 31], it.SynAcksUntil(start + KernelTime.FromSeconds(62), start));
        Assert.Equal(ListenEffects.Accepted, it.Receive(Segment(TcpFlags.Ack, 101, isn + 1)).Effects); // a bare ACK does now
        Assert.Equal((5, 3), (it.Output.Handshake.Timeouts, it.Output.Handshake.Retransmissions));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(-1, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 3)]
    [InlineData(3, 2, 3)]
    [InlineData(4, 3, 7)]
    [InlineData(127, 7, 127)]
    [InlineData(128, 8, 247)] // secs_to_retrans: the eighth wait is 120 s, no longer
    [InlineData(int.MaxValue, 255, 29887)]
    public void Seconds_of_TCP_DEFER_ACCEPT_become_timeouts_and_back(int seconds, byte timeouts, int back)
    {
        Assert.Equal(timeouts, TcpDeferAccept.FromSeconds(seconds));
        Assert.Equal(back, TcpDeferAccept.ToSeconds(timeouts));
    }
}
