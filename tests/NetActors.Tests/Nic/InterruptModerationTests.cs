using NetActors.Nic;
using NetActors.Time;

namespace NetActors.Tests.Nic;

public sealed class InterruptModerationTests
{
    [Fact]
    public void Usecs_0_and_frames_1_fires_at_every_completion()
    {
        var vector = Vector(CoalesceSettings.Off);
        Assert.Equal(Us(5), vector.OnCompletion(Us(5)));
    }

    [Fact]
    public void Usecs_count_from_the_first_completion()
    {
        var vector = Vector(new CoalesceSettings(10, 0));
        Assert.Equal(Us(15), vector.OnCompletion(Us(5)));
        Assert.Equal(Us(15), vector.OnCompletion(Us(9)));
    }

    [Fact]
    public void Whichever_of_usecs_and_frames_comes_first_fires()
    {
        var vector = Vector(new CoalesceSettings(10, 3));
        vector.OnCompletion(Us(1));
        Assert.Equal(Us(11), vector.OnCompletion(Us(2)));
        Assert.Equal(Us(3), vector.OnCompletion(Us(3)));
        Assert.Equal(Us(3), vector.OnCompletion(Us(4)));
    }

    [Fact]
    public void Frames_alone_never_fire_below_their_number()
    {
        var vector = Vector(new CoalesceSettings(0, 2));
        Assert.True(vector.OnCompletion(Us(1)).IsNever);
        Assert.Equal(Us(900), vector.OnCompletion(Us(900)));
    }

    [Fact]
    public void Usecs_0_and_frames_0_is_invalid()
    {
        Assert.StartsWith("EINVAL", new CoalesceSettings(0, 0).Check(ModerationKind.Coalesce).Error, StringComparison.Ordinal);
        Assert.True(new CoalesceSettings(0, 0).Check(ModerationKind.Throttle).Ok);
    }

    [Fact]
    public void A_vector_that_fired_is_masked_until_napi_completes()
    {
        var vector = Vector(CoalesceSettings.Off);
        vector.OnCompletion(Us(1));
        vector.OnFired(Us(1));
        Assert.True(vector.IsMasked);
        Assert.True(vector.OnCompletion(Us(2)).IsNever);
        Assert.True(vector.OnUnmasked(Us(3), 0, KernelTime.Never).IsNever);
        Assert.Equal(Us(4), vector.OnCompletion(Us(4)));
    }

    [Fact]
    public void What_lies_in_the_ring_at_unmasking_fires_as_soon_as_moderation_is_satisfied()
    {
        var vector = Vector(new CoalesceSettings(10, 4));
        vector.OnMasked();
        Assert.Equal(Us(22), vector.OnUnmasked(Us(20), 1, Us(12)));
        vector.OnMasked();
        Assert.Equal(Us(30), vector.OnUnmasked(Us(30), 1, Us(12)));
        vector.OnMasked();
        Assert.Equal(Us(40), vector.OnUnmasked(Us(40), 4, Us(39)));
    }

    [Fact]
    public void A_throttle_keeps_its_gap_between_interrupts_and_ignores_frames()
    {
        var vector = new InterruptModeration(ModerationKind.Throttle, new CoalesceSettings(50, 1), KernelTime.FromMilliseconds(4));
        Assert.Equal(Us(5), vector.OnCompletion(Us(5)));
        vector.OnFired(Us(5));
        vector.OnUnmasked(Us(10), 0, KernelTime.Never);
        Assert.Equal(Us(55), vector.OnCompletion(Us(20)));
        vector.OnFired(Us(55));
        vector.OnUnmasked(Us(60), 0, KernelTime.Never);
        Assert.Equal(Us(200), vector.OnCompletion(Us(200)));
    }

    [Fact]
    public void New_values_hold_for_what_is_pending()
    {
        var vector = Vector(new CoalesceSettings(100, 0));
        vector.OnCompletion(Us(1));
        vector.Apply(new CoalesceSettings(10, 0));
        Assert.Equal(Us(11), vector.Deadline);
    }

    [Fact]
    public void Adaptive_coalescing_climbs_while_the_traffic_grows()
    {
        var vector = Vector(new CoalesceSettings(0, 0, AdaptiveRx: true));
        Assert.Equal((8, 256), (vector.Usecs, vector.Frames));
        var (time, packets) = (0L, 0L);
        for (var burst = 1; burst < 400; burst++)
        {
            packets += burst;
            vector.OnFired(Us(time += 20));
            vector.OnUnmasked(Us(time), 0, KernelTime.Never, packets, packets * 1000);
        }

        Assert.NotEqual(8, vector.Usecs);
    }

    private static KernelTime Us(long value) => KernelTime.FromMicroseconds(value);

    private static InterruptModeration Vector(CoalesceSettings settings) =>
        new(ModerationKind.Coalesce, settings, KernelTime.FromMilliseconds(4));
}
