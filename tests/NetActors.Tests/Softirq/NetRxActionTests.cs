using NetActors.Time;

namespace NetActors.Tests.Softirq;

/// <summary>Specification section 3.4, rule by rule.</summary>
public sealed class NetRxActionTests
{
    private const int Plenty = 100_000;

    [Fact]
    public void V6_polls_a_napi_that_spends_its_weight_once_a_run()
    {
        var rx = new NetRxRuns();
        rx.Schedule("a", Plenty);

        Assert.Equal(64, rx.Run());
        Assert.True(rx.Reraised);
        Assert.Equal(0u, rx.Softnet.TimeSqueeze);
        Assert.True(rx.Softnet.InNetRxAction); // nobody has to raise what is raised already
    }

    [Fact]
    public void V6_a_napi_that_completes_ends_the_run_unraised()
    {
        var rx = new NetRxRuns();
        rx.Schedule("a", 63);

        Assert.Equal(63, rx.Run());
        Assert.False(rx.Reraised);
        Assert.False(rx.Softnet.InNetRxAction);
        Assert.True(rx.Softnet.PollList.IsEmpty);
    }

    [Fact]
    public void V6_newly_scheduled_waits_behind_remaining_work_and_ahead_of_repolled()
    {
        var rx = new NetRxRuns();
        rx.Schedule("a", Plenty);
        rx.Schedule("b", 1);
        var late = rx.Napi("new", 1);
        rx.WhilePolling = napi =>
        {
            if (napi.Name == "a" && rx.Polled.Count == 1) rx.Schedule(late);
        };

        for (var i = 0; i < 4; i++) rx.Run(budget: 1); // one poll a run, so that the list shows its order
        Assert.Equal(["a", "b", "new", "a"], rx.Polled);
    }

    [Fact]
    public void V6_newly_scheduled_is_polled_in_the_same_run_when_nothing_is_to_be_repolled()
    {
        var rx = new NetRxRuns();
        rx.Schedule("a", 1);
        var late = rx.Napi("new", 1);
        rx.WhilePolling = napi =>
        {
            if (napi.Name == "a") rx.Schedule(late);
        };

        Assert.Equal(2, rx.Run());
        Assert.Equal((false, 0u), (rx.Reraised, rx.Softnet.TimeSqueeze));
    }

    [Fact]
    public void V6_newly_scheduled_waits_for_the_next_run_when_something_is_to_be_repolled()
    {
        var rx = new NetRxRuns();
        rx.Schedule("a", Plenty);
        var late = rx.Napi("new", 1);
        rx.WhilePolling = napi =>
        {
            if (rx.Polled.Count == 1) rx.Schedule(late);
        };

        Assert.Equal(64, rx.Run());
        Assert.Equal(65, rx.Run());
        Assert.Equal(["a", "new", "a"], rx.Polled);
    }

    [Theory]
    [InlineData(65, 0)]
    [InlineData(64, 1)]
    [InlineData(300, 0)]
    public void V6_one_busy_napi_squeezes_from_a_budget_of_its_weight_on(int budget, uint squeezes) // live
    {
        var rx = new NetRxRuns();
        rx.Schedule("a", Plenty);

        rx.Run(budget);
        Assert.Equal(squeezes, rx.Softnet.TimeSqueeze);
        Assert.True(rx.Reraised);
    }

    [Fact]
    public void V6_budget_1_counts_a_squeeze_for_each_single_packet_though_nothing_is_left() // live: 1000 packets, 1000 squeezes
    {
        var rx = new NetRxRuns();
        for (var i = 0; i < 1000; i++)
        {
            var single = rx.Schedule($"p{i}", 1);
            Assert.Equal(1, rx.Run(budget: 1));
            Assert.False(single.Scheduled || rx.Reraised);
        }

        Assert.Equal(1000u, rx.Softnet.TimeSqueeze);
    }

    [Theory]
    [InlineData(4, 256, 0)]
    [InlineData(5, 320, 1)] // the fifth overshoots by 20
    [InlineData(8, 320, 1)]
    public void V6_the_default_budget_takes_five_busy_napis_and_may_overshoot(int napis, int packets, uint squeezes)
    {
        var rx = new NetRxRuns();
        for (var i = 0; i < napis; i++) rx.Schedule($"n{i}", Plenty);

        Assert.Equal(packets, rx.Run());
        Assert.Equal(squeezes, rx.Softnet.TimeSqueeze);
    }

