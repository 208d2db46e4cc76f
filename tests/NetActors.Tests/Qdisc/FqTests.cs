using NetActors.Buffers;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Qdisc;

public class FqTests
{
    private readonly QdiscFixture _fixture = new();

    /// <summary>Fairness between flows: Jain's index of at least 0.99 (issue 4).</summary>
    [Fact]
    public void Backlogged_flows_of_different_packet_sizes_get_the_same_bytes()
    {
        var fq = _fixture.Make<Fq>("fq limit 100000 flow_limit 10000");
        var bytes = new double[11];
        for (var i = 0; i < 2000; i++)
        {
            for (uint flow = 1; flow <= 10; flow++) _fixture.Enqueue(fq, (int)(140 * flow) + 100, flow);
        }

        for (var i = 0; i < 5000; i++)
        {
            var skb = fq.Dequeue(_fixture.Now)!;
            bytes[skb.Hash] += skb.Cb.PacketLength;
            skb.Free(SkbDropReason.CONSUMED);
        }

        Assert.True(Jain(bytes.Skip(1)) >= 0.99, string.Join(' ', bytes));
        fq.Reset();
    }

    [Theory]
    [InlineData("fq maxrate 10mbit", 10e6)]
    [InlineData("fq maxrate 100mbit quantum 1514", 100e6)]
    public void A_flow_does_not_pass_maxrate(string words, double rate)
    {
        var fq = _fixture.Make<Fq>(words + " flow_limit 5000 initial_quantum 1514");
        for (var i = 0; i < 900; i++) _fixture.Enqueue(fq);
        var sent = _fixture.Drain(fq, _fixture.Now + KernelTime.FromSeconds(10));
        Assert.Equal(900, sent.Count);
        var span = sent[^1].At - sent[10].At;
        Assert.InRange(sent.Skip(11).Sum(s => s.Bytes) * 8e9 / span.Nanoseconds, rate * 0.98, rate * 1.02);
    }

    /// <summary>Pacing sends no burst larger than its rule: a quantum, or the initial one at a flow's begin.</summary>
    [Fact]
    public void A_paced_flow_sends_no_burst_above_its_quantum()
    {
        var owner = new Owner(1_250_000); // 10 Mbit/s
        var fq = _fixture.Make<Fq>("fq quantum 3028 initial_quantum 3028");
        for (var i = 0; i < 100; i++)
        {
            var skb = _fixture.Packet();
            skb.SetOwner(owner, 1);
            skb.Socket = owner;
            fq.Enqueue(skb, _fixture.Now);
        }

        Assert.True(owner.Paced);
        var sent = _fixture.Drain(fq, _fixture.Now + KernelTime.FromSeconds(1));
        foreach (var burst in sent.GroupBy(s => s.At)) Assert.True(burst.Sum(s => s.Bytes) <= 2 * 3028, $"{burst.Count()} at {burst.Key}");
        Assert.InRange(sent.Skip(4).Sum(s => s.Bytes) * 8e9 / (sent[^1].At - sent[3].At).Nanoseconds, 9.8e6, 10.2e6);
        Assert.Equal(100, owner.Freed);
    }

    [Fact]
    public void A_packet_goes_at_its_departure_time_and_others_overtake_it()
    {
        var fq = _fixture.Make<Fq>("fq");
        var later = _fixture.Packet(flow: 1);
        later.Tstamp = _fixture.Now + KernelTime.FromMilliseconds(7);
        fq.Enqueue(later, _fixture.Now);
        _fixture.Enqueue(fq, flow: 2);
        Assert.Equal(2, _fixture.Take(fq));
        Assert.Equal(0, _fixture.Take(fq));
        Assert.Equal(1, fq.ThrottledFlows);
        Assert.Equal(KernelTime.FromSeconds(1) + KernelTime.FromMilliseconds(7), _fixture.Context.Watchdog);
        _fixture.Now = _fixture.Context.Watchdog;
        Assert.Equal(1, _fixture.Take(fq));
    }

