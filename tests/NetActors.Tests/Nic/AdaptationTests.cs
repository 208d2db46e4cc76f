using NetActors.Nic;
using NetActors.Time;

namespace NetActors.Tests.Nic;

public sealed class AdaptationTests
{
    [Theory]
    [InlineData(1, 64, 12)] // latency mode, 64-byte frames: (64 * 40 + 2720) / 2 = 2640, so 6 steps of 2
    [InlineData(3, 4500, 60)] // (1500 * 5 + 22420) / 2 = 14960, so 30 steps
    [InlineData(10, 10_000, 52)]
    [InlineData(60, 60_000, 50)]
    [InlineData(200, 200_000, 24)] // 25, of which the register keeps even numbers
    [InlineData(300, 18_000, 20)] // bulk: 60-byte frames, 5120 -> 20 us
    [InlineData(0, 0, 52)]
    public void Itr_follows_packets_and_bytes_of_an_interrupt(long packets, long bytes, int microseconds)
    {
        var itr = new AdaptiveItr(KernelTime.FromMilliseconds(4));
        itr.Update(KernelTime.Zero, packets, bytes);
        Assert.Equal(microseconds, itr.Usecs);
    }

    [Fact]
    public void Itr_stays_below_its_limit_and_forgets_after_a_quiet_jiffy()
    {
        var itr = new AdaptiveItr(KernelTime.FromMilliseconds(4));
        for (var i = 0; i < 100; i++) itr.Update(KernelTime.FromMicroseconds(i), 10, 1000);
        Assert.Equal(126, itr.Usecs);
        itr.Update(KernelTime.FromMilliseconds(40), 10, 1000);
        Assert.Equal(10, itr.Usecs);
    }
}