    [Fact]
    public void V6_budget_left_by_one_packet_is_overshot_by_a_whole_weight_less_one()
    {
        var rx = new NetRxRuns();
        rx.Schedule("a", 1);
        rx.Schedule("b", Plenty);

        Assert.Equal(65, rx.Run(budget: 2));
    }

    [Theory]
    [InlineData(100, 20_000, 0, 20)] // from a tick on: two whole jiffies
    [InlineData(100, 20_000, 9, 11)] // from the end of a jiffy on: that much less (section 0.2)
    [InlineData(250, 8_000, 0, 8)]
    [InlineData(250, 8_000, 3, 5)]
    [InlineData(1000, 2_000, 0, 2)]
    [InlineData(0, 8_000, 3, 8)] // exact
    public void V6_time_is_up_after_whole_jiffies(int hz, long limitMicroseconds, int startMs, int expectedMs)
    {
        var rx = new NetRxRuns(jiffies: Jiffies.OfHz(hz)) { Now = KernelTime.FromMilliseconds(startMs) };
        var begun = rx.Now;
        for (var i = 0; i < 200; i++) rx.Schedule($"n{i}", 1);
        rx.WhilePolling = _ => rx.Now += KernelTime.FromMilliseconds(1);

        rx.Run(100_000, limitMicroseconds);
        Assert.Equal(KernelTime.FromMilliseconds(expectedMs), rx.Now - begun);
        Assert.Equal(1u, rx.Softnet.TimeSqueeze);
        Assert.True(rx.Reraised);
    }

    [Fact]
    public void V310_polls_a_busy_napi_five_times_for_320_packets()
    {
        var rx = new NetRxRuns(KernelVersion.V310);
        rx.Schedule("a", Plenty);

        Assert.Equal(320, rx.Run());
        Assert.Equal(5, rx.Polled.Count);
        Assert.Equal((1u, true), (rx.Softnet.TimeSqueeze, rx.Reraised));
    }

    [Fact]
    public void V310_moves_a_busy_napi_to_the_tail()
    {
        var rx = new NetRxRuns(KernelVersion.V310);
        rx.Schedule("a", Plenty);
        rx.Schedule("b", Plenty);

        rx.Run();
        Assert.Equal(["a", "b", "a", "b", "a"], rx.Polled);
    }

    [Fact]
    public void V310_squeezes_only_when_work_is_left_behind()
    {
        var rx = new NetRxRuns(KernelVersion.V310);
        for (var i = 0; i < 1000; i++)
        {
            rx.Schedule($"p{i}", 1);
            Assert.Equal(1, rx.Run(budget: 1));
        }

        Assert.Equal((0u, false), (rx.Softnet.TimeSqueeze, rx.Reraised));
    }

    [Fact]
    public void V310_tests_its_limits_before_it_polls()
    {
        var rx = new NetRxRuns(KernelVersion.V310);
        rx.Schedule("a", 1);
        rx.Schedule("b", 1);

        Assert.Equal(1, rx.Run(budget: 1));
        Assert.Equal((1u, true), (rx.Softnet.TimeSqueeze, rx.Reraised));
        Assert.Equal(1, rx.Run(budget: 1));
        Assert.Equal(1u, rx.Softnet.TimeSqueeze);
    }

    [Fact]
    public void V310_takes_two_jiffies_whatever_the_sysctl_says()
    {
        var rx = new NetRxRuns(KernelVersion.V310, Jiffies.Hz1000);
        for (var i = 0; i < 20; i++) rx.Schedule($"n{i}", 1);
        rx.WhilePolling = _ => rx.Now += KernelTime.FromMilliseconds(1);

        rx.Run(limitMicroseconds: 20_000);
        Assert.Equal(2, rx.Polled.Count); // begun in jiffies 0 and 1: time_after_eq(jiffies, start + 2) ends it
        Assert.True(rx.Reraised);
    }
}
