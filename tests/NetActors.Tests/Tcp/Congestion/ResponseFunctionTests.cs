using NetActors.Observe;
using NetActors.Tcp;
using Xunit.Abstractions;

namespace NetActors.Tests.Tcp.Congestion;

/// <summary>The window that each algorithm keeps, on average and from one loss to the next, where its RFC or paper derives it.</summary>
public class ResponseFunctionTests(ITestOutputHelper output)
{
    /// <summary>
    /// RFC 9438 section 5.1 equation 6: AVG_W = (C (3 + beta) / (4 (1 - beta)))^(1/4) RTT^(3/4) / p^(3/4), of one loss in 1/p segments. It may be
    /// more: a window counts whole segments, so that a loss up to a second before the plateau's middle finds it at its last peak already.
    /// </summary>
    [Theory]
    [InlineData(100, 20_000)]
    [InlineData(100, 100_000)]
    [InlineData(200, 20_000)]
    public void Cubic_with_periodic_loss_keeps_the_window_of_its_response_function(double rttMs, int every)
    {
        var expected = 1.054 * Math.Pow(rttMs / 1000 * every, 0.75);
        var period = every / (expected / rttMs * 1000); // seconds from loss to loss
        var net = new Dumbbell(new Cubic(), 1_000_000, rttMs, buffer: 1_000_000, lossEvery: every);
        net.Run(12 * period); // past slow start and the first peaks
        var before = net.Delivered;
        net.Run(8 * period);
        var window = (net.Delivered - before) / (8 * period) * rttMs / 1000;
        output.WriteLine($"{rttMs} ms, 1 of {every}: {window:F0}, expected {expected:F0}");
        Assert.InRange(window / expected, 0.97, 1.15);
    }

    /// <summary>Mathis et al. 1997: a loss in each 3/8 W^2 segments, W = sqrt(8 / 3p), on average three quarters of that.</summary>
    [Theory]
    [InlineData(true, 1000)]
    [InlineData(true, 10_000)]
    [InlineData(false, 1000)]
    [InlineData(false, 10_000)]
    public void Reno_with_periodic_loss_keeps_the_window_of_the_square_root_law_with_sack_and_by_newreno_without(bool sack, int every)
    {
        var expected = Math.Sqrt(1.5 * every);
        var net = new Dumbbell(new Reno(), 1_000_000, 50, buffer: 1_000_000, lossEvery: every, sack: sack);
        net.Run(60);
        var (before, retransmissions) = (net.Delivered, net.Mib[LinuxMib.TCPTimeouts]);
        net.Run(120);
        var window = (net.Delivered - before) / 120.0 * 0.05;
        output.WriteLine($"sack {sack}, 1 of {every}: {window:F1}, expected {expected:F1}");
        Assert.InRange(window / expected, 0.94, 1.06);
        Assert.Equal(retransmissions, net.Mib[LinuxMib.TCPTimeouts]); // RFC 6582: each loss is repaired by fast retransmit
    }

    /// <summary>RFC 6582: without SACK the window still goes from its peak to half and up by one a round trip.</summary>
    [Fact]
    public void Newreno_on_a_full_queue_draws_the_sawtooth_of_reno()
    {
        var net = new Dumbbell(new Reno(), 1000, 100, buffer: 100, sack: false);
        net.Run(40);
        var (peak, floor, last, open) = (0, int.MaxValue, TcpCaState.Open, 0);
        net.Run(120, () =>
        {
            var state = net.Sender.CaState;
            if (state == TcpCaState.Open && last != TcpCaState.Open)
            {
                floor = Math.Min(floor, net.Sender.Cwnd);
                open++;
            }

            if (state == TcpCaState.Open) peak = Math.Max(peak, net.Sender.Cwnd);
            last = state;
        });
        output.WriteLine($"peak {peak}, floor {floor}, {open} recoveries, {net.Mib[LinuxMib.TCPTimeouts]} timeouts");
        Assert.InRange(peak, 195, 210);
        Assert.InRange(floor, 95, 106);
        Assert.InRange(open, 5, 9); // a hundred round trips of 100 to 200 ms between two
        Assert.Equal(0, net.Mib[LinuxMib.TCPTimeouts]);
    }

