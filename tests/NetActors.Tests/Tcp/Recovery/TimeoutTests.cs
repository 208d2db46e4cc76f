using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>
/// The retransmission timer (RFC 6298 section 5, RFC 5681 section 3.1; kernel: <c>tcp_retransmit_timer</c>, <c>tcp_enter_loss</c>).
/// </summary>
public class TimeoutTests
{
    private static readonly TcpSenderSettings NoProbe = new() { EarlyRetrans = 0 };

    [Fact]
    public void Timer_starts_with_the_first_segment_and_restarts_with_each_acknowledgement_of_new_data()
    {
        var rig = new SenderRig(settings: NoProbe);
        Assert.Equal(DeadlineKind.None, rig.Sender.DeadlineKind);
        rig.Write(1000);
        Assert.Equal(300, rig.DeadlineMs);
        rig.Wait(50).Write(1000);
        Assert.Equal(250, rig.DeadlineMs); // section 5.1: it runs already
        rig.Wait(50).Ack(1001);
        Assert.Equal(300, rig.DeadlineMs); // 5.3; 100 + 200
        rig.Wait(50).Ack(2001);
        Assert.True(rig.Sender.Deadline.IsNever); // 5.2
    }

    [Fact]
    public void Timeout_begins_slow_start_from_one_with_half_of_what_the_window_was()
    {
        var rig = new SenderRig(settings: NoProbe);
        rig.Write(10_000, burst: 1);
        rig.Fire();
        Assert.Equal([(1u, 1001u)], rig.Resent);
        Assert.Equal(TcpCaState.Loss, rig.Sender.CaState);
        Assert.Equal(1, rig.Sender.Cwnd);
        Assert.Equal(5, rig.Sender.Ssthresh);
        Assert.Equal(10, rig.Sender.LostOut);
        Assert.Equal(1, rig.Sender.Retransmits);
        Assert.Equal(600, rig.DeadlineMs); // 5.5
        rig.Wait(100).Ack(1001);
        Assert.Equal([(1001u, 2001u), (2001u, 3001u)], rig.Resent); // window 2: slow start by the arrival
        Assert.Equal(0, rig.Sender.Retransmits);
        Assert.Equal(2, rig.Mib[LinuxMib.TCPSlowStartRetrans]);
    }

    [Fact]
    public void Timeouts_double_up_to_two_minutes()
    {
        var rig = new SenderRig(settings: NoProbe);
        rig.Write(1000);
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            waits.Add(rig.DeadlineMs);
            rig.Fire();
        }

