using CsCheck;
using NetActors.Costs;
using NetActors.Nic;
using NetActors.Tests.Hosts;

namespace NetActors.Tests.Nic;

/// <summary>The accounting of page pools (kernel: net/core/page_pool.c).</summary>
public sealed class PagePoolTests
{
    [Fact]
    public void The_allocator_gives_64_pages_at_a_time()
    {
        var pool = new PagePool(256);
        for (var i = 0; i < 130; i++) pool.Alloc();
        Assert.Equal((127L, 3L, 3L, 0L), (pool.AllocFast, pool.AllocSlow, pool.AllocEmpty, pool.AllocRefill));
        Assert.Equal(62, pool.Cached);
    }

    [Fact]
    public void An_empty_cache_is_filled_from_the_ring_first()
    {
        var pool = new PagePool(256);
        for (var i = 0; i < 64; i++) pool.Alloc();
        for (var i = 0; i < 40; i++) Assert.True(pool.TryPutOnRing());
        Assert.Equal(0, pool.Alloc());
        Assert.Equal((1L, 1L, 39), (pool.AllocRefill, pool.AllocSlow, pool.Cached));
        Assert.Equal(0, pool.InRing);
    }

    [Fact]
    public void Cache_and_ring_are_bounded_and_what_they_refuse_is_counted()
    {
        var pool = new PagePool(16);
        for (var i = 0; i < 256; i++) pool.Alloc();
        for (var i = 0; i < 130; i++) pool.TryPutInCache();
        for (var i = 0; i < 20; i++) pool.TryPutOnRing();
        Assert.Equal((128L, 2L), (pool.RecycleCached, pool.RecycleCacheFull));
        Assert.Equal((16L, 4L), (pool.RecycleRing, pool.RecycleRingFull));
    }

    [Fact]
    public void No_page_is_lost_whatever_is_done() => Gen.Int[0, 2].List[0, 2000].Sample(steps =>
    {
        var pool = new PagePool(100);
        var taken = 0L;
        foreach (var step in steps)
        {
            if (step == 0)
            {
                pool.Alloc();
                taken++;
            }
            else if (taken > 0 && (step == 1 ? pool.TryPutInCache() : pool.TryPutOnRing()))
            {
                taken--;
            }
            else if (taken > 0)
            {
                taken--; // the allocator has it
            }
        }

        var released = pool.RecycleCacheFull + pool.RecycleRingFull;
        Assert.Equal(pool.AllocSlow * PagePool.Refill, taken + pool.Cached + pool.InRing + released);
    });

    private static Running Run(string device, string tasks, string rate = "500kpps", CostModel? costs = null) => new(
        Yaml.Server(cpus: 2, device: $"queues: 1, ring: {{ rx: 512 }} {device}", tasks: tasks, traffic: Yaml.Flood(rate, ", stop: 20ms")), costs);

    private static long Count(Running run, string name) => run.Device("eth0").Ethtool.Single(e => e.Name == "rx0_pp_" + name).Value;

    [Fact]
    public void What_the_driver_drops_goes_back_to_the_cache()
    {
        using var run = Run(", xdp: { program: drop }", Yaml.Sink());
        run.Until(25_000);
        Assert.Equal((10_000L, 0L), (Count(run, "recycle_cached"), Count(run, "recycle_ring")));
        Assert.Equal(8, Count(run, "alloc_slow")); // 511 descriptors at the start
    }

    [Fact]
    public void What_a_program_has_read_goes_over_the_ring_and_is_fetched_together()
    {
        using var run = Run("", Yaml.Sink("cpus: \"1\", batch: 32"));
        run.Until(25_000);
        Assert.Equal((0L, 10_000L), (Count(run, "recycle_cached"), Count(run, "recycle_ring")));
        Assert.InRange(Count(run, "alloc_refill"), 10_000 / 64, 10_000 / 16); // a driver posts 16 at least
        Assert.InRange(Count(run, "alloc_slow"), 8, 11);
    }

    [Fact]
    public void Packets_that_wait_in_sockets_make_the_pool_ask_the_allocator()
    {
        using var run = Run("", Yaml.DeafSink.Replace("start: 19s", "start: 19s, rcvbuf: 4MiB", StringComparison.Ordinal));
        run.Until(25_000);
        Assert.True(Count(run, "alloc_slow") > 8 + 5, $"{Count(run, "alloc_slow")}");
    }

    [Fact]
    public void The_ring_costs_who_gives_a_page_back_and_the_allocator_who_takes_one()
    {
        var costs = CostModel.Zero.With(CostOp.PagePoolRing, 100).With(CostOp.PagePoolSlow, 1000);
        using var run = Run("", Yaml.Sink("cpus: \"1\", batch: 32"), costs: costs);
        run.Until(25_000);
        Assert.Equal(10_000 * 100, run.Cpu(1).SystemNs);
        Assert.Equal((Count(run, "alloc_slow") - 8) * 64 * 1000, run.Cpu(0).SoftirqNs);
    }

    [Fact]
    public void Version_3_10_has_none()
    {
        using var run = new Running(Yaml.Server(device: "queues: 1", tasks: Yaml.Sink(), top: "kernel: \"3.10\"", traffic: Yaml.Flood("100kpps", ", stop: 1ms")));
        run.Until(5_000);
        Assert.DoesNotContain(run.Device("eth0").Ethtool, e => e.Name.Contains("_pp_", StringComparison.Ordinal));
    }
}
