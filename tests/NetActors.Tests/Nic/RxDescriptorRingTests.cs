using CsCheck;
using NetActors.Nic;

namespace NetActors.Tests.Nic;

public sealed class RxDescriptorRingTests
{
    [Fact]
    public void A_ring_of_n_takes_n_minus_1()
    {
        var ring = new RxDescriptorRing(64, 16);
        for (var i = 0; i < 63; i++) Assert.True(ring.TryFill());
        Assert.False(ring.TryFill());
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    public void Cleaned_descriptors_wait_until_a_batch_is_together(int batch)
    {
        var ring = new RxDescriptorRing(512, batch);
        for (var i = 0; i < batch; i++) ring.TryFill();
        for (var i = 1; i <= batch; i++)
        {
            ring.OnCleaned();
            Assert.Equal(i == batch, ring.NeedsRefill);
        }

        Assert.Equal(batch, ring.Refill());
        Assert.Equal(511, ring.Posted);
    }

    [Fact]
    public void A_failed_allocation_leaves_its_slot_unfilled_until_the_next_refill()
    {
        var ring = new RxDescriptorRing(64, 16);
        ring.OnAllocationFailed();
        Assert.Equal((62, 1), (ring.Posted, ring.Unused));
        Assert.Equal(0, ring.Refill(0));
        Assert.Equal(1, ring.Refill());
    }

    [Fact]
    public void A_long_packet_takes_all_its_descriptors_or_none()
    {
        var ring = new RxDescriptorRing(4, 16);
        Assert.False(ring.TryFill(4));
        Assert.True(ring.TryFill(3));
        ring.Resize(8);
        Assert.Equal((7, 0, 0), (ring.Posted, ring.Done, ring.Unused));
    }

    [Fact]
    public void Descriptors_are_conserved()
    {
        Gen.Select(Gen.Int[2, 600], Gen.Int[1, 40], Gen.Int[0, 3].Array[0, 200]).Sample((size, batch, steps) =>
        {
            var ring = new RxDescriptorRing(size, batch);
            foreach (var step in steps)
            {
                if (step <= 1) ring.TryFill();
                else if (step == 2 && ring.Done > 0) ring.OnCleaned();
                else if (ring.NeedsRefill) ring.Refill();
                if (ring.Posted < 0 || ring.Unused < 0 || ring.Posted + ring.Done + ring.Unused != size - 1) return false;
            }

            return true;
        });
    }
}
