using NetActors.Buffers;
using NetActors.Nic;
using NetActors.Time;

namespace NetActors.Tests.Nic;

public sealed class NicInterruptTests
{
    [Fact]
    public void The_next_interrupt_is_known_before_its_frame_arrives()
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(3);
        var forecast = fixture.Nic.NextInterrupt(KernelTime.Zero);
        Assert.Equal((Us(1), 2), (forecast.Due, forecast.Queue));
        Assert.False(fixture.Nic.TryRaise(2, KernelTime.FromNanoseconds(999)));
        Assert.True(fixture.Nic.TryRaise(2, Us(1)));
        Assert.True(fixture.Nic.NextInterrupt(Us(1)).Due.IsNever); // masked; the other queues expect nothing
    }

    [Theory]
    [InlineData(10, 0, 11)]
    [InlineData(10, 4, 4)]
    [InlineData(2, 4, 3)]
    [InlineData(0, 8, 8)]
    public void Moderation_is_applied_to_frames_to_come(int usecs, int frames, int expected)
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(8);
        Assert.True(fixture.Ethtool.SetCoalesce(usecs, frames, null, KernelTime.Zero).Ok);
        var forecast = fixture.Nic.NextInterrupt(KernelTime.Zero);
        Assert.Equal(Us(expected), forecast.Due);
        Assert.True(fixture.Nic.TryRaise(2, forecast.Due));
    }

    [Theory]
    [InlineData(2, 0, 10)] // a frame a microsecond, of which the last of eight comes at 8
    [InlineData(2, 5, 5)]
    [InlineData(0, 8, 8)]
    public void In_cqe_mode_frames_to_come_restart_the_time(int usecs, int frames, int expected)
    {
        var fixture = CompletionQueues().SteerToQueue2().Burst(8);
        Assert.True(fixture.Ethtool.SetCoalesce(new CoalesceChange(usecs, frames, CqeModeRx: true), KernelTime.Zero).Ok);
        var forecast = fixture.Nic.NextInterrupt(KernelTime.Zero);
        Assert.Equal((Us(expected), 2), (forecast.Due, forecast.Queue));
        Assert.True(fixture.Nic.TryRaise(2, forecast.Due));
    }

    [Fact]
    public void In_cqe_mode_the_time_of_frames_pending_is_restarted_by_those_to_come()
    {
        var fixture = CompletionQueues().SteerToQueue2().Burst(8);
        fixture.Ethtool.SetCoalesce(new CoalesceChange(3, 0, CqeModeRx: true), KernelTime.Zero);
        fixture.Nic.AdvanceTo(Us(4));
        Assert.Equal(Us(11), fixture.Nic.NextInterrupt(Us(4)).Due);
    }

    [Fact]
    public void Frames_already_pending_count_towards_rx_frames()
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(8);
        fixture.Ethtool.SetCoalesce(0, 6, null, KernelTime.Zero);
        fixture.Nic.AdvanceTo(Us(4));
        Assert.Equal(Us(6), fixture.Nic.NextInterrupt(Us(4)).Due);
    }

    [Fact]
    public void Unmasking_fires_for_what_came_in_between()
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(3);
        Assert.True(fixture.Nic.TryRaise(2, Us(1)));
        Assert.Equal(1, fixture.PollAll(2, Us(1)));
        Assert.Equal(Us(2), fixture.Nic.Unmask(2, Us(2)));
        Assert.True(fixture.Nic.TryRaise(2, Us(2)));
        Assert.Equal(2, fixture.PollAll(2, Us(3)));
        Assert.True(fixture.Nic.Unmask(2, Us(3)).IsNever);
    }

    [Fact]
    public void Looking_ahead_is_bounded_and_says_when_to_look_again()
    {
        var fixture = new NicFixture(channels: 2);
        fixture.Ethtool.SetRxfh("equal 1 start 1", KernelTime.Zero, out _);
        fixture.Nic.Mask(1, KernelTime.Zero);
        fixture.Burst(NicReceive.LookAhead + 10);
        var forecast = fixture.Nic.NextInterrupt(KernelTime.Zero);
        Assert.Equal((-1, Us(NicReceive.LookAhead)), (forecast.Queue, forecast.At));
        Assert.True(fixture.Nic.NextInterrupt(forecast.At).At.IsNever);
    }

    [Fact]
    public void With_all_vectors_masked_nothing_is_looked_at()
    {
        var fixture = new NicFixture(channels: 1).Burst(10);
        fixture.Nic.Mask(0, KernelTime.Zero);
        Assert.True(fixture.Nic.NextInterrupt(KernelTime.Zero).At.IsNever);
        Assert.Equal(0, fixture.Nic.FramesInFlight);
    }

    [Fact]
    public void A_table_changed_while_frames_are_under_way_holds_for_those_that_arrive_later()
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(10);
        fixture.Ethtool.SetCoalesce(100, 0, null, KernelTime.Zero);
        fixture.Nic.NextInterrupt(KernelTime.Zero);
        Assert.True(fixture.Nic.FramesInFlight > 5);
        Assert.True(fixture.Ethtool.SetRxfh("equal 1 start 3", Us(4), out _).Ok);
        fixture.Nic.AdvanceTo(Us(100));
        Assert.Equal((4, 6), (fixture.Nic.Queue(2).Count, fixture.Nic.Queue(3).Count));
    }

    [Fact]
    public void A_new_ring_loses_what_the_old_one_held_and_takes_what_is_under_way()
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(10);
        fixture.Ethtool.SetCoalesce(100, 0, null, KernelTime.Zero);
        fixture.Nic.NextInterrupt(KernelTime.Zero);
        Assert.True(fixture.Ethtool.SetRing(128, null, Us(4)).Ok);
        fixture.Nic.AdvanceTo(Us(100));
        Assert.Equal((6, 4L), (fixture.Nic.Queue(2).Count, fixture.Nic.Statistics.RxPurged));
        fixture.CheckConservation();
    }

    [Fact]
    public void Lookahead_stops_where_a_pause_could_still_hold_frames_back()
    {
        var fixture = new NicFixture(model: NicModel.Generic with { RxRing = 64, FifoBytes = 8192, Pause = true }).SteerToQueue2().Burst(1000);
        fixture.Ethtool.SetCoalesce(5000, 0, null, KernelTime.Zero);
        var forecast = fixture.Nic.NextInterrupt(KernelTime.Zero);
        Assert.InRange(fixture.Nic.FramesInFlight, 60, 75);
        Assert.True(forecast.LookAgain < forecast.Due);
    }

    [Fact]
    public void Interrupts_and_polls_take_every_frame_once()
    {
        var fixture = new NicFixture(channels: 4);
        fixture.Ethtool.SetRxFlowHash("udp4", "sdfn", KernelTime.Zero);
        fixture.Ethtool.SetCoalesce(7, 5, null, KernelTime.Zero);
        fixture.Burst(10_000);
        var (now, polled, interrupts) = (KernelTime.Zero, 0, 0);
        while (fixture.Nic.NextInterrupt(now) is { At.IsNever: false } forecast)
        {
            now = forecast.At;
            fixture.Nic.AdvanceTo(now);
            if (forecast.Due > now) continue;
            if (!fixture.Nic.TryRaise(forecast.Queue, now)) continue;
            interrupts++;
            while (fixture.Nic.TryPoll(forecast.Queue, now, out var skb))
            {
                skb.Free(SkbDropReason.CONSUMED);
                polled++;
            }

            fixture.Nic.Unmask(forecast.Queue, now);
        }

        Assert.Equal(10_000, polled);
        Assert.InRange(interrupts, 2000, 5500);
        fixture.CheckConservation();
    }

    private static NicFixture CompletionQueues() => new(model: NicModel.Generic with { RxRing = 64, Moderation = ModerationKind.CompletionQueue });

    private static KernelTime Us(long value) => KernelTime.FromMicroseconds(value);
}
