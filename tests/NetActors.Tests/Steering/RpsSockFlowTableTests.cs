using NetActors.Steering;

namespace NetActors.Tests.Steering;

/// <summary>Specification sections 6.1 and 6.2.</summary>
public class RpsSockFlowTableTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(32768, 32768)]
    [InlineData(32769, 65536)]
    public void Entries_are_rounded_up_to_a_power_of_two(int asked, int entries) => // 6.1
        Assert.Equal(entries, new RpsSockFlowTable(KernelVersion.V6, asked, 4).Entries);

    [Fact]
    public void Flow_that_nobody_recorded_is_not_found() // 6.1: empty is 0xffff
    {
        var table = new RpsSockFlowTable(KernelVersion.V6, 256, 4);
        Assert.False(table.TryGet(0x12345678, out _));
    }

    [Fact]
    public void Recorded_cpu_is_found_by_its_flow_only() // 6.1: the upper bits of the hash are in the entry
    {
        var table = new RpsSockFlowTable(KernelVersion.V6, 256, 16);
        table.Record(0xABCD_0042, 9);
        Assert.True(table.TryGet(0xABCD_0042, out var cpu));
        Assert.Equal(9, cpu);
        Assert.False(table.TryGet(0xABCE_0042, out _)); // same place, another flow
        table.Record(0xABCE_0042, 3);
        Assert.False(table.TryGet(0xABCD_0042, out _)); // the later one took it over
    }

    [Fact]
    public void Flows_that_differ_only_in_the_cpus_bits_share_the_entry() // 6.1: M = roundup_pow2(nr_cpu_ids) - 1
    {
        var table = new RpsSockFlowTable(KernelVersion.V6, 4, 64); // 2 bits of place, 6 bits of CPU
        table.Record(0xABCD_0000, 33);
        Assert.True(table.TryGet(0xABCD_0010, out var cpu)); // bit 4 is neither in the place nor in what is compared
        Assert.Equal(33, cpu);
    }

    [Fact]
    public void Hash_0_is_never_recorded()
    {
        var table = new RpsSockFlowTable(KernelVersion.V310, 4, 4);
        table.Record(0, 2);
        table.TryGet(4, out var cpu);
        Assert.Equal(0xFFFF, cpu);
    }

    [Fact]
    public void Deleted_entry_is_empty_whoever_had_it() // 6.2: sock_rps_delete_flow, rps_reset_sock_flow
    {
        var table = new RpsSockFlowTable(KernelVersion.V6, 256, 4);
        table.Record(0xABCD_0042, 1);
        table.Delete(0x1111_0042);
        Assert.False(table.TryGet(0xABCD_0042, out _));
    }

    [Fact]
    public void V310_entries_belong_to_whoever_hashes_there() // 6.1: u16 CPU only, no hash tag
    {
        var table = new RpsSockFlowTable(KernelVersion.V310, 256, 4);
        Assert.True(table.TryGet(0x42, out var none));
        Assert.Equal(0xFFFF, none);
        table.Record(0xABCD_0042, 3);
        Assert.True(table.TryGet(0x1111_0042, out var cpu));
        Assert.Equal(3, cpu);
    }
}
