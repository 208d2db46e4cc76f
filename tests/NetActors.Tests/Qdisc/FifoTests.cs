using CsCheck;
using NetActors.Buffers;
using NetActors.Qdisc;

namespace NetActors.Tests.Qdisc;

public class FifoTests
{
    private readonly QdiscFixture _fixture = new();

    [Fact]
    public void Pfifo_gives_back_in_order_and_drops_what_its_limit_does_not_hold()
    {
        var queue = _fixture.Make<Fifo>("pfifo limit 2");
        Assert.Equal(NetXmit.Success, _fixture.Enqueue(queue));
        Assert.Equal(NetXmit.Success, _fixture.Enqueue(queue));
        Assert.Equal(NetXmit.Drop, _fixture.Enqueue(queue));
        Assert.Equal((2, 2 * 1514, 1L), (queue.Stats.Qlen, queue.Stats.Backlog, queue.Stats.Drops));
        Assert.Equal((1L, 2L, 0L), (_fixture.Take(queue), _fixture.Take(queue), _fixture.Take(queue)));
        Assert.Equal((2L, 2L * 1514, 0), (queue.Stats.Packets, queue.Stats.Bytes, queue.Stats.Backlog));
    }

    [Fact]
    public void Bfifo_counts_bytes()
    {
        var queue = _fixture.Make<Fifo>("bfifo limit 1000b");
        Assert.Equal(NetXmit.Success, _fixture.Enqueue(queue, 600));
        Assert.Equal(NetXmit.Drop, _fixture.Enqueue(queue, 401));
        Assert.Equal(NetXmit.Success, _fixture.Enqueue(queue, 400));
    }

    [Theory]
    [InlineData("pfifo limit 0", false)]
    [InlineData("pfifo limit 1", true)]
    [InlineData("bfifo limit 1513", false)]
    [InlineData("bfifo limit 1514", true)]
    public void Only_a_fifo_that_holds_a_packet_may_be_passed_by(string words, bool may) =>
        Assert.Equal(may, _fixture.Make<Fifo>(words).Flags.HasFlag(QdiscFlags.CanBypass));

    [Fact]
    public void A_packet_that_comes_back_is_the_next_and_counts_as_requeued()
    {
        var queue = _fixture.Make<Fifo>("pfifo");
        _fixture.Enqueue(queue);
        _fixture.Enqueue(queue);
        var first = queue.Dequeue(_fixture.Now)!;
        queue.Requeue(first);
        Assert.Equal((2, 1L), (queue.Stats.Qlen, queue.Stats.Requeues));
        Assert.Equal((1L, 2L), (_fixture.Take(queue), _fixture.Take(queue)));
        Assert.Equal((0, 0), (queue.Stats.Qlen, queue.Stats.Backlog));
    }

    [Theory]
    [InlineData(0u, 1)] // best effort: the middle band
    [InlineData(6u, 0)] // interactive
    [InlineData(2u, 2)] // bulk
    [InlineData(7u, 0)] // control
    [InlineData(22u, 0)] // the low four bits count
    public void Pfifo_fast_sends_the_first_band_first(uint priority, int band)
    {
        var queue = _fixture.Make<PfifoFast>("pfifo_fast");
        foreach (var other in (uint[])[2, 0, 6]) _fixture.Enqueue(queue, priority: other); // ids 1 to 3 in bands 2, 1, 0
        _fixture.Enqueue(queue, priority: priority);
        var order = new[] { _fixture.Take(queue), _fixture.Take(queue), _fixture.Take(queue), _fixture.Take(queue) };
        long[] expected = band switch { 0 => [3, 4, 2, 1], 1 => [3, 2, 4, 1], _ => [3, 2, 1, 4] };
        Assert.Equal(expected, order);
    }

    [Fact]
    public void Pfifo_fast_bounds_each_band_in_6_and_their_sum_in_3_10()
    {
        foreach (var (kernel, fits) in ((KernelVersion, int)[])[(KernelVersion.V6, 4), (KernelVersion.V310, 2)])
        {
            var fixture = new QdiscFixture(txQueueLength: 2, kernel);
            var queue = fixture.Make<PfifoFast>("pfifo_fast");
            for (var i = 0; i < 3; i++) fixture.Enqueue(queue, priority: 0);
            for (var i = 0; i < 3; i++) fixture.Enqueue(queue, priority: 6);
            Assert.Equal(fits, queue.Length);
        }
    }

    [Fact]
    public void Prio_serves_bands_in_order_and_counts_like_its_children()
    {
        var prio = _fixture.Make<Prio>("prio bands 4 priomap 3 2 1 0 0 0 0 0 0 0 0 0 0 0 0 0");
        for (uint p = 0; p < 4; p++) _fixture.Enqueue(prio, priority: p);
        Assert.Equal((4L, 3L, 2L, 1L), (_fixture.Take(prio), _fixture.Take(prio), _fixture.Take(prio), _fixture.Take(prio)));
        Assert.Equal((0, 0, 4L), (prio.Stats.Qlen, prio.Stats.Backlog, prio.Stats.Packets));
    }

