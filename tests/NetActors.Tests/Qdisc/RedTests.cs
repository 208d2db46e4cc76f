using NetActors.Buffers;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Qdisc;

public class RedTests
{
    private const string Words = "red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 bandwidth 10mbit probability 0.1";
    private readonly QdiscFixture _fixture = new();

    /// <summary>The weight and the cell that tc computes for the manual page's example (tc-red(8)).</summary>
    [Fact]
    public void Parameters_are_those_of_tc()
    {
        Assert.Equal(5, RedParameters.EvalEwma(30_000, 55, 1000) is var w and > 0 ? w : -1);
        var table = new byte[256];
        var cell = RedParameters.EvalIdleDamping(5, 1000, 1_250_000, table);
        Assert.InRange(cell, 1, 31);
        Assert.Equal(31, table[255]);
        Assert.True(table.SequenceEqual(table.Order()));
    }

    [Fact]
    public void Below_the_lower_threshold_nothing_is_dropped_and_above_the_upper_all()
    {
        var red = _fixture.Make<Red>(Words);
        for (var i = 0; i < 19; i++) Assert.Equal(NetXmit.Success, _fixture.Enqueue(red));
        Assert.Empty(_fixture.Drops);
        for (var i = 0; i < 400; i++) _fixture.Enqueue(red);
        Assert.True(red.AverageBytes >= 90_000);
        Assert.Equal(NetXmit.CongestionNotified, _fixture.Enqueue(red));
        Assert.Equal(SkbDropReason.QDISC_OVERLIMIT, _fixture.Drops[^1].Reason);
        red.Reset();
    }

    /// <summary>Floyd and Jacobson 1993 section 4: between the thresholds the share of drops grows with the average; gaps are uniform.</summary>
    [Fact]
    public void Between_the_thresholds_the_share_of_drops_follows_the_average()
    {
        var shares = new List<double>();
        foreach (var packets in (int[])[30, 45])
        {
            var fixture = new QdiscFixture();
            var red = fixture.Make<Red>(Words);
            while (red.Length < packets) fixture.Enqueue(red);
            for (var i = 0; i < 2000; i++) Cycle(fixture, red, packets);
            var before = fixture.Drops.Count;
            for (var i = 0; i < 40_000; i++) Cycle(fixture, red, packets);
            shares.Add((fixture.Drops.Count - before) / 40_000.0);
            red.Reset();
        }

        // p = 0.1 * (average - min) / (max - min) spaced evenly: a drop every 1/p on average counts twice as often as 1/(2p)
        for (var i = 0; i < 2; i++)
        {
            var p = 0.1 * ((i == 0 ? 30 : 45) * 1514.0 - 30_000) / 60_000;
            Assert.InRange(shares[i], p * 1.6, p * 2.2);
        }
    }

    [Fact]
    public void With_ecn_packets_that_understand_it_are_marked()
    {
        var red = _fixture.Make<Red>(Words + " ecn");
        for (var i = 0; i < 230; i++) Assert.Equal(NetXmit.Success, red.Enqueue(_fixture.Packet(ecn: 1), _fixture.Now));
        Assert.Empty(_fixture.Drops);
        Assert.Equal(NetXmit.CongestionNotified, red.Enqueue(_fixture.Packet(ecn: 0), _fixture.Now));
        var marks = 0;
        while (red.Dequeue(_fixture.Now) is { } skb)
        {
            var ip = skb.From(skb.NetworkHeader);
            if ((ip[1] & 3) == 3) marks++;
            skb.Free(SkbDropReason.CONSUMED);
        }

        Assert.InRange(marks, 50, 200);
    }

    [Fact]
    public void An_idle_queue_forgets_its_average()
    {
        var red = _fixture.Make<Red>(Words);
        for (var i = 0; i < 100; i++) _fixture.Enqueue(red);
        var before = red.AverageBytes;
        _fixture.Drain(red, _fixture.Now);
        _fixture.Now += KernelTime.FromSeconds(20);
        _fixture.Enqueue(red);
        Assert.True(red.AverageBytes < before / 10, $"{before} -> {red.AverageBytes}");
        red.Reset();
    }

    private static void Cycle(QdiscFixture fixture, Red red, int packets)
    {
        if (red.Length >= packets) fixture.Take(red);
        fixture.Enqueue(red);
    }
}
