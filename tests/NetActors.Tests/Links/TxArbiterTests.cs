using NetActors.Buffers;
using NetActors.Links;
using NetActors.Nic;
using NetActors.Tests.Gro;
using NetActors.Time;

namespace NetActors.Tests.Links;

public class TxArbiterTests
{
    private readonly SkbPool _pool = new(70_000, 64);
    private readonly SkbPool _frames = new(2048, 8);
    private readonly TxQueue[] _queues;
    private readonly TxArbiter _arbiter;

    public TxArbiterTests()
    {
        _queues = [.. Enumerable.Range(0, 3).Select(_ => new TxQueue(64, _frames))];
        _arbiter = new TxArbiter(_queues);
    }

    [Fact]
    public void Queues_take_turns_frame_by_frame_also_within_a_large_packet()
    {
        Post(0, payload: 4000, mss: 1000);
        Post(2, payload: 100);
        Post(2, payload: 100);
        Assert.Equal([(0, 1054), (2, 154), (0, 1054), (2, 154), (0, 1054), (0, 1054)], Fetch());
        Assert.True(_arbiter.Next.IsNever);
    }

    [Fact]
    public void An_empty_queue_rings_again()
    {
        Assert.True(Post(1, payload: 100));
        Assert.False(Post(1, payload: 100));
        Assert.Equal(2, Fetch().Count);
        Assert.True(Post(1, payload: 100));
        Assert.Single(Fetch());
    }

    [Fact]
    public void What_is_posted_ahead_of_time_waits_and_does_not_hold_others_up()
    {
        Post(0, payload: 100, from: 50);
        Post(1, payload: 200);
        Assert.Equal([(1, 254)], Fetch());
        Assert.Equal(50, _arbiter.Next.Nanoseconds);
        Assert.Equal([(0, 154)], Fetch(50));
    }

    [Fact]
    public void Without_memory_for_frames_the_rest_of_a_large_packet_waits()
    {
        Post(0, payload: 10_000, mss: 1000);
        var held = new List<SkBuff>();
        while (_arbiter.TryFetch(KernelTime.Zero, out var frame, out _)) held.Add(frame.Owner!);
        Assert.Equal(8, held.Count);
        Assert.False(_arbiter.Next.IsNever);
        foreach (var skb in held) skb.Free(SkbDropReason.CONSUMED);
        Assert.Equal(2, Fetch().Count);
        Assert.Equal(0, _frames.Outstanding);
    }

    private bool Post(int queue, int payload, int mss = 0, long from = 0)
    {
        var skb = _pool.Rent()!;
        var bytes = new GroFrame { Payload = payload }.ToBytes();
        bytes.CopyTo(skb.Put(bytes.Length));
        skb.Shared.GsoSize = (ushort)mss;
        skb.VisibleFrom = new KernelTime(from);
        _queues[queue].Post(skb, out var ring);
        if (ring) _arbiter.Ring(queue);
        return ring;
    }

    private List<(int Queue, int Length)> Fetch(long now = 0)
    {
        var fetched = new List<(int, int)>();
        while (_arbiter.TryFetch(new KernelTime(now), out var frame, out var queue))
        {
            fetched.Add((queue, frame.Length));
            frame.Owner!.Free(SkbDropReason.CONSUMED);
        }

        return fetched;
    }
}
