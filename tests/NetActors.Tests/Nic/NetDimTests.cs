using NetActors.Nic;
using NetActors.Time;

namespace NetActors.Tests.Nic;

/// <summary>Decision by decision as <c>net_dim_decision</c> and what it calls take them (lib/dim/net_dim.c, lib/dim/dim.c).</summary>
public sealed class NetDimTests
{
    private readonly NetDim _dim = new();
    private long _microseconds;
    private long _packets;
    private long _bytes;

    [Fact]
    public void It_begins_parked_at_profile_0_and_measures_64_interrupts()
    {
        Assert.Equal((DimState.ParkingOnTop, 0, DimPhase.StartMeasure), (_dim.State, _dim.Profile, _dim.Phase));
        Assert.False(Sample(1000, 100, 10_000, interrupts: 100)); // begins the measurement, whatever came before
        Assert.Equal(DimPhase.MeasureInProgress, _dim.Phase);
        Assert.False(Sample(1000, 100, 10_000, interrupts: 63));
        Assert.Equal((DimState.ParkingOnTop, 0), (_dim.State, _dim.Profile));
        Assert.True(Sample(1, 100, 10_000, interrupts: 1));
    }

    [Fact]
    public void The_first_traffic_after_none_is_better_and_leaves_the_park_to_the_right_from_profile_0() // net_dim_exit_parking
    {
        Measure(100, 1000);
        Assert.Equal((DimState.GoingRight, 1), (_dim.State, _dim.Profile));
    }

    [Fact]
    public void Between_decision_and_programming_nothing_is_measured()
    {
        Sample(1000, 100, 10_000);
        Assert.True(Sample(1000, 100, 10_000));
        Assert.Equal(DimPhase.ApplyNewProfile, _dim.Phase);
        for (var i = 0; i < 5; i++) Assert.False(Sample(1000, 100 << i, 10_000 << i));
        Assert.Equal(1, _dim.Profile);
        _dim.OnProgrammed();
        Assert.Equal(DimPhase.StartMeasure, _dim.Phase);
        Assert.False(Sample(1000, 100, 10_000)); // a measurement begins anew
        Assert.True(Sample(1000, 500, 50_000));
        Assert.Equal(2, _dim.Profile);
    }

    [Fact]
    public void While_each_step_is_better_it_goes_on_to_the_edge_and_parks_there()
    {
        for (var i = 0; i < 4; i++) Measure(100 << i, 1000);
        Assert.Equal((DimState.GoingRight, 4), (_dim.State, _dim.Profile));
        Measure(1600, 1000);
        Assert.Equal((DimState.ParkingOnTop, 4), (_dim.State, _dim.Profile)); // DIM_ON_EDGE
    }

    [Fact]
    public void It_turns_when_a_step_made_nothing_better() // dim_turn; the same is as bad as worse
    {
        Measure(100, 1000);
        Measure(200, 1000);
        Assert.Equal((DimState.GoingRight, 2), (_dim.State, _dim.Profile));
        Measure(200, 1000);
        Assert.Equal((DimState.GoingLeft, 1), (_dim.State, _dim.Profile));
    }

    [Fact]
    public void One_step_back_after_several_parks_it_on_top() // dim_on_top
    {
        Measure(100, 1000);
        Measure(200, 1000);
        Measure(400, 1000);
        Assert.Equal((DimState.GoingRight, 3), (_dim.State, _dim.Profile));
        Measure(300, 1000); // worse: back to 2, one step left behind three to the right
        Assert.Equal((DimState.GoingLeft, 2), (_dim.State, _dim.Profile));
        Measure(400, 1000); // better, but it is on top
        Assert.Equal((DimState.ParkingOnTop, 2), (_dim.State, _dim.Profile));
    }

    [Fact]
    public void Parked_on_top_it_compares_with_what_it_parked_with_until_that_is_more_than_a_tenth_off()
    {
        One_step_back_after_several_parks_it_on_top();
        for (var i = 1; i <= 10; i++) Measure(400 + (i * 4), 1000); // creeps by 10 % in all: still the same as when it parked
        Assert.Equal((DimState.ParkingOnTop, 2), (_dim.State, _dim.Profile));
        Measure(445, 1000);
        Assert.Equal((DimState.GoingLeft, 1), (_dim.State, _dim.Profile));
    }

