using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Neighbours;
using NetActors.Time;

namespace NetActors.Tests.Neighbours;

public class NeighbourTableTests
{
    private static readonly MacAddress Mac = MacAddress.Local(7);
    private static readonly KernelTime Start = KernelTime.FromSeconds(100);
    private readonly SkbPool _pool = new(2048, 64);

    [Fact]
    public void An_entry_is_found_by_device_and_address()
    {
        var table = new NeighbourTable(new NeighbourTableSettings(), 1);
        var made = table.LookupOrCreate(1, 10, Start);
        Assert.Same(made, table.Lookup(1, 10));
        Assert.Same(made, table.LookupOrCreate(1, 10, Start));
        Assert.Null(table.Lookup(2, 10));
        Assert.Equal((1L, 1L), (table.Stats.Allocs, (long)table.Count));
    }

    [Fact]
    public void Waiting_packets_go_out_in_order_once_the_address_is_known()
    {
        var table = new NeighbourTable(new NeighbourTableSettings(), 1);
        var n = table.LookupOrCreate(1, 10, Start)!;
        var (first, second) = (_pool.Rent()!, _pool.Rent()!);
        Assert.Equal(NudEffects.Queue | NudEffects.Solicit, table.Output(n, first, Start));
        Assert.Equal(NudEffects.Queue, table.Output(n, second, Start));
        Assert.Same(second, n.PeekNewest);
        var effects = table.Update(n, Mac, NudState.Reachable, NudUpdateFlags.None, Start, out _);
        Assert.True(effects.HasFlag(NudEffects.SendQueue));
        Assert.Equal(Mac, n.HardwareAddress);
        Assert.True(n.TryDequeue(out var out1) && n.TryDequeue(out var out2) && out1 == first && out2 == second);
        Assert.False(n.TryDequeue(out _));
        Assert.Equal((0, 0), (n.QueuedBytes, n.QueuedPackets));
        Free(first, second);
    }

