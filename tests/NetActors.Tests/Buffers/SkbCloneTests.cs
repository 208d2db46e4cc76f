using NetActors.Buffers;

namespace NetActors.Tests.Buffers;

public class SkbCloneTests
{
    private readonly SkbPool _pool = new(512, limit: 4);

    [Fact]
    public void A_clone_shows_the_same_bytes_with_marks_of_its_own()
    {
        var skb = Packet();
        skb.Mark = 1;
        skb.Cb.SourcePort = 53;
        var clone = skb.Clone()!;
        Assert.Equal("hello"u8, clone.Data);
        Assert.Same(skb.Shared, clone.Shared);
        Assert.Equal((1u, (ushort)53, skb.TrueSize, 1), (clone.Mark, clone.Cb.SourcePort, clone.TrueSize, clone.Users));
        clone.Mark = 2;
        clone.Pull(4);
        Assert.Equal((1u, 5), (skb.Mark, skb.HeadLength));
        Assert.True(skb.IsCloned && clone.IsCloned);
        Assert.Equal(1, skb.Users); // cloned is not shared
    }

    [Fact]
    public void Freed_clone_first_the_original_is_alone_again()
    {
        var skb = Packet();
        var clone = skb.Clone()!;
        Assert.True(clone.Free(SkbDropReason.CONSUMED));
        Assert.Equal(1, _pool.Outstanding);
        Assert.False(skb.IsCloned);
        Assert.True(skb.Free(SkbDropReason.CONSUMED));
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Freed_original_first_its_bytes_wait_for_the_clone()
    {
        var skb = Packet();
        var clone = skb.Clone()!;
        Assert.True(skb.Free(SkbDropReason.CONSUMED));
        Assert.Equal(2, _pool.Outstanding);
        Assert.False(clone.IsCloned); // the only one left: it may write
        for (var i = 0; i < 2; i++) _pool.Rent()!.Put(512).Fill(0xFF);
        Assert.Null(_pool.Rent());
        Assert.Equal("hello"u8, clone.Data);
        Assert.Throws<InvalidOperationException>(() => skb.Free(SkbDropReason.CONSUMED));
        clone.Free(SkbDropReason.CONSUMED);
        Assert.Equal(2, _pool.Outstanding);
    }

    [Fact]
    public void A_clone_of_a_clone_shares_the_same_bytes_in_any_order_of_freeing()
    {
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        foreach (var order in orders)
        {
            var skb = Packet();
            var clone = skb.Clone()!;
            SkBuff[] all = [skb, clone, clone.Clone()!];
            foreach (var index in order)
            {
                Assert.Equal("hello"u8, all[index].Data);
                all[index].Free(SkbDropReason.CONSUMED);
            }

            Assert.Equal(0, _pool.Outstanding);
        }
    }

    [Fact]
    public void A_clone_goes_home_as_an_original_with_its_own_bytes()
    {
        var skb = Packet();
        var clone = skb.Clone()!;
        clone.Free(SkbDropReason.CONSUMED);
        var other = _pool.Rent()!;
        Assert.Same(clone, other);
        other.Put(5).Clear();
        Assert.Equal("hello"u8, skb.Data);
    }

    [Fact]
    public void A_clone_may_come_from_another_cpus_pool()
    {
        var there = new SkbPool(64, limit: 1);
        var skb = Packet();
        var clone = skb.Clone(there)!;
        Assert.Equal((1, 1), (_pool.Outstanding, there.Outstanding));
        skb.Free(SkbDropReason.CONSUMED);
        Assert.Null(skb.Clone(there));
        Assert.Equal("hello"u8, clone.Data);
        clone.Free(SkbDropReason.CONSUMED);
        Assert.Equal((0, 0), (_pool.Outstanding, there.Outstanding));
    }

    [Fact]
    public void A_spent_pool_gives_no_clone()
    {
        var pool = new SkbPool(512, limit: 1);
        var skb = pool.Rent()!;
        Assert.Null(skb.Clone());
        Assert.False(skb.IsCloned);
        skb.Free(SkbDropReason.CONSUMED);
        Assert.Equal(0, pool.Outstanding);
    }

    private SkBuff Packet()
    {
        var skb = _pool.Rent()!;
        skb.Reserve(32);
        "hello"u8.CopyTo(skb.Put(5));
        return skb;
    }
}
