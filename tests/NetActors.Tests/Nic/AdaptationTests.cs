using NetActors.Nic;
using NetActors.Time;

namespace NetActors.Tests.Nic;

public sealed class AdaptationTests
{
    private readonly DynamicModeration _dim = new();
    private long _microseconds;
    private long _packets;
    private long _bytes;

    [Fact]
    public void Dim_measures_every_64_interrupts()
    {
        Measure(100, 10_000, interrupts: 1); // begins the measurement
        Measure(100, 10_000, interrupts: 63);
        Assert.Equal(DimState.ParkingOnTop, _dim.State);
        Measure(1, 100, interrupts: 1);
        Assert.NotEqual(DimState.ParkingOnTop, _dim.State);
    }

    [Fact]
    public void Dim_leaves_its_park_towards_less_moderation_and_turns_when_it_gets_worse()
    {
        Measure(100, 10_000);
        Assert.True(Measure(100, 10_000)); // first rates after none: better
        Assert.Equal((DimState.GoingLeft, 0), (_dim.State, _dim.Profile));
        Measure(100, 10_000);
        Assert.True(Measure(50, 5_000));
        Assert.Equal((DimState.GoingRight, 1), (_dim.State, _dim.Profile));
    }

    [Fact]
    public void Dim_parks_at_the_end_of_its_profiles()
    {
        Measure(100, 10_000);
        Measure(100, 10_000);
        Measure(100, 10_000);
        Assert.False(Measure(400, 40_000)); // better, but there is nothing left of profile 0
        Assert.Equal((DimState.ParkingOnTop, 0), (_dim.State, _dim.Profile));
    }

    [Fact]
    public void Dim_goes_on_while_every_step_is_better_and_stays_at_the_top_while_nothing_changes()
    {
        var packets = 100L;
        Measure(packets, packets * 100);
        Measure(packets, packets * 100);
        for (var step = 0; step < 20 && !(_dim is { Profile: 4, State: DimState.ParkingOnTop }); step++)
        {
            packets = _dim.State == DimState.GoingLeft ? packets / 2 : packets * 2; // moderation pays off
            Measure(packets, packets * 100);
            Measure(packets, packets * 100);
        }

        Assert.Equal(4, _dim.Profile);
    }

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

    private bool Measure(long packets, long bytes, int interrupts = 64)
    {
        for (var i = 0; i < interrupts; i++) _dim.OnInterrupt();
        (_microseconds, _packets, _bytes) = (_microseconds + 1000, _packets + packets, _bytes + bytes);
        return _dim.OnSample(KernelTime.FromMicroseconds(_microseconds), _packets, _bytes);
    }
}
