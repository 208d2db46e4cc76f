using NetActors.Buffers;
using NetActors.Nic;
using NetActors.Tests.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Nic;

public class TxQueueTests
{
    private readonly QdiscFixture _fixture = new();
    private readonly SkbPool _frames = new(2048, 4);

    [Fact]
    public void Nearly_full_it_stops_and_goes_on_when_there_is_room_for_two_large_packets()
    {
        var queue = new TxQueue(512, _frames);
        var posted = 0;
        for (; !queue.IsStopped; posted++) queue.Post(_fixture.Packet(100), out _);
        Assert.Equal((511 - 20, 1L), (posted, queue.Stops)); // 21 descriptors are the most that one packet may take
        Assert.False(Clean(queue, 21)); // 41 are free
        Assert.True(queue.IsStopped);
        Assert.True(Clean(queue, 1));
        Assert.False(queue.IsStopped);
        Clean(queue, int.MaxValue);
        Assert.Equal(0, _fixture.Outstanding);
    }

    [Fact]
    public void Over_its_limit_of_bytes_it_stops_until_enough_is_done()
    {
        var queue = new TxQueue(512, _frames) { Limits = new DynamicQueueLimits { MinLimit = 3000 } };
        queue.Limits.Completed(0, KernelTime.Zero);
        queue.Post(_fixture.Packet(1500), out var ring);
        Assert.True(ring);
        queue.Post(_fixture.Packet(1500), out ring);
        Assert.False(ring || queue.IsStopped);
        queue.Post(_fixture.Packet(1500), out _);
        Assert.True(queue.IsStopped);
        Assert.Equal(1, queue.LimitStops);
        Assert.True(Clean(queue, 1));
        Clean(queue, 2);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(9)]
    public void The_smallest_rings_go_on_too(int slots)
    {
        var queue = new TxQueue(slots, _frames);
        for (var round = 0; round < 3; round++)
        {
            while (!queue.IsStopped) queue.Post(_fixture.Packet(100), out _);
            Assert.InRange(queue.Used, 1, slots - 1);
            Clean(queue, int.MaxValue);
            Assert.False(queue.IsStopped);
        }
    }

    private static bool Clean(TxQueue queue, int most)
    {
        queue.Answer();
        var bytes = 0;
        for (; most > 0 && queue.TryFetch(KernelTime.Zero, out var frame); most--)
        {
            frame.Owner!.Free(SkbDropReason.CONSUMED);
            Assert.True(queue.TryClean(KernelTime.Zero, out var skb));
            bytes += skb.Length;
            skb.Free(SkbDropReason.CONSUMED);
        }

        return queue.EndClean(bytes, KernelTime.Zero);
    }
}
