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
        var vector = Queue(new CoalesceSettings(8, 128, AdaptiveRx: true) { CqeModeRx = true });
        Assert.Equal((8, 128), (vector.Usecs, vector.Frames)); // the default until the first decision is programmed
        var (time, packets, seen) = (0L, 0L, new HashSet<(int, int)>());
        for (var burst = 1; burst < 400; burst++)
        {
            packets += burst;
            time += 100;
            vector.OnCompletion(Us(time - 100));
            vector.OnFired(Us(time));
            vector.OnUnmasked(Us(time), 0, KernelTime.Never, packets, packets * 1000);
            if (vector.TakeDimWork()) vector.DoDimWork();
            seen.Add((vector.Usecs, vector.Frames));
        }

        Assert.Equal([(8, 128), (16, 64), (32, 64), (64, 64)], seen);
    }

    [Fact]
    public void In_cqe_mode_each_completion_restarts_the_time_until_there_are_enough()
    {
        var vector = Queue(new CoalesceSettings(10, 4) { CqeModeRx = true });
        Assert.Equal(Us(11), vector.OnCompletion(Us(1)));
        Assert.Equal(Us(19), vector.OnCompletion(Us(9)));
        Assert.Equal(Us(28), vector.OnCompletion(Us(18)));
        Assert.Equal(Us(20), vector.OnCompletion(Us(20)));
        Assert.Equal(Us(20), vector.OnCompletion(Us(25)));
    }

    [Fact]
    public void In_eqe_mode_the_time_counts_from_the_last_interrupt_of_that_direction()
    {
        var vector = Queue(new CoalesceSettings(10, 3) { TxUsecs = 10, TxFrames = 3 });
        Assert.Equal(Us(100), vector.OnCompletion(Us(100))); // nothing for long: at once
        vector.OnFired(Us(100));
        vector.OnUnmasked(Us(102), 0, KernelTime.Never);
        Assert.Equal(Us(103), vector.OnTransmitted(Us(103), 1)); // it was the other direction that interrupted
        vector.OnFired(Us(103));
        vector.OnUnmasked(Us(104), 0, KernelTime.Never);
        Assert.Equal(Us(110), vector.OnCompletion(Us(105)));
        Assert.Equal(Us(110), vector.OnCompletion(Us(106)));
        Assert.Equal(Us(107), vector.OnCompletion(Us(107)));
    }

    [Fact]
    public void Packets_sent_have_a_time_and_a_number_of_their_own()
    {
        var vector = Vector(new CoalesceSettings(10, 0) { TxUsecs = 50, TxFrames = 3 });
        Assert.Equal(Us(51), vector.OnTransmitted(Us(1), 1));
        Assert.Equal(Us(51), vector.OnTransmitted(Us(2), 2));
        Assert.Equal(Us(14), vector.OnCompletion(Us(4)));
        Assert.Equal(Us(5), vector.OnTransmitted(Us(5), 3));
        vector.OnFired(Us(5));
        Assert.True(vector.OnTransmitted(Us(6), 9).IsNever); // masked
        Assert.Equal(Us(57), vector.OnUnmasked(Us(7), 0, KernelTime.Never, tx: new TxProgress(2, 0, 0)));
        vector.OnMasked();
        Assert.Equal(Us(8), vector.OnUnmasked(Us(8), 0, KernelTime.Never, tx: new TxProgress(3, 0, 0)));
    }

    [Fact]
    public void Only_the_direction_whose_time_has_come_counts_the_interrupt()
    {
        var vector = Vector(new CoalesceSettings(10, 0, AdaptiveRx: true) { AdaptiveTx = true, TxUsecs = 1000, TxFrames = 0 });
        var time = 0L;
        for (var i = 0; i < 200; i++, time += 100)
        {
            vector.OnCompletion(Us(time));
            vector.OnFired(Us(time + 10));
            vector.OnUnmasked(Us(time + 11), 0, KernelTime.Never, i, i * 1000, new TxProgress(0, i, i * 1000));
        }

        Assert.Equal(DimPhase.ApplyNewProfile, vector.RxDim!.Phase);
        Assert.Equal((DimPhase.MeasureInProgress, 0), (vector.TxDim!.Phase, vector.TxDim.Profile));
    }

    [Fact]
    public void Adaptation_switched_off_leaves_the_values_of_the_user_and_switched_on_begins_afresh()
    {
        var vector = Vector(new CoalesceSettings(8, 128, AdaptiveRx: true));
        var dim = vector.RxDim;
        vector.Apply(vector.Settings with { TxUsecs = 3 });
        Assert.Same(dim, vector.RxDim);
        vector.Apply(new CoalesceSettings(20, 30));
        Assert.Equal((null, 20, 30), (vector.RxDim, vector.Usecs, vector.Frames));
        vector.Apply(vector.Settings with { AdaptiveRx = true });
        Assert.Equal((20, 30, 0), (vector.Usecs, vector.Frames, vector.RxDim!.Profile));
    }

    private static KernelTime Us(long value) => KernelTime.FromMicroseconds(value);

    private static InterruptModeration Queue(CoalesceSettings settings) =>
        new(ModerationKind.CompletionQueue, settings, KernelTime.FromMilliseconds(4));

    private static InterruptModeration Vector(CoalesceSettings settings) =>
        new(ModerationKind.Coalesce, settings, KernelTime.FromMilliseconds(4));
}