        Assert.Equal([300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 76_800, 120_000, 120_000, 120_000], waits);
        Assert.Equal(12, rig.Sender.Retransmits);
        Assert.Equal(12, rig.Mib[LinuxMib.TCPTimeouts]);
        Assert.Equal(5, rig.Sender.Ssthresh); // halved once
    }

    [Fact]
    public void Segment_that_left_within_a_round_trip_before_the_timeout_is_not_taken_for_lost()
    {
        // tcp_timeout_mark_lost spares what RACK would
        var rig = new SenderRig(settings: NoProbe);
        rig.Write(2000, burst: 1).Wait(100).Ack(1001);
        rig.Wait(250).Write(1000);
        rig.Fire();
        Assert.Equal(1, rig.Sender.LostOut);
        Assert.Equal(2, rig.Sender.PacketsOut);
        Assert.Equal(2, rig.Sender.Cwnd); // one in flight and one more
    }

    [Fact]
    public void Syn_waits_one_second_five_times_before_it_doubles()
    {
        // tcp_syn_linear_timeouts = 4, as in the script syn-retransmission
        var now = KernelTime.FromSeconds(5);
        var mib = new MibSet();
        var sender = new TcpSender(TcpSenderSettings.Default, new Reno(), mib);
        sender.Start(100, now);
        sender.OnSent(100, 101, TcpFlags.Syn, now);
        var waits = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            waits.Add((sender.Deadline - now).Seconds);
            now = sender.Deadline;
            Assert.Equal(SenderTimerOutcome.Retransmit | SenderTimerOutcome.TimedOut, sender.OnDeadline(now));
            Assert.True(sender.TryRetransmit(now, 1, out var again));
            Assert.Equal(new RetransmitSegment(100, 101, TcpFlags.Syn, now, 0), again);
            Assert.False(sender.TryRetransmit(now, 1, out _));
        }

        Assert.Equal([1, 1, 1, 1, 1, 2, 4], waits);
        Assert.Equal(7, mib[LinuxMib.TCPSynRetrans]);
        Assert.Equal(7, mib[TcpMib.RetransSegs]);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 1)]
    public void Handshake_that_needed_two_more_syns_begins_with_a_window_of_one(int timeouts, int cwnd)
    {
        // tcp_init_transfer
        var now = KernelTime.FromSeconds(5);
        var sender = new TcpSender(TcpSenderSettings.Default, new Reno(), new MibSet());
        sender.Start(100, now);
        sender.OnSent(100, 101, TcpFlags.Syn, now);
        for (var i = 0; i < timeouts; i++)
        {
            now = sender.Deadline;
            sender.OnDeadline(now);
            Assert.True(sender.TryRetransmit(now, 1, out _));
        }

        now += KernelTime.FromMilliseconds(10);
        sender.OnAck(new AckInput(9, 101, 10_000, 0, TcpFlags.Syn | TcpFlags.Ack, default), now);
        sender.OnEstablished(now);
        Assert.Equal(cwnd, sender.Cwnd);
        Assert.Equal(KernelTime.FromSeconds(3), sender.Rtt.Rto); // nothing was measured
    }

    [Fact]
    public void Closed_window_over_data_out_is_probed_without_counting_as_failure()
    {
        var rig = new SenderRig(settings: NoProbe);
        rig.Write(3000, burst: 1);
        rig.Window = 0;
        rig.Wait(50).Ack(1001);
        rig.Fire();
        Assert.Equal([(1001u, 2001u)], rig.Resent);
        Assert.Equal(0, rig.Sender.Retransmits);
        Assert.Equal(0, rig.Mib[LinuxMib.TCPTimeouts]);
        Assert.Equal(1, rig.Sender.Rtt.Backoff);
    }

    [Fact]
    public void Last_timeout_ends_with_the_users_limit()
    {
        // tcp_clamp_rto_to_user_timeout counts from the first retransmission
        var rig = new SenderRig(settings: NoProbe);
        rig.Sender.UserTimeout = KernelTime.FromMilliseconds(1500);
        rig.Write(1000);
        rig.Fire();
        Assert.Equal(600, rig.DeadlineMs);
        rig.Fire();
        Assert.Equal(900, rig.DeadlineMs); // not 1200
    }

    [Theory]
    [InlineData(true, LinuxMib.TCPSackRecoveryFail)]
    [InlineData(false, LinuxMib.TCPRenoRecoveryFail)]
    public void Timeout_in_recovery_counts_as_its_failure(bool sack, LinuxMib counter)
    {
        var rig = new SenderRig(settings: NoProbe, sack: sack);
        rig.Write(10_000, burst: 1).Wait(100);
        for (var i = 1u; i <= 3; i++) rig.Ack(1, sack ? [(1001, 1001 + (i * 1000))] : []);
        Assert.Equal(TcpCaState.Recovery, rig.Sender.CaState);
        while (rig.Mib[LinuxMib.TCPTimeouts] == 0) rig.Fire(); // RACK's timer may come first
        Assert.Equal(1, rig.Mib[counter]);
        Assert.Equal(TcpCaState.Loss, rig.Sender.CaState);
    }

    [Fact]
    public void Thin_stream_with_linear_timeouts_does_not_double()
    {
        var rig = new SenderRig(settings: NoProbe with { ThinLinearTimeouts = true });
        rig.Write(10_000, burst: 1);
        rig.Fire(); // leaves initial slow start
        rig.Wait(100).Ack(10_001);
        rig.Write(1000);
        var first = rig.DeadlineMs;
        rig.Fire();
        Assert.Equal(300, rig.DeadlineMs);
        Assert.True(first >= 300);
        Assert.Equal(0, rig.Sender.Rtt.Backoff);
    }

    [Fact]
    public void Stopped_sender_has_nothing_out_and_no_timer()
    {
        var rig = new SenderRig();
        rig.Write(10_000);
        rig.Sender.Stop();
        Assert.Equal(0, rig.Sender.PacketsOut);
        Assert.True(rig.Sender.Deadline.IsNever);
        Assert.Equal(SenderTimerOutcome.None, rig.Sender.OnDeadline(rig.Wait(1000).Now));
    }

    [Fact]
    public void Info_tells_what_the_kernel_would()
    {
        var rig = new SenderRig(settings: NoProbe);
        rig.Write(3000, burst: 1);
        rig.Fire();
        var info = default(TcpInfo);
        rig.Sender.FillInfo(ref info, rig.Now);
        Assert.Equal((4, 1, 1), (info.CaState, info.Retransmits, info.Backoff));
        Assert.Equal((3u, 3u, 1u, 1u), (info.Unacked, info.Lost, info.Retrans, info.TotalRetrans));
        Assert.Equal((600_000u, 100_000u, 50_000u, 100_000u), (info.Rto, info.Rtt, info.Rttvar, info.MinRtt));
        Assert.Equal((4000ul, 1000ul, 0ul), (info.BytesSent, info.BytesRetrans, info.BytesAcked));
        Assert.Equal((1, 1), (info.TotalRto, info.TotalRtoRecoveries));
        rig.Wait(100).Ack(3001);
        rig.Sender.FillInfo(ref info, rig.Now);
        Assert.Equal(3000ul, info.BytesAcked);
        Assert.Equal(100u, info.TotalRtoTime);
    }
}
