using NetActors.Buffers;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Qdisc;

public class NetemTests
{
    private readonly QdiscFixture _fixture = new();

    [Fact]
    public void Delay_holds_each_packet_for_its_time()
    {
        var netem = _fixture.Make<Netem>("netem delay 10ms");
        _fixture.Enqueue(netem);
        _fixture.Now += KernelTime.FromMilliseconds(4);
        _fixture.Enqueue(netem);
        var sent = _fixture.Drain(netem, KernelTime.FromSeconds(2));
        Assert.Equal([1010, 1014], sent.Select(s => s.At.Nanoseconds / 1_000_000));
    }

    [Theory]
    [InlineData("netem delay 100ms 10ms", 90, 110, 100, 5.77)] // uniform: width / sqrt(12)
    [InlineData("netem delay 100ms 10ms distribution normal", 60, 140, 100, 10)]
    [InlineData("netem delay 100ms 10ms distribution pareto", 93, 140, 100, 8)]
    public void Delays_have_the_distribution_asked_for(string words, double least, double most, double mean, double deviation)
    {
        var netem = _fixture.Make<Netem>(words + " limit 30000");
        for (var i = 0; i < 20_000; i++) _fixture.Enqueue(netem, 60);
        var delays = _fixture.Drain(netem, KernelTime.FromSeconds(9)).ConvertAll(s => (s.At - KernelTime.FromSeconds(1)).Nanoseconds / 1e6);
        Assert.All(delays, d => Assert.InRange(d, least, most));
        var average = delays.Average();
        Assert.InRange(average, mean - 0.5, mean + 0.5);
        Assert.InRange(Math.Sqrt(delays.Average(d => (d - average) * (d - average))), deviation * 0.9, deviation * 1.1);
    }