    [Fact]
    public void A_full_unresolved_queue_drops_the_oldest()
    {
        var truesize = SkBuff.TrueSizeOf(2048);
        var table = new NeighbourTable(new NeighbourTableSettings { Parms = new NudParms { UnresQlenBytes = 2 * truesize } }, 1);
        var n = table.LookupOrCreate(1, 10, Start)!;
        for (var i = 0; i < 5; i++)
        {
            var skb = _pool.Rent()!;
            skb.Id = i;
            table.Output(n, skb, Start);
        }

        Assert.Equal((2, 2 * truesize, 3L), (n.QueuedPackets, n.QueuedBytes, table.Stats.UnresolvedDiscards));
        Assert.Equal(3, n.PeekOldest!.Id);
        table.Remove(n);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Due_entries_come_in_order_of_creation_and_the_deadline_is_known()
    {
        var table = new NeighbourTable(new NeighbourTableSettings(), 1);
        for (var address = 30u; address > 10; address -= 10) table.Output(table.LookupOrCreate(1, address, Start)!, _pool.Rent()!, Start);
        Assert.Equal(Start + KernelTime.FromSeconds(1), table.Deadline);
        Assert.False(table.TryTakeDue(Start, out _, out _));
        var now = table.Deadline;
        Assert.True(table.TryTakeDue(now, out var first, out var effects));
        Assert.Equal((30u, NudEffects.Solicit), (first.Address, effects));
        Assert.True(table.TryTakeDue(now, out var second, out _));
        Assert.Equal(20u, second.Address);
        Assert.False(table.TryTakeDue(now, out _, out _));
        Assert.Equal(now + KernelTime.FromSeconds(1), table.Deadline);
        table.IfDown(1);
        Assert.Equal((0, 0L), (table.Count, _pool.Outstanding));
    }

    [Fact]
    public void A_failed_resolution_counts_and_leaves_its_queue_to_the_caller()
    {
        var table = new NeighbourTable(new NeighbourTableSettings(), 1);
        var n = table.LookupOrCreate(1, 10, Start)!;
        table.Output(n, _pool.Rent()!, Start);
        var effects = NudEffects.None;
        for (var i = 0; i < 3; i++)
        {
            var taken = table.TryTakeDue(table.Deadline, out _, out effects); // false once the table knows its next deadline
            Assert.True(taken || table.TryTakeDue(table.Deadline, out _, out effects));
        }

        Assert.Equal(NudEffects.FailQueue | NudEffects.Notify, effects);
        Assert.Equal((1L, 1), (table.Stats.ResFailed, n.QueuedPackets));
        Assert.True(n.TryDequeue(out var skb));
        skb.Free(SkbDropReason.NEIGH_FAILED);
    }

    [Fact]
    public void A_full_table_refuses_and_counts()
    {
        var table = new NeighbourTable(new NeighbourTableSettings { GcThresh1 = 1, GcThresh2 = 2, GcThresh3 = 4 }, 1);
        for (var address = 1u; address <= 4; address++) table.Output(table.LookupOrCreate(1, address, Start)!, _pool.Rent()!, Start);
        Assert.Null(table.LookupOrCreate(1, 5, Start)); // all are being resolved: none may go
        Assert.Equal(1, table.Stats.TableFulls);
        Assert.NotNull(table.LookupOrCreate(9, 5, Start, exemptFromGc: true)); // loopback is not counted
        table.IfDown(1);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void A_crowded_table_makes_room_by_what_has_not_changed_for_5_s()
    {
        var table = new NeighbourTable(new NeighbourTableSettings { GcThresh1 = 1, GcThresh2 = 2, GcThresh3 = 4 }, 1);
        for (var address = 1u; address <= 4; address++)
        {
            var n = table.LookupOrCreate(1, address, Start)!;
            table.Update(n, Mac, NudState.Stale, NudUpdateFlags.None, Start, out _);
        }

        Assert.NotNull(table.LookupOrCreate(1, 5, Start + KernelTime.FromSeconds(6)));
        Assert.Equal((2, 3L), (table.Count, table.Stats.Destroys));
        Assert.NotNull(table.Lookup(1, 4)); // oldest went first
    }

    [Fact]
    public void The_periodic_collection_takes_failed_and_unused_entries()
    {
        var table = new NeighbourTable(new NeighbourTableSettings { GcThresh1 = 0 }, 1);
        var failed = table.LookupOrCreate(1, 1, Start)!;
        table.Update(failed, null, NudState.Failed, NudUpdateFlags.None, Start, out _);
        table.Update(table.LookupOrCreate(1, 2, Start)!, Mac, NudState.Stale, NudUpdateFlags.None, Start, out _);
        table.Update(table.LookupOrCreate(1, 3, Start)!, Mac, NudState.Permanent, NudUpdateFlags.Admin, Start, out _);
        table.PeriodicGc(Start + KernelTime.FromSeconds(59));
        Assert.True(failed.IsDead);
        Assert.Equal(2, table.Count);
        table.PeriodicGc(Start + KernelTime.FromSeconds(61));
        Assert.Equal(3u, table.First!.Address);
        Assert.Null(NeighbourTable.Next(table.First));
    }

    [Fact]
    public void A_packet_for_a_dead_entry_is_dropped()
    {
        var table = new NeighbourTable(new NeighbourTableSettings(), 1);
        var n = table.LookupOrCreate(1, 1, Start)!;
        table.Remove(n);
        Assert.Equal(NudEffects.None, table.Output(n, _pool.Rent()!, Start));
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Lookups_survive_growth_and_allocate_nothing()
    {
        var table = new NeighbourTable(new NeighbourTableSettings(), 0x1234);
        for (var address = 0u; address < 500; address++) table.LookupOrCreate(1, address, Start);
        Assert.True(table.Stats.HashGrows > 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var address = 0u; address < 500; address++) Assert.NotNull(table.Lookup(1, address));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Free(params SkBuff[] packets)
    {
        foreach (var skb in packets) skb.Free(SkbDropReason.CONSUMED);
    }
}
