using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>The window when it is not used, pacing and the delivery rate.</summary>
public class WindowUseTests
{
    [Fact]
    public void Window_that_was_not_filled_does_not_grow_past_twice_its_use()
    {
        // tcp_is_cwnd_limited: in slow start up to twice of what was out, RFC 7661
        var rig = new SenderRig(settings: new TcpSenderSettings { SlowStartAfterIdle = false });
        var end = 1u;
        for (var i = 0; i < 20; i++)
        {
            rig.Write(6000).Wait(100);
            end += 6000;
            rig.Ack(end);
        }

        Assert.InRange(rig.Sender.Cwnd, 12, 16); // grows by six while below twelve
    }

    [Fact]
    public void Filled_window_doubles_each_round_trip()
    {
        var rig = new SenderRig();
        rig.Write(1_000_000);
        for (var expected = 20; expected <= 160; expected *= 2)
        {
            rig.Wait(100).Ack(rig.Sender.SndNxt);
            Assert.Equal(expected, rig.Sender.Cwnd);
            rig.Flush();
        }
    }

    [Theory]
    [InlineData(250, 40)] // less than the timeout of 300 ms
    [InlineData(350, 20)] // more than one: half
    [InlineData(650, 10)] // more than two
    [InlineData(10_000, 10)] // never below the initial window
    public void Silence_halves_the_window_for_each_timeout_gone_by(double ms, int cwnd)
    {
        // RFC 5681 section 4.1 as tcp_cwnd_restart has it
        var rig = new SenderRig();
        rig.Write(30_000);
        rig.Wait(100).Ack(rig.Sender.SndNxt);
        rig.Flush();
        rig.Wait(100).Ack(rig.Sender.SndNxt);
        Assert.Equal(40, rig.Sender.Cwnd);
        rig.Wait(ms - 100).Sender.OnIdle(rig.Now);
        Assert.Equal(cwnd, rig.Sender.Cwnd);
    }

    [Fact]
    public void Silence_with_the_sysctl_off_leaves_the_window()
    {
        var rig = new SenderRig(settings: new TcpSenderSettings { SlowStartAfterIdle = false });
        rig.Write(10_000).Wait(100).Ack(10_001);
        rig.Wait(10_000).Sender.OnIdle(rig.Now);
        Assert.Equal(20, rig.Sender.Cwnd);
    }

    [Fact]
    public void Window_of_which_little_is_used_shrinks_half_way_to_that_after_a_timeout_without_growth()
    {
        // tcp_cwnd_application_limited, RFC 2861: (40 + 10)/2, (25 + 10)/2 and so on; each arrival begins the wait anew
        var rig = new SenderRig();
        rig.Write(30_000);
        rig.Wait(100).Ack(rig.Sender.SndNxt);
        rig.Flush();
        rig.Wait(100).Ack(rig.Sender.SndNxt);
        Assert.Equal(40, rig.Sender.Cwnd);
        var windows = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            rig.Wait(300).Write(1000);
            windows.Add(rig.Sender.Cwnd);
            rig.Wait(100).Ack(rig.Sender.SndNxt);
        }

