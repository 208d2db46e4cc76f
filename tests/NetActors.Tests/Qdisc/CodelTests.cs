using NetActors.Buffers;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Qdisc;

public class CodelTests
{
    private readonly QdiscFixture _fixture = new();

    [Fact]
    public void A_burst_that_drains_within_the_interval_loses_nothing()
    {
        var codel = _fixture.Make<Codel>("codel");
        for (var i = 0; i < 50; i++) _fixture.Enqueue(codel);
        for (var i = 0; i < 50; i++)
        {
            _fixture.Now += KernelTime.FromMicroseconds(1900); // 95 ms: below the interval of 100
            Assert.NotEqual(0, _fixture.Take(codel));
        }

        Assert.Empty(_fixture.Drops);
    }

    /// <summary>RFC 8289 section 5.5: the time between drops is the interval over the square root of their number.</summary>
    [Fact]
    public void A_standing_queue_loses_packets_ever_faster()
    {
        var codel = _fixture.Make<Codel>("codel limit 100000");
        for (var i = 0; i < 200; i++) _fixture.Enqueue(codel);
        var drops = new List<KernelTime>();
        for (var i = 0; i < 20_000; i++)
        {
            _fixture.Now += KernelTime.FromMicroseconds(100);
            _fixture.Enqueue(codel);
            var before = _fixture.Drops.Count;
            _fixture.Take(codel);
            if (codel.Length < 200) _fixture.Enqueue(codel); // keeps standing
            for (; before < _fixture.Drops.Count; before++) drops.Add(_fixture.Now);
        }

        Assert.True(drops.Count > 20);
        var intervals = drops.Zip(drops.Skip(1), (a, b) => (b - a).Nanoseconds / 1e6).ToArray();
        Assert.InRange(intervals[0], 99.8, 100.2);
        Assert.InRange(intervals[1], 49.8, 50.2); // one step of Newton's method from 1: the kernel's 1/sqrt(2) is 0.5
        for (var n = 4; n <= 15; n++) Assert.InRange(intervals[n - 1], (100 / Math.Sqrt(n) * 0.9) - 0.2, (100 / Math.Sqrt(n) * 1.1) + 0.2);
        Assert.All(_fixture.Drops, d => Assert.Equal(SkbDropReason.QDISC_CONGESTED, d.Reason));
    }

    [Fact]
    public void With_ecn_packets_are_marked_in_place_of_drops()
    {
        var codel = _fixture.Make<Codel>("codel ecn");
        var marked = 0;
        for (var i = 0; i < 10; i++) codel.Enqueue(_fixture.Packet(ecn: 2), _fixture.Now);
        for (var i = 0; i < 3000; i++)
        {
            _fixture.Now += KernelTime.FromMilliseconds(1);
            codel.Enqueue(_fixture.Packet(ecn: 2), _fixture.Now);
            var skb = codel.Dequeue(_fixture.Now)!;
            var ip = skb.From(skb.NetworkHeader);
            if ((ip[1] & 3) == 3) marked++;
            skb.Free(SkbDropReason.CONSUMED);
        }

        Assert.Empty(_fixture.Drops);
        Assert.InRange(marked, 20, 1000);
    }

    [Fact]
    public void Fq_codel_serves_a_new_sparse_flow_before_the_bulk_ones()
    {
        var queue = _fixture.Make<FqCodel>("fq_codel");
        for (var i = 0; i < 100; i++) _fixture.Enqueue(queue, flow: 1);
        for (var i = 0; i < 5; i++) _fixture.Take(queue); // flow 1 is an old one by now
        _fixture.Enqueue(queue, 100, flow: 2);
        var sparse = queue.Dequeue(_fixture.Now)!;
        Assert.Equal(2u, sparse.Hash);
        sparse.Free(SkbDropReason.CONSUMED);
        queue.Reset();
    }

    [Fact]
    public void Fq_codel_shares_by_bytes()
    {
        var queue = _fixture.Make<FqCodel>("fq_codel limit 100000");
        for (var i = 0; i < 3000; i++)
        {
            _fixture.Enqueue(queue, 1514, 1);
            _fixture.Enqueue(queue, 300, 2);
            _fixture.Enqueue(queue, 700, 3);
        }

        var bytes = new long[4];
        for (var i = 0; i < 1500; i++)
        {
            var skb = queue.Dequeue(_fixture.Now)!;
            bytes[skb.Hash] += skb.Cb.PacketLength;
            skb.Free(SkbDropReason.CONSUMED);
        }

        Assert.True(FqTests.Jain(bytes.Skip(1).Select(b => (double)b)) >= 0.99);
        queue.Reset();
    }

    /// <summary>RFC 8290 section 4.1: the flow with most bytes pays, half of it and at most a batch.</summary>
    [Fact]
    public void A_full_fq_codel_drops_from_the_fattest_flow()
    {
        var queue = _fixture.Make<FqCodel>("fq_codel limit 100 drop_batch 16");
        for (var i = 0; i < 90; i++) _fixture.Enqueue(queue, flow: 1);
        for (var i = 0; i < 10; i++) _fixture.Enqueue(queue, flow: 2);
        Assert.Equal(NetXmit.Success, _fixture.Enqueue(queue, flow: 2)); // over the limit, paid by flow 1
        Assert.Equal(16, _fixture.Drops.Count);
        Assert.All(_fixture.Drops, d => Assert.Equal((SkbDropReason.QDISC_OVERLIMIT, 1u), (d.Reason, d.Flow)));
        for (var i = 0; i < 15; i++) Assert.Equal(NetXmit.Success, _fixture.Enqueue(queue, flow: 1));
        Assert.Equal(NetXmit.CongestionNotified, _fixture.Enqueue(queue, flow: 1));
        queue.Reset();
    }

    [Fact]
    public void Fq_codel_bounds_memory()
    {
        var queue = _fixture.Make<FqCodel>("fq_codel memory_limit 64kb");
        for (var i = 0; i < 100; i++) _fixture.Enqueue(queue, 100); // small packets in large buffers
        Assert.NotEmpty(_fixture.Drops);
        Assert.InRange(queue.Length, 1, 64 * 1024 / 2304);
        queue.Reset();
    }
}
