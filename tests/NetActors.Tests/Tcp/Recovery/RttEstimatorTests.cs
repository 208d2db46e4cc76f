using NetActors.Headers;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Recovery;

public class RttEstimatorTests
{
    [Theory]
    [InlineData(100, 300)] // 4 * 50 ms meets the least deviation of 200 ms (tcp_rto_min)
    [InlineData(1000, 3000)] // RFC 6298 section 2.2: R + 4 R/2
    [InlineData(10, 210)]
    [InlineData(60_000, 120_000)] // TCP_RTO_MAX
    public void First_sample_sets_the_timeout_by_twice_its_value_within_linux_bounds(double rttMs, double rtoMs)
    {
        var rig = new SenderRig(rttMs: rttMs);
        Assert.Equal(rttMs, rig.Sender.Rtt.Srtt.Nanoseconds / 1e6);
        Assert.Equal(rttMs / 2, rig.Sender.Rtt.Rttvar.Nanoseconds / 1e6);
        Assert.Equal(rtoMs, rig.Sender.Rtt.Rto.Nanoseconds / 1e6);
    }

    [Fact]
    public void Second_sample_above_moves_mean_by_an_eighth_and_deviation_by_a_quarter()
    {
        var rig = new SenderRig(rttMs: 100);
        rig.Write(1000).Wait(180).Ack(1001);
        Assert.Equal(110, rig.Sender.Rtt.Srtt.Nanoseconds / 1e6); // 7/8 100 + 1/8 180
        Assert.Equal(57.5, rig.Sender.Rtt.Rttvar.Nanoseconds / 1e6); // 3/4 50 + 1/4 80
        Assert.Equal(340, rig.Sender.Rtt.Rto.Nanoseconds / 1e6);
    }

    [Fact]
    public void Sample_far_below_the_mean_raises_the_deviation_by_an_eighth_of_the_rest_only()
    {
        var rig = new SenderRig(rttMs: 1000);
        rig.Write(2000).Wait(100).Ack(2001);
        // tcp_rtt_estimator: |100 - 1000| - 500 = 400, shifted by 3: 2000 + 50 quarters of a millisecond
        Assert.Equal(512.5, rig.Sender.Rtt.Rttvar.Nanoseconds / 1e6);
    }

    [Fact]
    public void Equal_samples_of_a_long_path_let_the_timeout_fall_towards_mean_plus_least_deviation()
    {
        var rig = new SenderRig(rttMs: 1000);
        for (var i = 1u; i <= 40; i++) rig.Write(2000).Wait(1000).Ack(1 + (i * 2000));
        Assert.InRange(rig.Sender.Rtt.Rto.Nanoseconds / 1e6, 1200, 1230);
    }

    [Fact]
    public void Segment_sent_twice_measures_nothing_without_time_stamps()
    {
        // Karn's algorithm, RFC 6298 section 3
        var rig = new SenderRig(settings: new TcpSenderSettings { EarlyRetrans = 0 });
        rig.Write(1000);
        rig.Fire();
        rig.Wait(500).Ack(1001);
        Assert.Equal(100, rig.Sender.Rtt.Srtt.Nanoseconds / 1e6);
        Assert.Equal(1, rig.Sender.Rtt.Backoff);
    }

    [Fact]
    public void Segment_sent_twice_measures_by_its_echoed_time_stamp_in_milliseconds()
    {
        // RFC 7323 section 4.1
        var rig = new SenderRig(settings: new TcpSenderSettings { EarlyRetrans = 0 }, timestamps: true);
        rig.Sender.TimestampOffset = 77;
        rig.Write(1000);
        rig.Fire();
        var echo = rig.Timestamp + 77;
        rig.Wait(180).AckWith(1001, TcpFlags.Ack, echo);
        Assert.Equal(110, rig.Sender.Rtt.Srtt.Nanoseconds / 1e6);
        Assert.Equal(0, rig.Sender.Rtt.Backoff);
    }

    [Fact]
    public void Handshake_that_measured_nothing_leaves_three_seconds_for_data()
    {
        var sender = new TcpSender(TcpSenderSettings.Default, new Reno(), new());
        sender.Start(1, KernelTime.Zero);
        Assert.Equal(KernelTime.FromSeconds(1), sender.Rtt.Rto); // RFC 6298 section 2.1
        sender.OnAccepted(null, KernelTime.Zero);
        sender.OnEstablished(KernelTime.Zero);
        Assert.Equal(KernelTime.FromSeconds(3), sender.Rtt.Rto); // section 5.7
        Assert.True(sender.Rtt.MinRtt.IsNever);
    }

    [Fact]
    public void Known_path_with_a_longer_round_trip_sets_the_first_timeout_only()
    {
        // tcp_init_metrics: rtt + max(2 rtt, tcp_rto_min)
        var sender = new TcpSender(TcpSenderSettings.Default, new Reno(), new());
        sender.Start(1, KernelTime.Zero);
        sender.OnAccepted(KernelTime.FromMilliseconds(100), KernelTime.Zero);
        sender.OnEstablished(KernelTime.Zero, new TcpPathMetrics(0, 0, 0, KernelTime.FromMilliseconds(400)));
        Assert.Equal(KernelTime.FromMilliseconds(1200), sender.Rtt.Rto);
        Assert.Equal(KernelTime.FromMilliseconds(100), sender.Rtt.Srtt);
    }

    [Fact]
    public void Least_round_trip_is_forgotten_after_its_window()
    {
        var rig = new SenderRig(settings: new TcpSenderSettings { MinRttWindow = KernelTime.FromSeconds(10) }, rttMs: 50);
        var end = 1u;
        for (var i = 0; i < 30; i++)
        {
            end += 2000;
            rig.Write(2000).Wait(80).Ack(end);
            Assert.Equal(KernelTime.FromMilliseconds(i < 10 ? 50 : 80), rig.Sender.Rtt.MinRtt); // a sample a second
            rig.Wait(920);
        }
    }

    [Theory]
    [InlineData(500, 50)] // one short segment: the receiver may have waited with its acknowledgement
    [InlineData(2000, 150)]
    public void Acknowledgement_that_may_be_delayed_does_not_replace_the_least_round_trip(int bytes, int leastMs)
    {
        // tcp_update_rtt_min, FLAG_ACK_MAYBE_DELAYED
        var rig = new SenderRig(settings: new TcpSenderSettings { MinRttWindow = KernelTime.FromSeconds(1) }, rttMs: 50);
        for (var i = 1u; i <= 20; i++) rig.Write(bytes).Wait(150).Ack(1 + (i * (uint)bytes));
        Assert.Equal(KernelTime.FromMilliseconds(leastMs), rig.Sender.Rtt.MinRtt);
    }

    [Fact]
    public void Timeout_is_a_whole_number_of_ticks_rounded_up()
    {
        var rig = new SenderRig(settings: new TcpSenderSettings { Jiffies = Jiffies.Hz250 }, rttMs: 101);
        Assert.Equal(304, rig.Sender.Rtt.Rto.Nanoseconds / 1e6); // 101 + 202 = 303 ms in ticks of 4 ms
    }
}