    [Theory]
    [InlineData("fq", true)]
    [InlineData("fq horizon_cap", false)]
    public void A_departure_beyond_the_horizon_is_dropped_or_brought_nearer(string words, bool drops)
    {
        var fq = _fixture.Make<Fq>(words);
        var skb = _fixture.Packet();
        skb.Tstamp = _fixture.Now + KernelTime.FromSeconds(11);
        Assert.Equal(drops ? NetXmit.Drop : NetXmit.Success, fq.Enqueue(skb, _fixture.Now));
        if (drops)
        {
            Assert.Equal(SkbDropReason.FQ_HORIZON_LIMIT, Assert.Single(_fixture.Drops).Reason);
            return;
        }

        Assert.Equal(KernelTime.FromSeconds(11), _fixture.Drain(fq, KernelTime.FromSeconds(20)).Single().At);
    }

    [Fact]
    public void A_flow_and_a_band_hold_no_more_than_their_limits()
    {
        var fq = _fixture.Make<Fq>("fq limit 30 flow_limit 10");
        for (var i = 0; i < 20; i++) _fixture.Enqueue(fq, flow: 1); // eight of them on the fast path
        Assert.Equal(2, _fixture.Drops.Count(d => d.Reason == SkbDropReason.FQ_FLOW_LIMIT));
        for (uint i = 0; i < 100; i++) _fixture.Enqueue(fq, flow: 2 + i);
        Assert.Contains(_fixture.Drops, d => d.Reason == SkbDropReason.FQ_BAND_LIMIT);
        Assert.Equal(38, fq.Length); // the fast path counts in no band
        Assert.Equal(NetXmit.Success, _fixture.Enqueue(fq, flow: 500, priority: 6)); // another band has room
        fq.Reset();
    }

    [Fact]
    public void Bands_share_nine_to_three_to_one()
    {
        var fq = _fixture.Make<Fq>("fq limit 100000 flow_limit 100000 initial_quantum 1514");
        for (var i = 0; i < 8; i++) _fixture.Enqueue(fq, flow: 9); // fills the fast path
        for (var i = 0; i < 9000; i++)
        {
            _fixture.Enqueue(fq, flow: 1, priority: 6);
            _fixture.Enqueue(fq, flow: 2, priority: 0);
            _fixture.Enqueue(fq, flow: 3, priority: 2);
        }

        for (var i = 0; i < 8; i++) _fixture.Take(fq);
        var packets = new int[4];
        for (var i = 0; i < 11_264; i++) // twenty rounds
        {
            var skb = fq.Dequeue(_fixture.Now)!;
            packets[skb.Hash]++;
            skb.Free(SkbDropReason.CONSUMED);
        }

        Assert.InRange(packets[1] / (double)packets[3], 8.0, 10.0);
        Assert.InRange(packets[2] / (double)packets[3], 2.6, 3.4);
        fq.Reset();
    }

    [Fact]
    public void Flows_that_were_empty_for_three_seconds_are_forgotten()
    {
        var fq = _fixture.Make<Fq>("fq buckets 2");
        for (uint flow = 1; flow <= 100; flow++)
        {
            var skb = _fixture.Packet(flow: flow);
            skb.Tstamp = _fixture.Now + KernelTime.FromMilliseconds(1); // not by the fast path
            fq.Enqueue(skb, _fixture.Now);
        }

        _fixture.Drain(fq, _fixture.Now + KernelTime.FromSeconds(1));
        Assert.Equal(100, fq.Flows);
        _fixture.Now += KernelTime.FromSeconds(4);
        for (uint flow = 200; flow < 210; flow++)
        {
            var skb = _fixture.Packet(flow: flow);
            skb.Tstamp = _fixture.Now + KernelTime.FromMilliseconds(1);
            fq.Enqueue(skb, _fixture.Now);
        }

        Assert.InRange(fq.Flows, 10, 60);
        fq.Reset();
    }

    /// <summary>Jain's fairness index of shares: 1 when all are equal.</summary>
    internal static double Jain(IEnumerable<double> shares)
    {
        var all = shares.ToArray();
        return Math.Pow(all.Sum(), 2) / (all.Length * all.Sum(s => s * s));
    }

    private sealed class Owner(long rate) : ISkbOwner
    {
        public long FlowId => 7;

        public long PacingRate => rate;

        public int Freed { get; private set; }

        public bool Paced { get; private set; }

        public void OnFreed(int bytes) => Freed += bytes;

        public void OnPacedBelow() => Paced = true;
    }
}
