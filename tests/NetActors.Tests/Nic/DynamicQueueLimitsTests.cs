using CsCheck;
using NetActors.Nic;
using NetActors.Time;

namespace NetActors.Tests.Nic;

/// <summary>BQL (lib/dynamic_queue_limits.c): the limit is what keeps the hardware busy from one completion to the next, and little more.</summary>
public class DynamicQueueLimitsTests
{
    [Fact]
    public void A_new_queue_stops_behind_its_first_packet()
    {
        var limits = new DynamicQueueLimits();
        Assert.Equal(0, limits.Available);
        limits.Queued(1514);
        Assert.Equal((-1514, 1514u), (limits.Available, limits.InFlight));
        limits.Completed(1514, KernelTime.Zero);
        Assert.Equal((0u, 1514u), (limits.InFlight, limits.Limit)); // it ran dry over its limit by as much
        Assert.True(limits.Available >= 0);
    }

    /// <summary>A line of 1.25 bytes a nanosecond that says every <paramref name="interval"/> what is done; the stack always has more.</summary>
    [Theory]
    [InlineData(10_000)]
    [InlineData(50_000)]
    [InlineData(200_000)]
    public void The_limit_converges_to_what_the_line_sends_between_two_completions(int interval)
    {
        var (limits, queue) = (new DynamicQueueLimits(), 0.0);
        var (dry, now, worked) = (0, 0L, 0.0);
        var needed = interval * 1.25;
        var sizes = new List<uint>();
        for (var i = 0; i < 60_000_000 / interval * 100; i++)
        {
            while (limits.Available >= 0)
            {
                limits.Queued(1514);
                queue += 1514;
            }

            now += interval;
            var sent = Math.Min(queue, worked + needed);
            if (queue < worked + needed && now > 3_000_000_000) dry++;
            var whole = (int)(sent / 1514) * 1514;
            worked = sent - whole;
            queue -= whole;
            if (whole > 0) limits.Completed(whole, new KernelTime(now));
            if (now > 3_000_000_000) sizes.Add(limits.Limit);
        }

        Assert.InRange(sizes.Average(s => s), needed, (needed * 2.2) + (4 * 1514));
        Assert.InRange(dry / (double)sizes.Count, 0, 0.02);
    }

    [Fact]
    public void The_limit_falls_when_less_is_needed_for_a_second()
    {
        var limits = new DynamicQueueLimits();
        var now = 0L;
        Drive(limits, ref now, 50_000, 1000, 60_000); // 60 kB between completions
        var high = limits.Limit;
        Drive(limits, ref now, 50_000, 100_000, 6_000);
        Assert.InRange(high, 60_000u, 200_000u);
        Assert.True(limits.Limit < high / 3, $"{high} -> {limits.Limit}");
    }

    [Fact]
    public void The_limit_stays_between_its_bounds()
    {
        var limits = new DynamicQueueLimits { MinLimit = 3000, MaxLimit = 9000 };
        var now = 0L;
        Drive(limits, ref now, 50_000, 2000, 60_000);
        Assert.Equal(9000u, limits.Limit);
        Drive(limits, ref now, 50_000, 100_000, 100);
        Assert.InRange(limits.Limit, 3000u, 9000u);
    }

    [Fact]
    public void Whatever_is_queued_and_completed_the_books_agree()
    {
        Gen.Select(Gen.Int[1, 65_536].Array[1, 300], Gen.ULong).Sample((sizes, seed) =>
        {
            var (limits, random, waiting) = (new DynamicQueueLimits(), new KernelRandom(seed), new Queue<int>());
            var now = 0L;
            foreach (var size in sizes)
            {
                if (limits.Available >= 0 || waiting.Count == 0)
                {
                    limits.Queued(size);
                    waiting.Enqueue(size);
                }

                var done = 0;
                for (var n = random.NextBelow(4); n > 0 && waiting.Count > 0; n--) done += waiting.Dequeue();
                now += random.NextBelow(100_000_000);
                if (done > 0) limits.Completed(done, new KernelTime(now));
                Assert.Equal((uint)waiting.Sum(), limits.InFlight);
                Assert.True(waiting.Count > 0 || limits.Available >= 0, "an empty queue that is stopped would never go on");
            }
        });
    }

    private static void Drive(DynamicQueueLimits limits, ref long now, int interval, int times, int bytesEach)
    {
        var (queued, carry) = (0, 0);
        for (var i = 0; i < times; i++)
        {
            while (limits.Available >= 0)
            {
                limits.Queued(1500);
                queued += 1500;
            }

            now += interval;
            carry += bytesEach;
            var done = Math.Min(queued, carry / 1500 * 1500);
            carry = queued < carry ? 0 : carry - done;
            queued -= done;
            if (done > 0) limits.Completed(done, new KernelTime(now));
        }
    }
}