    [Fact]
    public void Ten_steps_without_a_top_make_it_tired_and_it_rests_for_ten_measurements() // DIM_TOO_TIRED, DIM_PARKING_TIRED
    {
        Measure(100, 1000); // 0 -> 1, tired 1
        for (var step = 2; step <= 10; step++)
        {
            Measure(100, 1000); // the same: it turns and steps to and fro between 0 and 1
            Assert.NotEqual(DimState.ParkingTired, _dim.State);
        }

        Measure(100, 1000);
        Assert.Equal((DimState.ParkingTired, 0), (_dim.State, _dim.Profile));
        for (var rest = 1; rest < 10; rest++)
        {
            Measure(100 << rest, 1000); // whatever comes
            Assert.Equal(DimState.ParkingTired, _dim.State);
        }

        Measure(100, 1000);
        Assert.Equal((DimState.GoingRight, 1), (_dim.State, _dim.Profile));
    }

    [Theory]
    [InlineData(100, 1000, 1000, 111, 1000, 1000, true)] // bytes first: more than a tenth more is better
    [InlineData(100, 1000, 1000, 110, 1000, 1000, false)] // a tenth is not significant
    [InlineData(100, 1000, 1000, 100, 500, 1000, true)] // same bytes in more packets
    [InlineData(100, 1000, 1000, 100, 1000, 2000, false)] // half the rate of everything is worse, though fewer interrupts
    public void Bytes_come_before_packets_before_interrupts(long packets, long size, long span, long packets2, long size2, long span2, bool goesOn)
    {
        var factor = size / size2;
        Measure(packets, size, span);
        Measure(packets2 * factor, size2, span2);
        Assert.Equal(goesOn ? DimState.GoingRight : DimState.GoingLeft, _dim.State);
    }

    [Fact]
    public void The_same_traffic_with_fewer_interrupts_is_better()
    {
        Measure(100, 1000, 1000);
        Measure(200, 1000, 2000); // as much a millisecond, and half the interrupts
        Assert.Equal((DimState.GoingRight, 2), (_dim.State, _dim.Profile));
        Measure(100, 1000, 1000);
        Assert.Equal((DimState.GoingLeft, 1), (_dim.State, _dim.Profile));
    }

    [Fact]
    public void Counters_wrap_as_the_kernels_do()
    {
        _packets = uint.MaxValue - 50L;
        _bytes = uint.MaxValue - 50_000L;
        for (var i = 0; i < 65_500; i++) _dim.OnInterrupt(); // event_ctr has 16 bits
        Measure(100, 1000);
        Measure(200, 1000);
        Assert.Equal((DimState.GoingRight, 2), (_dim.State, _dim.Profile));
    }

    [Fact]
    public void Profiles_are_the_kernels()
    {
        Assert.Equal([(1, 256), (8, 256), (64, 256), (128, 256), (256, 256)], All(DimProfiles.Rx, false));
        Assert.Equal([(2, 256), (8, 128), (16, 64), (32, 64), (64, 64)], All(DimProfiles.Rx, true));
        Assert.Equal([(1, 128), (8, 128), (32, 128), (64, 128), (128, 128)], All(DimProfiles.Tx, false));
        Assert.Equal([(5, 128), (8, 64), (16, 32), (32, 32), (64, 32)], All(DimProfiles.Tx, true));
    }

    private static IEnumerable<(int, int)> All(Func<bool, int, DimModeration> profiles, bool fromCompletion) =>
        Enumerable.Range(0, NetDim.Profiles).Select(i => profiles(fromCompletion, i)).Select(m => (m.Usecs, m.Frames));

    /// <summary>A whole measurement, from one sample to another; what is chosen is programmed at once.</summary>
    private void Measure(long packets, long size, long microseconds = 1000)
    {
        if (_dim.Phase == DimPhase.StartMeasure) Sample(1, 0, 0);
        if (Sample(microseconds, packets, packets * size)) _dim.OnProgrammed();
    }

    private bool Sample(long microseconds, long packets, long bytes, int interrupts = 64)
    {
        for (var i = 0; i < interrupts; i++) _dim.OnInterrupt();
        (_microseconds, _packets, _bytes) = (_microseconds + microseconds, _packets + packets, _bytes + bytes);
        return _dim.OnSample(KernelTime.FromMicroseconds(_microseconds), _packets, _bytes);
    }
}
