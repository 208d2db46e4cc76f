using NetActors.Time;

namespace NetActors.Tests.Time;

public class ExactTimerTests
{
    private readonly TimerLog _log = new();
    private readonly TimerWheel _wheel = new(Jiffies.Exact);

    [Fact]
    public void A_timer_expires_at_its_nanosecond()
    {
        _wheel.Arm(_log.Timer(), new(1234), new(5));
        Assert.Equal(new KernelTime(1234), _wheel.NextExpiry);
        Assert.Equal(0, _wheel.Expire(new(1233)));
        Assert.Equal(1, _wheel.Expire(new(1234)));
        Assert.Equal(KernelTime.Never, _wheel.NextExpiry);
    }

    [Fact]
    public void Equal_times_run_in_the_order_of_arming()
    {
        var timers = _log.Timers(20);
        foreach (var timer in timers) _wheel.Arm(timer, new(timer.Tag % 2 == 0 ? 7 : 8), KernelTime.Zero);
        _wheel.Arm(timers[0], new(7), KernelTime.Zero); // armed anew: to the end of the line
        _wheel.Expire(new(8));
        Assert.Equal([2, 4, 6, 8, 10, 12, 14, 16, 18, 0, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19], _log.Tags);
    }

    [Fact]
    public void Moved_later_it_does_not_wake_the_cpu_at_its_old_time()
    {
        TimerEntry first = _log.Timer(1), second = _log.Timer(2);
        _wheel.Arm(first, new(10), KernelTime.Zero);
        _wheel.Arm(second, new(50), KernelTime.Zero);
        Assert.True(_wheel.Arm(first, new(90), KernelTime.Zero));
        Assert.Equal(new KernelTime(50), _wheel.NextExpiry);
        TimerLog.Run(_wheel, new(100));
        Assert.Equal([(2, new KernelTime(50)), (1, new KernelTime(90))], _log.Fired);
    }

    [Fact]
    public void A_callback_that_wants_to_run_at_once_waits_for_the_next_call()
    {
        var timers = _log.Timers(2);
        _log.Then = (timer, now) => _wheel.Arm(timer, KernelTime.Zero, now);
        _wheel.Arm(timers[0], new(4), KernelTime.Zero);
        _wheel.Arm(timers[1], new(5), KernelTime.Zero);
        Assert.Equal(2, _wheel.Expire(new(5)));
        Assert.Equal([0, 1], _log.Tags);
        Assert.Equal(new KernelTime(5), _wheel.NextExpiry);
    }

    [Fact]
    public void A_callback_may_cancel_a_timer_of_the_same_time()
    {
        var timers = _log.Timers(3);
        foreach (var timer in timers) _wheel.Arm(timer, new(9), KernelTime.Zero);
        _log.Then = (_, _) => TimerWheel.Cancel(timers[1]);
        Assert.Equal(2, _wheel.Expire(new(9)));
        Assert.Equal([0, 2], _log.Tags);
    }
}
