using NetActors.Buffers;
using NetActors.Softirq;

namespace NetActors.Tests.Softirq;

/// <summary>Specification section 5.4.</summary>
public sealed class SoftnetDataTests : IDisposable
{
    private readonly SkbPool _pool = new(256, 10_000);

    public void Dispose() => Assert.Equal(0, _pool.Outstanding);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1000)]
    public void Queue_holds_one_more_than_max_backlog(int max)
    {
        var softnet = new SoftnetData(max, 1, 64);
        Assert.Equal(max + 1, Fill(softnet));
        Assert.Equal(max + 1, softnet.InputLength);
        Assert.Equal(1u, softnet.Dropped);
        Drain(softnet);
    }

    [Fact]
    public void Spliced_packets_do_not_count_against_the_limit() // live: max 100, input 101 and process up to 101
    {
        var softnet = new SoftnetData(100, 1, 64);
        Fill(softnet);
        Assert.True(softnet.Splice());
        Assert.Equal((0, 101), (softnet.InputLength, softnet.ProcessLeft));
        Assert.Equal(101, Fill(softnet));
        Assert.Equal(202, softnet.InputLength + softnet.ProcessLeft);
        Drain(softnet);
    }

    [Fact]
    public void Splice_of_an_empty_queue_finds_nothing()
    {
        var softnet = new SoftnetData(100, 1, 64);
        Assert.False(softnet.Splice());
        Assert.False(softnet.TryDequeue(out _));
    }

    [Fact]
    public void Process_queue_gives_only_what_was_spliced()
    {
        var softnet = new SoftnetData(100, 1, 64);
        Assert.True(softnet.TryEnqueue(Skb(1), out var tail));
        Assert.Equal(1u, tail);
        softnet.Splice();
        Assert.True(softnet.TryEnqueue(Skb(2), out _));

        Assert.True(softnet.TryDequeue(out var first));
        Assert.Equal(1, first!.Id);
        first.Free(SkbDropReason.CONSUMED);
        Assert.False(softnet.TryDequeue(out _)); // the second waits for the next splice
        Drain(softnet);
    }

    [Fact]
    public void Second_packet_is_told_the_tail_with_it()
    {
        var softnet = new SoftnetData(100, 1, 64);
        softnet.TryEnqueue(Skb(1), out _);
        softnet.TryEnqueue(Skb(2), out var tail);
        Assert.Equal((2u, 2u), (tail, softnet.InputQueueTail));
        Drain(softnet);
    }

    private SkBuff Skb(long id)
    {
        var skb = _pool.Rent()!;
        skb.Id = id;
        return skb;
    }

    private int Fill(SoftnetData softnet)
    {
        for (var n = 0; ; n++)
        {
            var skb = Skb(n);
            if (softnet.TryEnqueue(skb, out _)) continue;
            skb.Free(SkbDropReason.CPU_BACKLOG);
            return n;
        }
    }

    private static void Drain(SoftnetData softnet)
    {
        softnet.Release(SkbDropReason.CONSUMED);
    }
}