    [Fact]
    public void A_priority_that_names_a_class_of_prio_chooses_its_band()
    {
        var prio = _fixture.Make<Prio>("prio");
        _fixture.Enqueue(prio, priority: 0);
        _fixture.Enqueue(prio, priority: 0x10001); // 1:1
        _fixture.Enqueue(prio, priority: 0x10003);
        Assert.Equal((2L, 1L, 3L), (_fixture.Take(prio), _fixture.Take(prio), _fixture.Take(prio)));
    }

    [Fact]
    public void What_a_child_drops_on_the_way_out_its_parents_no_longer_count()
    {
        var prio = _fixture.Make<Prio>("prio");
        prio.Graft(0x10002, _fixture.Make<Codel>("codel"));
        for (var i = 0; i < 1000; i++)
        {
            _fixture.Enqueue(prio);
            if (i % 2 == 0) _fixture.Take(prio);
            _fixture.Now += NetActors.Time.KernelTime.FromMilliseconds(1);
        }

        Assert.NotEmpty(_fixture.Drops);
        while (_fixture.Take(prio) != 0)
        {
        }

        Assert.Equal((0, 0), (prio.Stats.Qlen, prio.Stats.Backlog));
        Assert.Equal(1000, prio.Stats.Packets + _fixture.Drops.Count);
        Assert.Equal(0, _fixture.Outstanding);
    }

    private static readonly string[] All =
    [
        "pfifo limit 20", "bfifo limit 20000", "pfifo_fast", "prio", "tbf rate 100mbit burst 5kb limit 20000", "fq flow_limit 10", "codel limit 30",
        "fq_codel limit 30 flows 8", "red limit 60000 min 10000 max 30000 avpkt 1000 ecn", "netem delay 1ms 500us loss 5% duplicate 5% corrupt 5% reorder 10% limit 40",
        "netem rate 100mbit slot 200us 900us packets 5", "netem loss gemodel 2% 30% delay 300us",
    ];

    /// <summary>Whatever comes in leaves or is dropped with a reason, figures agree with what is held, and no packet is lost or freed twice.</summary>
    [Fact]
    public void Every_qdisc_accounts_for_every_packet()
    {
        Gen.Select(Gen.Int[0, All.Length - 1], Gen.Int[60, 1514].Array[1, 200], Gen.UInt[1, 5].Array[1, 20], Gen.Int[0, 300].Array[1, 50], Gen.ULong).Sample(
            (kind, sizes, flows, gaps, seed) =>
            {
                var fixture = new QdiscFixture(seed: seed);
                var qdisc = fixture.Make<QdiscBase>(All[kind]);
                var duplicates = All[kind].Contains("duplicate", StringComparison.Ordinal);
                var sent = 0;
                for (var i = 0; i < sizes.Length; i++)
                {
                    fixture.Now += NetActors.Time.KernelTime.FromMicroseconds(gaps[i % gaps.Length]);
                    fixture.Enqueue(qdisc, sizes[i], flows[i % flows.Length], (uint)i % 16);
                    if (i % 3 != 0 && fixture.Take(qdisc) != 0) sent++;
                    Assert.True(qdisc.Stats is { Qlen: >= 0, Backlog: >= 0 });
                    if (duplicates) Assert.True(fixture.Outstanding >= qdisc.Length); // an original waits for its clone
                    else Assert.Equal(fixture.Outstanding, qdisc.Length);
                    Assert.Equal(qdisc.Length == 0, qdisc.Stats.Backlog == 0);
                }

                sent += fixture.Drain(qdisc, fixture.Now + NetActors.Time.KernelTime.FromSeconds(20)).Count;
                Assert.Equal((0, 0), (qdisc.Length, qdisc.Stats.Backlog));
                Assert.Equal(0, fixture.Outstanding);
                Assert.Equal(sent, qdisc.Stats.Packets);
                var copies = duplicates ? sent + fixture.Drops.Count - sizes.Length : 0;
                Assert.Equal(sizes.Length + copies, sent + fixture.Drops.Count);
                Assert.DoesNotContain(fixture.Drops, d => d.Reason == SkbDropReason.NOT_SPECIFIED);
            },
            iter: 300);
    }

    [Fact]
    public void A_reset_frees_all()
    {
        foreach (var words in All)
        {
            var fixture = new QdiscFixture();
            var qdisc = fixture.Make<QdiscBase>(words);
            for (uint i = 0; i < 10; i++) fixture.Enqueue(qdisc, flow: i % 3);
            var held = qdisc.Length;
            fixture.Drops.Clear();
            qdisc.Reset();
            Assert.Equal((0, 0, 0L), (qdisc.Length, qdisc.Stats.Backlog, fixture.Outstanding));
            Assert.Equal(held, fixture.Drops.Count(d => d.Reason == SkbDropReason.QUEUE_PURGE));
            fixture.Enqueue(qdisc, 500);
            fixture.Drain(qdisc, fixture.Now + NetActors.Time.KernelTime.FromSeconds(1));
            Assert.Equal(0, fixture.Outstanding);
        }
    }
}
