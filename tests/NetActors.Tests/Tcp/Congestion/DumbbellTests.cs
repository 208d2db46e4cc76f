using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;
using Xunit.Abstractions;

namespace NetActors.Tests.Tcp.Congestion;

/// <summary>Each algorithm's window over time on a bottleneck, against the equations of its paper or RFC.</summary>
public class DumbbellTests(ITestOutputHelper output)
{
    [Fact]
    public void Reno_with_a_full_queue_draws_a_sawtooth_from_half_and_grows_by_one_a_round_trip()
    {
        // 1000 segments/s by 100 ms = 100 in the pipe, 100 in the queue: loss near 200, restart near 100.
        var net = new Dumbbell(new Reno(), 1000, 100, buffer: 100);
        net.Run(60);
        var teeth = Teeth(net, 200);
        Assert.InRange(teeth.Count, 5, 40);
        foreach (var (peak, floor, growth) in teeth)
        {
            output.WriteLine($"{peak} {floor} {growth:F2}");
            Assert.InRange(peak, 195, 210);
            Assert.InRange(floor, (peak / 2) - 1, (peak / 2) + 1); // RFC 5681 section 3.1 equation 4
            Assert.InRange(growth, 0.9, 1.1); // equation 3, by the round trips that pass
        }
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.003)]
    [InlineData(0.01)]
    public void Reno_with_random_loss_keeps_to_the_square_root_law(double loss)
    {
        // Mathis et al. 1997: rate = MSS/RTT C/sqrt(p); C is 1.22 for periodic loss and 1.31 for random loss, each segment acknowledged.
        var net = new Dumbbell(new Reno(), 1_000_000, 50, buffer: 100_000, loss);
        net.Run(20);
        var before = net.Delivered;
        net.Run(400);
        var c = (net.Delivered - before) / 400.0 * 0.05 * Math.Sqrt(loss);
        output.WriteLine($"C = {c:F3}, timeouts {net.Mib[LinuxMib.TCPTimeouts]}");
        Assert.InRange(c, 1.05, 1.45);
    }

    [Fact]
    public void Tahoe_after_each_loss_slow_starts_from_one_to_half()
    {
        var net = new Dumbbell(new Tahoe(), 1000, 100, buffer: 100);
        var least = int.MaxValue;
        var peak = 0;
        net.Run(20);
        net.Run(60, () =>
        {
            least = Math.Min(least, net.Sender.Cwnd);
            if (net.Sender.CaState == TcpCaState.Open) peak = Math.Max(peak, net.Sender.Cwnd);
        });
        output.WriteLine($"least {least} peak {peak} ssthresh {net.Sender.Ssthresh} timeouts {net.Mib[LinuxMib.TCPTimeouts]}");
        Assert.Equal(1, least);
        Assert.InRange(peak, 195, 210);
        Assert.InRange(net.Sender.Ssthresh, 95, 106);
        Assert.Equal(0, net.Mib[LinuxMib.TCPTimeouts]);
    }

    [Fact]
    public void Cubic_between_losses_follows_the_cubic_curve()
    {
        // RFC 9438 equations 1 and 2: W(t) = C (t - K)^3 + Wmax, K = cbrt(Wmax (1 - beta) / C), C = 0.4, beta = 0.7.
        var cubic = new Cubic();
        var net = new Dumbbell(cubic, 3000, 100, buffer: 300);
        net.Run(60);
        var (epochs, checkedSamples) = (0, 0);
        var (begin, peak, inEpoch, last) = (0.0, 0, false, 0.0);
        net.Run(90, () =>
        {
            if (net.Sender.CaState != TcpCaState.Open)
            {
                if (inEpoch) peak = net.Sender.Congestion.PriorCwnd;
                inEpoch = false;
                return;
            }

            if (!inEpoch && peak > 0)
            {
                (begin, inEpoch, last) = (net.Seconds, true, net.Seconds);
                epochs++;
            }

            inEpoch |= peak == 0;
            if (peak == 0 || net.Seconds < last + 0.5) return;
            last = net.Seconds;
            var origin = (double)cubic.OriginPoint;
            var k = Math.Cbrt((origin - (peak * 0.7)) / 0.4);
            var t = net.Seconds - begin + 0.1; // the curve is aimed at one round trip ahead
            var w = (0.4 * Math.Pow(t - k, 3)) + origin;
            output.WriteLine($"t {t:F1} K {k:F1} ({cubic.K / 1024.0:F1}) W(t) {w:F0} cwnd {net.Sender.Cwnd} peak {peak}");
            Assert.InRange(cubic.K / 1024.0, k * 0.97, k * 1.03);
            Assert.InRange(net.Sender.Cwnd, w * 0.96, w * 1.04);
            checkedSamples++;
        });
        Assert.True(epochs >= 2, $"{epochs} epochs");
        Assert.True(checkedSamples >= 60, $"{checkedSamples} samples");
    }

    [Fact]
    public void Cubic_on_a_long_path_leaves_slow_start_by_hystart_without_loss()
    {
        var net = new Dumbbell(new Cubic(), 2000, 100, buffer: 1000);
        net.Run(3);
        output.WriteLine($"ssthresh {net.Sender.Ssthresh} cwnd {net.Sender.Cwnd}");
        Assert.True(net.Mib[LinuxMib.TCPHystartTrainDetect] + net.Mib[LinuxMib.TCPHystartDelayDetect] == 1);
        Assert.Equal(0, net.Losses);
        Assert.InRange(net.Sender.Ssthresh, 100, 500); // the pipe holds 200
    }

    [Fact]
    public void Cubic_on_a_short_path_gets_what_reno_gets()
    {
        // RFC 9438 section 4.3: where Reno does well, CUBIC keeps to Reno's window.
        var reno = Rate(new Reno());
        var cubic = Rate(new Cubic());
        output.WriteLine($"reno {reno:F0} cubic {cubic:F0}");
        Assert.InRange(cubic / reno, 0.8, 1.4); // the kernel's integers round growth down

        static double Rate(ICongestionControl congestion)
        {
            var net = new Dumbbell(congestion, 100_000, 10, buffer: 100_000, loss: 0.005);
            net.Run(60);
            return net.Delivered / 60.0;
        }
    }

    [Fact]
    public void Dctcp_settles_at_the_fraction_of_marks_that_its_paper_computes()
    {
        // Alizadeh et al. 2010, equation 6: alpha^2 (1 - alpha/4) = (2 W + 1) / (W + 1)^2 with W = C RTT + K, one flow.
        var dctcp = new Dctcp();
        var net = new Dumbbell(dctcp, 100_000, 1, buffer: 1000, markAbove: 40);
        net.Run(2);
        var (sum, samples, most) = (0.0, 0, 0);
        net.Run(4, () =>
        {
            sum += dctcp.Alpha / 1024.0;
            samples++;
            most = Math.Max(most, net.Queued);
        });
        const double w = (100_000 * 0.001) + 40;
        var expected = 0.5;
        for (var i = 0; i < 100; i++) expected = Math.Sqrt(((2 * w) + 1) / ((w + 1) * (w + 1)) / (1 - (expected / 4)));
        output.WriteLine($"alpha {sum / samples:F3}, expected {expected:F3}, queue at most {most}");
        Assert.InRange(sum / samples, expected * 0.7, expected * 1.3);
        Assert.InRange(most, 40, 60); // the queue stays near the threshold
        Assert.Equal(0, net.Losses);
    }

    [Fact]
    public void Bbr_finds_the_rate_cycles_its_gain_and_keeps_two_bandwidth_delay_products()
    {
        var bbr = new Bbr(new KernelRandom(3));
        var net = new Dumbbell(bbr, 1250, 40, buffer: 500); // 10 Mbit/s of payload: 50 segments in the pipe
        net.Run(4);
        Assert.Equal(BbrMode.ProbeBw, bbr.Mode);
        var (phases, gain, since) = (new List<(int Gain, double Seconds)>(), bbr.PacingGain, net.Seconds);
        var most = 0;
        net.Run(4, () =>
        {
            most = Math.Max(most, net.Sender.InFlight);
            if (bbr.PacingGain == gain) return;
            phases.Add((gain, net.Seconds - since));
            (gain, since) = (bbr.PacingGain, net.Seconds);
        });

        var bandwidth = bbr.Bandwidth(net.Sender.Congestion) / 1000.0;
        output.WriteLine($"bandwidth {bandwidth:F0}/s min rtt {bbr.MinRttUs} in flight at most {most} losses {net.Losses}");
        foreach (var (g, s) in phases) output.WriteLine($"{g} {s * 1000:F0} ms");
        Assert.InRange(bandwidth, 1250 * 0.98, 1250 * 1.06);
        Assert.InRange(bbr.MinRttUs, 40_000u, 43_000u);
        Assert.True(most <= (2 * 50 * 1.06) + 10, $"{most}");
        CheckCycle(phases);
        net.Run(10, () =>
        {
            if (bbr.Mode == BbrMode.ProbeRtt) most = -1;
        });
        Assert.Equal(-1, most); // the least round trip is looked for every ten seconds
    }

    [Fact]
    public void Bbr_with_two_percent_loss_still_fills_the_link()
    {
        // BBR answers to loss only by its model (draft-cardwell-iccrg-bbr-congestion-control section 4.2.3).
        var net = new Dumbbell(new Bbr(new KernelRandom(3)), 1250, 40, buffer: 500, loss: 0.02);
        net.Run(5);
        var before = net.Delivered;
        net.Run(20);
        var rate = (net.Delivered - before) / 20.0;
        output.WriteLine($"{rate:F0}/s");
        Assert.InRange(rate, 1250 * 0.85, 1250);
    }

    [Fact]
    public void Bbr_drains_the_queue_that_startup_made()
    {
        // draft-cardwell-iccrg-bbr-congestion-control section 4.3.2 and 4.3.3: three rounds without a quarter more, then 1/2.89
        var bbr = new Bbr(new KernelRandom(3));
        var net = new Dumbbell(bbr, 1250, 40, buffer: 500);
        var modes = new List<BbrMode> { bbr.Mode };
        var most = 0;
        net.Run(2, () =>
        {
            if (bbr.Mode == BbrMode.Startup) most = Math.Max(most, net.Queued);
            if (modes[^1] != bbr.Mode) modes.Add(bbr.Mode);
        });
        output.WriteLine($"queue {most} at most in startup");
        Assert.Equal([BbrMode.Startup, BbrMode.Drain, BbrMode.ProbeBw], modes);
        Assert.InRange(most, 50, 110); // up to (2.89 - 1) bandwidth-delay products
        Assert.InRange(net.Queued, 0, 20);
    }

    [Fact]
    public void Bbr_looks_for_the_least_round_trip_with_four_segments_for_two_hundred_milliseconds()
    {
        var bbr = new Bbr(new KernelRandom(3));
        var net = new Dumbbell(bbr, 1250, 40, buffer: 500);
        var (begin, end, most) = (0.0, 0.0, 0);
        net.Run(12, () =>
        {
            if (bbr.Mode != BbrMode.ProbeRtt) return;
            if (begin == 0) begin = net.Seconds;
            end = net.Seconds;
            if (end > begin + 0.1) most = Math.Max(most, net.Sender.InFlight);
        });
        Assert.InRange(begin, 10.0, 10.3); // bbr_min_rtt_win_sec
        Assert.InRange(end - begin, 0.2, 0.35); // bbr_probe_rtt_mode_ms and until four are out
        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public void Bbr_behind_a_policer_settles_at_its_rate()
    {
        // bbr_lt_bw_sampling: without it a fifth and more of a flow would be lost for ever
        var bbr = new Bbr(new KernelRandom(3));
        var net = new Dumbbell(bbr, 5000, 40, buffer: 5000, policedPerSecond: 500);
        net.Run(20);
        var (delivered, losses) = (net.Delivered, net.Losses);
        net.Run(20);
        var rate = (net.Delivered - delivered) / 20.0;
        var loss = (net.Losses - losses) / 20.0;
        output.WriteLine($"{rate:F0} delivered and {loss:F0} lost a second");
        Assert.InRange(rate, 500 * 0.85, 505);
        Assert.InRange(loss, 0, 100);
    }

    /// <summary>Each round of eight phases probes at 5/4, drains at 3/4 and cruises for six, each about a least round trip long.</summary>
    private static void CheckCycle(List<(int Gain, double Seconds)> phases)
    {
        Assert.True(phases.Count > 20);
        for (var i = 2; i < phases.Count - 1; i++)
        {
            if (phases[i].Gain == Bbr.Unit * 5 / 4)
            {
                Assert.Equal(Bbr.Unit * 3 / 4, phases[i + 1].Gain);
                Assert.InRange(phases[i].Seconds, 0.038, 0.13);
            }
            else if (phases[i].Gain == Bbr.Unit)
            {
                Assert.Equal(Bbr.Unit * 5 / 4, phases[i + 1].Gain);
                Assert.InRange(phases[i].Seconds, 6 * 0.038, 6 * 0.05);
            }
        }
    }

    /// <summary>Peak, floor and growth a round trip of every tooth in <paramref name="seconds"/>.</summary>
    private static List<(int Peak, int Floor, double Growth)> Teeth(Dumbbell net, double seconds)
    {
        var teeth = new List<(int, int, double)>();
        var (peak, floor, roundTrips, last, open) = (0, 0, 0.0, net.Seconds, false);
        net.Run(seconds, () =>
        {
            var isOpen = net.Sender.CaState is TcpCaState.Open or TcpCaState.Disorder;
            if (isOpen && !open) (peak, floor, roundTrips) = (0, net.Sender.Congestion.PriorCwnd > 0 ? net.Sender.Ssthresh : 0, 0);
            if (!isOpen && open && floor > 0 && peak > 0) teeth.Add((peak, net.Sender.Ssthresh, (peak - floor) / roundTrips));
            if (isOpen) peak = net.Sender.Cwnd;
            if (isOpen) roundTrips += (net.Seconds - last) / net.Sender.Rtt.Srtt.Seconds;
            (last, open) = (net.Seconds, isOpen);
        });
        teeth.RemoveAt(0);
        return teeth;
    }
}
