using NetActors.Softirq;
using NetActors.Time;

namespace NetActors.Tests.Softirq;

/// <summary>Specification section 3.7: who owns a NAPI that a task polls, and what its end leaves (kernel: <c>__napi_busy_loop</c>, <c>busy_poll_stop</c>).</summary>
public sealed class NapiBusyLoopTests
{
    private static readonly KernelTime Timeout = KernelTime.FromMicroseconds(20);
    private readonly NapiInstance _napi = new(9000, "eth0-TxRx-0");
    private readonly NapiBusyLoop _loop = new();

    [Fact]
    public void Idle_is_owned_and_an_interrupt_meanwhile_is_remembered_only()
    {
        Begin();
        Assert.True(_loop.TryOwn(KernelTime.Zero));
        Assert.True(_napi is { InBusyPoll: true, Scheduled: true });
        Assert.False(_napi.SchedulePrep(KernelVersion.V6));
        Assert.True(_napi.Missed);
    }

    [Fact]
    public void Scheduled_is_not_taken_away_and_only_a_poller_that_prefers_it_says_so()
    {
        _napi.SchedulePrep(KernelVersion.V6);
        Begin();
        Assert.False(_loop.TryOwn(KernelTime.Zero));
        Assert.False(_napi.PreferBusyPoll);
        Begin(prefer: true);
        Assert.False(_loop.TryOwn(KernelTime.Zero));
        Assert.True(_napi is { PreferBusyPoll: true, InBusyPoll: false, Missed: false });
        _napi.CompleteDone(1, KernelVersion.V6);
        Assert.False(_napi.PreferBusyPoll);
        Assert.True(_loop.TryOwn(KernelTime.Zero));
    }

    [Fact]
    public void Disabled_is_not_owned()
    {
        _napi.Disabled = true;
        Begin();
        Assert.False(_loop.TryOwn(KernelTime.Zero));
    }

    [Fact]
    public void Completion_by_the_driver_while_it_is_busy_polled_changes_nothing()
    {
        (_napi.DeferHardIrqs, _napi.GroFlushTimeout) = (3, Timeout);
        Begin();
        _loop.TryOwn(KernelTime.Zero);
        _napi.SchedulePrep(KernelVersion.V6);
        Assert.Equal((NapiCompletion.KeepMasked, KernelTime.Zero), _napi.CompleteDone(5, KernelVersion.V6));
        Assert.True(_napi is { Scheduled: true, Missed: true, InBusyPoll: true, DeferLeft: 0 });
    }

    [Fact]
    public void End_forgets_the_interrupt_and_the_poll_that_follows_unmasks()
    {
        (_napi.DeferHardIrqs, _napi.GroFlushTimeout) = (3, Timeout);
        _napi.TryBusyClaim(KernelTime.Zero);
        _napi.SchedulePrep(KernelVersion.V6);
        Assert.Equal(KernelTime.Zero, _napi.StopBusyPoll(prefer: false));
        Assert.True(_napi is { Scheduled: true, Missed: false, InBusyPoll: false });
        Assert.Equal((NapiCompletion.Unmask, KernelTime.Zero), _napi.CompleteDone(0, KernelVersion.V6)); // nothing came for which to defer
        Assert.False(_napi.Scheduled);
    }

    [Fact]
    public void What_another_poller_found_since_the_driver_completed_it_is_not_taken_for_its_own()
    {
        Begin();
        _loop.TryOwn(KernelTime.Zero);
        _loop.Stop(null!);
        _napi.CompleteDone(0, KernelVersion.V6); // free, before the first poller hears of it
        var other = new NapiBusyLoop();
        other.Begin(_napi, 0, prefer: false, 10, KernelTime.Zero);
        Assert.True(other.TryOwn(KernelTime.Zero));
        _napi.Work = NapiBusyLoop.DefaultBudget; // all that it may: the other's is not over
        _loop.OnPolled(null!, failed: false, completed: true);
        Assert.True(_napi is { Scheduled: true, InBusyPoll: true, Owner: null }); // on nobody's list
        Assert.False(_loop.Owns);
    }

    [Fact]
    public void End_of_one_that_prefers_it_defers_anew_though_nothing_came()
    {
        (_napi.DeferHardIrqs, _napi.GroFlushTimeout) = (3, Timeout);
        _napi.TryBusyClaim(KernelTime.Zero);
        Assert.Equal(Timeout, _napi.StopBusyPoll(prefer: true));
        Assert.Equal((NapiCompletion.KeepMasked, Timeout), _napi.CompleteDone(0, KernelVersion.V6));
        Assert.Equal(2, _napi.DeferLeft);
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(3, 0)]
    public void Preferring_without_deferral_starts_no_timer(int defer, int timeoutUsecs)
    {
        (_napi.DeferHardIrqs, _napi.GroFlushTimeout) = (defer, KernelTime.FromMicroseconds(timeoutUsecs));
        _napi.TryBusyClaim(KernelTime.Zero);
        Assert.Equal(KernelTime.Zero, _napi.StopBusyPoll(prefer: true));
        Assert.Equal(NapiCompletion.Unmask, _napi.CompleteDone(0, KernelVersion.V6).Completion);
    }

    [Theory]
    [InlineData(0, 0, true)] // one pass
    [InlineData(50, 0, false)]
    [InlineData(50, 51_199, false)] // a microsecond is 1024 ns to it
    [InlineData(50, 52_223, false)] // and the 50th has to be over
    [InlineData(50, 52_224, true)]
    public void Time_is_counted_in_1024_nanoseconds(long usecs, long after, bool isOver)
    {
        _loop.Begin(_napi, 0, prefer: false, usecs, KernelTime.FromNanoseconds(1024 * 1000));
        Assert.Equal(isOver, _loop.IsTimedOut(KernelTime.FromNanoseconds((1024 * 1000) + after)));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(64, 64)]
    public void Polls_take_8_packets_unless_more_are_asked_for(int budget, int expected)
    {
        _loop.Begin(_napi, budget, prefer: false, 0, KernelTime.Zero);
        _loop.TryOwn(KernelTime.Zero);
        _loop.BeginPoll();
        Assert.Equal((expected, NapiPollMode.Busy), (_napi.Budget, _napi.Mode));
    }

    private void Begin(bool prefer = false) => _loop.Begin(_napi, 0, prefer, 50, KernelTime.Zero);
}