    /// <summary>The tables are those of iproute2, which nobody here wrote.</summary>
    [IprouteTheory]
    [InlineData("normal")]
    [InlineData("pareto")]
    public void Tables_are_those_that_tc_reads(string name)
    {
        var path = $"{IprouteTheoryAttribute.Tables}/{name}.dist";
        var theirs = File.ReadLines(path).Where(l => !l.StartsWith('#')).SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse).ToArray();
        var ours = name == "normal" ? NetemDistribution.Normal : NetemDistribution.Pareto;
        Assert.Equal(theirs.Length, ours.Length);
        for (var i = 0; i < ours.Length; i++) Assert.InRange(ours[i], theirs[i] - 1, theirs[i] + 1);
    }

    [Theory]
    [InlineData("netem loss 10%", 0.1)]
    [InlineData("netem loss random 1%", 0.01)]
    [InlineData("netem loss gemodel 5% 20%", 0.2)] // bad for p / (p + r) of the time, and lost then
    [InlineData("netem loss gemodel 5% 20% 50% 1%", 0.108)] // half of them lost then, one in a hundred else
    [InlineData("netem loss state 5% 20%", 0.2)]
    public void Losses_have_the_share_of_their_model(string words, double share)
    {
        var netem = _fixture.Make<Netem>(words);
        for (var i = 0; i < 50_000; i++)
        {
            _fixture.Enqueue(netem, 60);
            _fixture.Take(netem);
        }

        Assert.InRange(_fixture.Drops.Count / 50_000.0, share * 0.93, share * 1.07);
    }

    [Fact]
    public void Losses_of_the_gilbert_model_come_in_bursts_of_one_over_r()
    {
        var netem = _fixture.Make<Netem>("netem loss gemodel 2% 25%");
        var (bursts, lost, wasLost) = (0, 0, false);
        for (var i = 0; i < 50_000; i++)
        {
            _fixture.Enqueue(netem, 60);
            var isLost = _fixture.Take(netem) == 0;
            if (isLost && !wasLost) bursts++;
            if (isLost) lost++;
            wasLost = isLost;
        }

        Assert.InRange(lost / (double)bursts, 3.7, 4.3);
    }

    [Fact]
    public void Duplicates_corrupts_and_reorders_by_their_shares()
    {
        var netem = _fixture.Make<Netem>("netem duplicate 10% corrupt 5%");
        var (corrupted, got) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            netem.Enqueue(_fixture.Packet(200), _fixture.Now);
            while (netem.Dequeue(_fixture.Now) is { } skb)
            {
                got++;
                if (_fixture.IsTouched(skb)) corrupted++;
                skb.Free(SkbDropReason.CONSUMED);
            }
        }

        Assert.InRange(got / 20_000.0, 1.09, 1.11);
        Assert.InRange(corrupted / 20_000.0, 0.044, 0.056); // the original only, not its copy
        Assert.Equal(0, _fixture.Outstanding);

        netem = _fixture.Make<Netem>("netem delay 10ms reorder 25%");
        var early = 0;
        for (var i = 0; i < 8_000; i++)
        {
            _fixture.Now += KernelTime.FromMicroseconds(1);
            _fixture.Enqueue(netem, 60);
            if (_fixture.Take(netem) != 0) early++;
            if (netem.Length > 500) _fixture.Drain(netem, _fixture.Now += KernelTime.FromMilliseconds(11));
        }

        Assert.InRange(early / 8_000.0, 0.23, 0.27);
    }

    [Fact]
    public void A_large_packet_is_cut_before_a_bit_of_it_is_flipped()
    {
        var prio = _fixture.Make<Prio>("prio");
        prio.Graft(0x10002, _fixture.Make<Netem>("netem corrupt 100%"));
        var large = _fixture.Packet(1514);
        (large.Shared.GsoSize, large.Shared.GsoSegs, large.Cb.PacketLength) = (1000, 3, 2500);
        Assert.Equal(NetXmit.Success, prio.Enqueue(large, _fixture.Now));
        Assert.Equal((3, 2500), (prio.Stats.Qlen, prio.Stats.Backlog));
        while (prio.Dequeue(_fixture.Now) is { } frame)
        {
            Assert.True(_fixture.IsTouched(frame));
            frame.Free(SkbDropReason.CONSUMED);
        }

        Assert.Equal((0, 0, 0L), (prio.Stats.Qlen, prio.Stats.Backlog, _fixture.Outstanding));
    }

    [Fact]
    public void Rate_spaces_packets_as_a_line_does()
    {
        var netem = _fixture.Make<Netem>("netem rate 12mbit delay 5ms");
        for (var i = 0; i < 5; i++) _fixture.Enqueue(netem, 1500); // a millisecond each
        var sent = _fixture.Drain(netem, KernelTime.FromSeconds(2));
        Assert.Equal([1006, 1007, 1008, 1009, 1010], sent.Select(s => s.At.Nanoseconds / 1_000_000));
    }

    [Fact]
    public void Slots_let_packets_through_by_bursts()
    {
        var netem = _fixture.Make<Netem>("netem slot 10ms packets 3");
        for (var i = 0; i < 9; i++) _fixture.Enqueue(netem);
        var sent = _fixture.Drain(netem, KernelTime.FromSeconds(2));
        Assert.Equal([3, 3, 3], sent.GroupBy(s => s.At).Select(g => g.Count()));
        Assert.Equal([0, 10, 20], sent.GroupBy(s => s.At).Select(g => (g.Key - KernelTime.FromSeconds(1)).Nanoseconds / 1_000_000));
    }

    [Fact]
    public void A_child_gets_packets_when_their_time_has_come()
    {
        var netem = _fixture.Make<Netem>("netem delay 10ms");
        Assert.NotNull(netem.Graft(0x10001, _fixture.Make<Tbf>("tbf rate 12mbit burst 1500 limit 3000")));
        for (var i = 0; i < 4; i++) _fixture.Enqueue(netem, 1500);
        var sent = _fixture.Drain(netem, KernelTime.FromSeconds(2));
        Assert.Equal([1010, 1011], sent.Select(s => (s.At.Nanoseconds + 500) / 1_000_000)); // two fit behind it
        Assert.Equal((0, 0, 0L), (netem.Length, netem.Stats.Backlog, _fixture.Outstanding));
        Assert.Equal(2, _fixture.Drops.Count);
    }

    [Fact]
    public void A_delayed_packet_no_longer_counts_against_its_socket()
    {
        var owner = new CountingOwner();
        var netem = _fixture.Make<Netem>("netem delay 10ms");
        var skb = _fixture.Packet();
        skb.SetOwner(owner, 2304);
        netem.Enqueue(skb, _fixture.Now);
        Assert.Equal(2304, owner.Freed);
        netem.Reset();
        Assert.Equal(2304, owner.Freed);
    }

    private sealed class CountingOwner : ISkbOwner
    {
        public int Freed { get; private set; }

        public void OnFreed(int bytes) => Freed += bytes;

        public void OnPacedBelow()
        {
        }
    }
}
