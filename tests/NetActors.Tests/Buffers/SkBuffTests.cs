using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Tests.Buffers;

public class SkBuffTests
{
    private readonly SkbPool _pool = new(512, limit: 4);

    [Fact]
    public void A_rented_packet_is_empty_with_all_its_room_behind()
    {
        var skb = _pool.Rent()!;
        Assert.Equal((0, 0, 512, 1), (skb.Length, skb.Headroom, skb.Tailroom, skb.Users));
        Assert.False(skb.IsCloned);
    }

    [Fact]
    public void Reserve_put_push_and_pull_move_the_window()
    {
        var skb = _pool.Rent()!;
        skb.Reserve(64);
        "payload"u8.CopyTo(skb.Put(7));
        skb.Push(2).Fill(0xAA);
        Assert.Equal((9, 62, 441, 62), (skb.Length, skb.Headroom, skb.Tailroom, skb.DataOffset));
        Assert.Equal(0xAA, skb.Data[1]);
        Assert.True(skb.Pull(5));
        Assert.Equal("load"u8, skb.Data);
        skb.Trim(2);
        skb.Trim(50);
        Assert.Equal("lo"u8, skb.Data);
        Assert.Equal("aylo"u8, skb.From(65));
    }

    [Fact]
    public void Leaving_the_buffer_throws_as_the_kernel_panics()
    {
        var skb = _pool.Rent()!;
        Assert.Throws<InvalidOperationException>(() => skb.Reserve(513));
        Assert.Throws<InvalidOperationException>(() => skb.Reserve(-1));
        Assert.Throws<InvalidOperationException>(() => { skb.Put(513); });
        Assert.Throws<InvalidOperationException>(() => { skb.Push(1); });
        Assert.Throws<InvalidOperationException>(() => { skb.Put(-1); });
        skb.Put(512);
        Assert.Throws<InvalidOperationException>(() => skb.Reserve(0 - 1));
        Assert.Throws<InvalidOperationException>(() => { skb.Put(1); });
    }

    [Fact]
    public void Room_can_only_be_reserved_in_an_empty_packet()
    {
        var skb = _pool.Rent()!;
        skb.Put(1);
        Assert.Throws<InvalidOperationException>(() => skb.Reserve(1));
    }

    [Fact]
    public void Pulling_more_than_there_is_answers_false_and_takes_nothing()
    {
        var skb = _pool.Rent()!;
        skb.Put(10);
        Assert.False(skb.Pull(11));
        Assert.False(skb.Pull(-1));
        Assert.Equal(10, skb.HeadLength);
        Assert.True(skb.Pull(10));
    }

    [Fact]
    public void Fragments_count_into_the_length_until_the_packet_goes_home()
    {
        var skb = _pool.Rent()!;
        skb.Put(10);
        for (var i = 0; i < SkbSharedInfo.MaxFrags; i++) Assert.True(skb.Shared.TryAddFrag(new SkbFrag(new byte[100], 20, 30)));
        Assert.False(skb.Shared.TryAddFrag(new SkbFrag([], 0, 0)));
        skb.Shared.GsoSize = 30;
        Assert.Equal((10, 10 + (17 * 30)), (skb.HeadLength, skb.Length));
        skb.Free(SkbDropReason.CONSUMED);
        var again = _pool.Rent()!;
        Assert.Same(skb, again);
        Assert.Equal((0, 0, 0), (again.Length, again.Shared.NrFrags, again.Shared.GsoSize));
    }

    [Fact]
    public void Each_holder_frees_once_and_the_last_sends_it_home()
    {
        var skb = _pool.Rent()!;
        Assert.Same(skb, skb.Hold());
        Assert.Equal(2, skb.Users);
        Assert.False(skb.Free(SkbDropReason.CONSUMED));
        Assert.Equal(1, _pool.Outstanding);
        Assert.True(skb.Free(SkbDropReason.NO_SOCKET));
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Freeing_twice_or_without_a_reason_throws()
    {
        var skb = _pool.Rent()!;
        Assert.Throws<InvalidOperationException>(() => skb.Free(SkbDropReason.NOT_DROPPED_YET));
        skb.Free(SkbDropReason.CONSUMED);
        Assert.Throws<InvalidOperationException>(() => skb.Free(SkbDropReason.CONSUMED));
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Holding_what_was_freed_throws()
    {
        var skb = _pool.Rent()!;
        skb.Free(SkbDropReason.CONSUMED);
        Assert.Throws<InvalidOperationException>(() => skb.Hold());
    }

    [Fact]
    public void A_rented_packet_remembers_nothing_of_its_last_life()
    {
        var skb = _pool.Rent()!;
        skb.Reserve(3);
        (skb.Hash, skb.L4Hash, skb.Mark, skb.Protocol, skb.VlanTci, skb.Id) = (1, true, 2, 0x800, 5, 77);
        (skb.IpSummed, skb.PacketType, skb.Arrival, skb.VisibleFrom) = (ChecksumState.Partial, PacketType.Multicast, new(5), new(6));
        (skb.QueueMapping, skb.MacHeader, skb.NapiId, skb.IfIndex, skb.TrueSize) = (1, 2, 3, 4, 5);
        skb.Cb.SourcePort = 9;
        skb.Free(SkbDropReason.CONSUMED);
        skb = _pool.Rent()!;
        Assert.Equal((0u, false, 0u, 0, null, 0L), (skb.Hash, skb.L4Hash, skb.Mark, skb.Protocol, skb.VlanTci, skb.Id));
        Assert.Equal((ChecksumState.None, PacketType.Host), (skb.IpSummed, skb.PacketType));
        Assert.Equal((KernelTime.Zero, KernelTime.Zero), (skb.Arrival, skb.VisibleFrom));
        Assert.Equal((0, 0, 0, 0, 0), (skb.QueueMapping, skb.MacHeader, skb.NapiId, skb.IfIndex, skb.Headroom));
        Assert.Equal(SkBuff.TrueSizeOf(512), skb.TrueSize);
        Assert.Equal(0, skb.Cb.SourcePort);
    }

    [Theory] // specification section 11.2; the power-of-two heads follow kmalloc_reserve
    [InlineData(KernelVersion.V6, 20, 832)]
    [InlineData(KernelVersion.V6, 256, 832)]
    [InlineData(KernelVersion.V6, 257, 1280)]
    [InlineData(KernelVersion.V6, 1600, 2304)]
    [InlineData(KernelVersion.V6, 2048, 4352)]
    [InlineData(KernelVersion.V310, 128, 768)]
    [InlineData(KernelVersion.V310, 256, 1280)]
    [InlineData(KernelVersion.V310, 1600, 2304)]
    public void The_charge_is_what_the_allocator_gives(KernelVersion kernel, int room, int expected)
    {
        Assert.Equal(expected, SkBuff.TrueSizeOf(room, kernel));
        Assert.Equal(expected, new SkbPool(4096, 1, kernel: kernel).Rent(room)!.TrueSize);
    }

    [Fact]
    public void The_default_receive_buffer_takes_256_small_datagrams() => Assert.Equal(212992, 256 * SkBuff.TrueSizeOf(20));
}