    /// <summary>Jacobson 1988: from one segment the window doubles each round trip up to half of the old one, then grows by one.</summary>
    [Fact]
    public void Tahoe_doubles_to_the_threshold_and_grows_by_one_from_there()
    {
        var net = new Dumbbell(new Tahoe(), 1000, 100, buffer: 100);
        net.Run(20);
        while (net.Sender.Cwnd != 1) net.Run(0.001);
        while (net.Sender.CaState != TcpCaState.Open) net.Run(0.001);
        var threshold = net.Sender.Ssthresh;
        var (doublings, before) = (new List<double>(), net.Sender.Cwnd);
        while (net.Sender.Cwnd < threshold / 2)
        {
            net.Run(0.1);
            doublings.Add((double)net.Sender.Cwnd / before);
            before = net.Sender.Cwnd;
        }

        while (net.Sender.Cwnd < threshold) net.Run(0.01);
        var (from, at) = (net.Sender.Cwnd, net.Seconds);
        net.Run(4);
        var roundTrip = Math.Max(0.1, (from + net.Sender.Cwnd) / 2 / 1000.0);
        var growth = (net.Sender.Cwnd - from) / ((net.Seconds - at) / roundTrip);
        output.WriteLine($"threshold {threshold}, each round trip {string.Join(' ', doublings.Select(d => d.ToString("F2", null)))}, then +{growth:F2}");
        Assert.All(doublings, d => Assert.InRange(d, 1.5, 2.3));
        Assert.InRange(growth, 0.85, 1.15);
    }

    /// <summary>Alizadeh et al. 2010 section 3.3: one flow's queue swings by A = sqrt(2 (C RTT + K)) / 2 below K + 1.</summary>
    [Fact]
    public void Dctcp_swings_its_queue_by_as_much_as_its_paper_computes()
    {
        const int k = 40;
        var net = new Dumbbell(new Dctcp(), 100_000, 1, buffer: 1000, markAbove: k);
        net.Run(2);
        var (least, most) = (int.MaxValue, 0);
        net.Run(2, () => (least, most) = (Math.Min(least, net.Queued), Math.Max(most, net.Queued)));
        var swing = Math.Sqrt(2 * ((100_000 * 0.001) + k)) / 2;
        output.WriteLine($"queue {least} to {most}, computed {k + 1 - swing:F1} to {k + 1}");
        Assert.InRange(most, k, k + 6);
        Assert.InRange(most - least, swing * 0.6, swing * 1.7);
    }

    /// <summary>draft-cardwell-iccrg-bbr-congestion-control section 4.1.1.3: 2/ln 2 as gain doubles the rate each round trip until the pipe is full.</summary>
    [Fact]
    public void Bbr_doubles_its_rate_each_round_trip_in_startup()
    {
        var bbr = new Bbr(new NetActors.Time.KernelRandom(3));
        var net = new Dumbbell(bbr, 50_000, 40, buffer: 10_000);
        net.Run(0.1);
        var rates = new List<long>();
        var before = net.Delivered;
        while (bbr.Mode == BbrMode.Startup && rates.Count < 20)
        {
            net.Run(0.0405);
            rates.Add(net.Delivered - before);
            before = net.Delivered;
        }

        output.WriteLine(string.Join(' ', rates));
        var growing = rates.Skip(1).TakeWhile(r => r < 50_000 * 0.04 * 0.7).ToList();
        Assert.True(growing.Count >= 4);
        for (var i = 1; i < growing.Count; i++) Assert.InRange((double)growing[i] / growing[i - 1], 1.6, 2.4);
    }
}
