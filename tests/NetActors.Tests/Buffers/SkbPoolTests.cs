using NetActors.Buffers;

namespace NetActors.Tests.Buffers;

public class SkbPoolTests
{
    [Fact]
    public void Past_its_limit_it_answers_null_until_one_comes_home()
    {
        var pool = new SkbPool(64, limit: 2);
        var first = pool.Rent()!;
        Assert.NotNull(pool.Rent());
        Assert.Null(pool.Rent());
        Assert.Equal((2, 2), (pool.Outstanding, pool.Rented));
        first.Free(SkbDropReason.CONSUMED);
        Assert.Same(first, pool.Rent());
        Assert.Equal((2, 3), (pool.Outstanding, pool.Rented));
    }

    [Fact]
    public void More_room_than_its_buffers_have_is_not_to_be_had()
    {
        var pool = new SkbPool(256, limit: 2);
        Assert.Null(pool.Rent(257));
        Assert.Equal(0, pool.Outstanding);
        Assert.NotNull(pool.Rent(256));
    }

    [Theory]
    [InlineData(63, 1)]
    [InlineData(64, 0)]
    public void Impossible_pools_are_refused(int bytes, int limit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SkbPool(bytes, limit));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Renting_cloning_and_freeing_allocate_nothing(bool shared)
    {
        var pool = new SkbPool(256, limit: 300, shared);
        var held = new SkBuff[200];
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                held[i] = pool.Rent()!;
                held[i].Put(60);
                held[i + 100] = held[i].Clone()!;
                held[i].Hold().Free(SkbDropReason.CONSUMED);
            }

            foreach (var skb in held) skb.Free(SkbDropReason.CONSUMED);
        }));
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void Frees_from_several_threads_come_home()
    {
        const int threads = 3, packets = 60_000;
        var pool = new SkbPool(64, limit: 256, shared: true);
        var hands = Enumerable.Range(0, threads).Select(_ => new Hand()).ToArray();
        var workers = hands.Select(hand => new Thread(hand.FreeAll)).ToArray();
        foreach (var worker in workers) worker.Start();
        for (var sent = 0; sent < packets;)
        {
            var skb = pool.Rent();
            if (skb is null)
            {
                Thread.Yield();
                continue;
            }

            skb.Put(4)[0] = (byte)sent;
            skb.Id = sent;
            // every third goes out as original and clone to two threads: who frees last sends the bytes home
            if (sent % 3 == 0 && skb.Clone() is { } clone) hands[(sent + 1) % threads].Give(clone);
            else if (sent % 3 == 1) hands[(sent + 1) % threads].Give(skb.Hold());
            hands[sent % threads].Give(skb);
            sent++;
            Assert.InRange(pool.Outstanding, 0, 256);
        }

        foreach (var hand in hands) hand.Give(null);
        foreach (var worker in workers) worker.Join();
        foreach (var hand in hands) hand.Dispose();
        Assert.Equal(0, pool.Outstanding);
        Assert.All(hands, hand => Assert.Null(hand.Failure));
        var all = new HashSet<SkBuff>();
        while (pool.Rent() is { } skb) Assert.True(all.Add(skb), "a packet came home twice");
        Assert.True(all.Count <= 256);
    }

    private sealed class Hand : IDisposable
    {
        private readonly System.Collections.Concurrent.BlockingCollection<SkBuff?> _given = new(64);

        internal Exception? Failure { get; private set; }

        public void Dispose() => _given.Dispose();

        internal void Give(SkBuff? skb) => _given.Add(skb);

        internal void FreeAll()
        {
            while (_given.Take() is { } skb)
            {
                try
                {
                    if (skb.Data[0] != (byte)skb.Id) throw new InvalidOperationException("the bytes were given to another packet");
                    skb.Free(SkbDropReason.CONSUMED);
                }
                catch (InvalidOperationException failure)
                {
                    Failure = failure;
                }
            }
        }
    }
}