        Assert.Equal([25, 17, 13, 11, 10, 10], windows);
    }

    [Fact]
    public void Full_send_buffer_keeps_the_window_from_shrinking()
    {
        // SOCK_NOSPACE: the receiver, not the application, is slow
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).Ack(10_001);
        rig.Sender.IsSendBufferFull = true;
        for (var i = 0; i < 6; i++) rig.Wait(300).Write(1000).Wait(100).Ack(rig.Sender.SndNxt);
        Assert.Equal(20, rig.Sender.Cwnd);
    }

    [Fact]
    public void Pacing_rate_is_twice_the_window_a_round_trip_in_slow_start_and_a_fifth_more_after()
    {
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).Ack(10_001);
        Assert.Equal(2 * 20 * 1000 * 10, rig.Sender.PacingRate); // tcp_pacing_ss_ratio, 20 segments in 100 ms
        rig.Sender.Congestion.Ssthresh = 20;
        rig.Write(1000).Wait(100).Ack(11_001);
        Assert.Equal(12 * rig.Sender.Cwnd * 1000, rig.Sender.PacingRate); // tcp_pacing_ca_ratio
    }

    [Fact]
    public void Limited_pacing_rate_spaces_segments_after_the_first_ten()
    {
        // tcp_update_skb_after_send; the first ten are let go
        var rig = new SenderRig(settings: new TcpSenderSettings { InitialCwnd = 40 });
        rig.Sender.MaxPacingRate = 100_000; // a segment each 10 ms
        rig.Write(20_000, burst: 1);
        Assert.Equal(10, rig.Sender.PacketsOut);
        Assert.Equal(DeadlineKind.Pacing, rig.Sender.DeadlineKind);
        var sent = new List<double>();
        while (rig.Sender.PacketsOut < 20)
        {
            Assert.Equal(SenderTimerOutcome.Transmit, rig.Fire());
            rig.Flush(1);
            sent.Add(rig.NowMs);
        }

        for (var i = 1; i < sent.Count; i++) Assert.Equal(10, sent[i] - sent[i - 1], 3);
    }

    [Fact]
    public void Paced_segment_that_leaves_late_shortens_the_next_pause_by_half_at_most()
    {
        var rig = new SenderRig(settings: new TcpSenderSettings { InitialCwnd = 40 });
        rig.Sender.MaxPacingRate = 100_000;
        rig.Write(20_000, burst: 1);
        rig.Wait(rig.DeadlineMs + 4).Flush(1); // 4 ms late
        Assert.Equal(6, rig.DeadlineMs, 3);
        rig.Wait(rig.DeadlineMs + 9).Flush(1);
        Assert.Equal(5, rig.DeadlineMs, 3);
    }

    [Fact]
    public void Delivery_rate_is_what_arrived_in_the_longer_of_both_phases()
    {
        // 10 segments in 100 ms, acknowledged at once: the acknowledgement phase is the longer
        var rig = new SenderRig();
        rig.Write(10_000, burst: 1).Wait(100).Ack(10_001);
        Assert.Equal(100_000, rig.Sender.DeliveryRate);
    }

    [Fact]
    public void Low_rate_of_an_idle_application_does_not_replace_a_higher_one()
    {
        var rig = new SenderRig();
        rig.Write(10_000, burst: 1).Wait(100).Ack(10_001);
        rig.Sender.CheckAppLimited(hostQueueEmpty: true);
        rig.Write(1000).Wait(100).Ack(11_001);
        Assert.Equal(100_000, rig.Sender.DeliveryRate);
    }

    [Theory]
    [InlineData(false, 10)]
    [InlineData(true, 11)]
    public void Selective_arrival_grows_the_window_only_on_a_path_that_reorders(bool reorders, int cwnd)
    {
        // tcp_may_raise_cwnd
        var rig = new SenderRig();
        rig.Write(100_000, burst: 1).Wait(100);
        if (reorders) rig.Sender.OnEstablished(rig.Now, new TcpPathMetrics(0, 0, 10, KernelTime.Zero));
        Assert.Equal(10, rig.Sender.Cwnd);
        rig.Ack(1, (1001, 2001));
        Assert.Equal(TcpCaState.Disorder, rig.Sender.CaState);
        Assert.Equal(cwnd, rig.Sender.Cwnd);
    }

    [Fact]
    public void Header_prediction_takes_the_short_way()
    {
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100);
        var outcome = rig.Sender.OnAck(new AckInput(1, 5001, 0, 0, TcpFlags.Ack, default) { IsPredicted = true }, rig.Now);
        Assert.Equal(5000u, outcome.NewlyAckedBytes);
        Assert.Equal(5, outcome.NewlyDelivered);
        Assert.Equal(rig.Window, rig.Sender.SndWnd);
        Assert.Equal(1, rig.Mib[LinuxMib.TCPHPAcks]);
        Assert.Equal(0, rig.Mib[LinuxMib.TCPPureAcks]);
    }

    [Fact]
    public void Window_of_an_older_segment_does_not_count()
    {
        // RFC 9293 section 3.10.7.4: SND.WL1 and SND.WL2
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100);
        rig.Sender.OnAck(new AckInput(5, 1001, 5000, 0, TcpFlags.Ack, default), rig.Now);
        Assert.Equal(5000u, rig.Sender.SndWnd);
        rig.Sender.OnAck(new AckInput(4, 1001, 9000, 0, TcpFlags.Ack, default), rig.Now);
        Assert.Equal(5000u, rig.Sender.SndWnd);
        rig.Sender.OnAck(new AckInput(5, 1001, 9000, 0, TcpFlags.Ack, default), rig.Now);
        Assert.Equal(9000u, rig.Sender.SndWnd);
        Assert.Equal(10_001u, rig.Sender.WindowEnd);
    }

    [Fact]
    public void Changed_algorithm_begins_with_the_window_at_hand()
    {
        var rig = new SenderRig();
        rig.Write(10_000).Wait(100).Ack(10_001);
        rig.Sender.SetCongestionControl(new Bbr(new KernelRandom(1)), rig.Now);
        Assert.Equal("bbr", rig.Sender.CongestionControl.Name);
        Assert.Equal(20, rig.Sender.Cwnd);
        Assert.True(rig.Sender.Congestion.IsPaced);
    }
}
