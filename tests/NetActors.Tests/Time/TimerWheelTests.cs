using NetActors.Time;

namespace NetActors.Tests.Time;

public class TimerWheelTests
{
    private readonly TimerLog _log = new();
    private readonly TimerWheel _wheel = new(Jiffies.Hz1000);

    [Fact]
    public void Nothing_pending_never_wakes_the_cpu()
    {
        Assert.Equal(KernelTime.Never, _wheel.NextExpiry);
        Assert.Equal(0, _wheel.Expire(Ms(1000)));
    }

    [Theory] // (span in ticks, tick of expiry): (expires / granularity + 1) * granularity, levels begin at 63, 504, 4032, ...
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(62, 63)]
    [InlineData(63, 64)]
    [InlineData(64, 72)]
    [InlineData(200, 208)]
    [InlineData(503, 504)]
    [InlineData(504, 512)]
    [InlineData(512, 576)]
    [InlineData(4032, 4096)]
    [InlineData(4096, 4608)]
    [InlineData(60_000, 61_440)]
    [InlineData(7_200_000, 7_340_032)]
    public void A_timeout_is_rounded_up_to_its_levels_next_bucket(long ticks, long expected)
    {
        _wheel.Arm(_log.Timer(), Ms(ticks), KernelTime.Zero);
        Assert.Equal(Ms(expected), _wheel.NextExpiry);
        Assert.Equal(0, _wheel.Expire(Ms(expected) - new KernelTime(1)));
        Assert.Equal(1, _wheel.Expire(Ms(expected)));
    }

    [Fact]
    public void Armed_within_a_tick_it_counts_from_that_tick_and_rounds_the_span_up()
    {
        // 2.5 ms at 0.9 ms: jiffies 0 + 3, then the next bucket
        _wheel.Arm(_log.Timer(), new(3_400_000), new(900_000));
        Assert.Equal(Ms(4), _wheel.NextExpiry);
    }

    [Fact]
    public void A_time_that_has_passed_is_due_at_the_next_tick()
    {
        _wheel.Arm(_log.Timer(), Ms(3), new(10_500_000));
        Assert.Equal(Ms(11), _wheel.NextExpiry);
    }

    [Fact]
    public void Longer_than_the_wheel_expires_at_its_capacity()
    {
        _wheel.Arm(_log.Timer(), Ms(long.MaxValue / 2_000_000), KernelTime.Zero);
        var capacity = JiffyWheel.LevelStart(9);
        Assert.InRange(_wheel.NextExpiry.Nanoseconds / 1_000_000, capacity - JiffyWheel.Granularity(8), capacity);
    }

    [Fact]
    public void Moving_a_timer_later_or_earlier_moves_its_expiry()
    {
        var timer = _log.Timer();
        Assert.False(_wheel.Arm(timer, Ms(10), KernelTime.Zero));
        Assert.True(_wheel.Arm(timer, Ms(30), KernelTime.Zero));
        Assert.Equal(Ms(31), _wheel.NextExpiry);
        Assert.True(_wheel.Arm(timer, Ms(5), KernelTime.Zero));
        Assert.Equal(Ms(6), _wheel.NextExpiry);
        Assert.Equal(1, _wheel.Count);
    }

    [Fact]
    public void A_cancelled_timer_neither_runs_nor_wakes_the_cpu()
    {
        TimerEntry first = _log.Timer(1), second = _log.Timer(2);
        _wheel.Arm(first, Ms(10), KernelTime.Zero);
        _wheel.Arm(second, Ms(40), KernelTime.Zero);
        Assert.True(TimerWheel.Cancel(first));
        Assert.False(TimerWheel.Cancel(first));
        Assert.Equal(Ms(41), _wheel.NextExpiry);
        TimerLog.Run(_wheel, Ms(100));
        Assert.Equal([2], _log.Tags);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void Never_cancels()
    {
        var timer = _log.Timer();
        _wheel.Arm(timer, Ms(10), KernelTime.Zero);
        Assert.True(_wheel.Arm(timer, KernelTime.Never, Ms(1)));
        Assert.False(timer.IsPending);
        Assert.Equal(KernelTime.Never, _wheel.NextExpiry);
    }

    [Fact]
    public void Within_a_bucket_the_last_armed_runs_first_and_higher_levels_run_before_lower_ones()
    {
        var timers = _log.Timers(5);
        _wheel.Arm(timers[0], Ms(70), KernelTime.Zero); // level 1, bucket 72
        _wheel.Arm(timers[1], Ms(65), KernelTime.Zero); // level 1, bucket 72
        _wheel.Arm(timers[2], Ms(71), Ms(20)); // level 0, bucket 72
        _wheel.Arm(timers[3], Ms(71), Ms(20));
        _wheel.Arm(timers[4], Ms(70), Ms(20)); // level 0, bucket 71
        Assert.Equal(1, _wheel.Expire(Ms(71)));
        Assert.Equal(4, _wheel.Expire(Ms(72)));
        Assert.Equal([4, 1, 0, 3, 2], _log.Tags);
    }

    [Fact]
    public void Late_expiry_runs_bucket_after_bucket()
    {
        var timers = _log.Timers(3);
        _wheel.Arm(timers[0], Ms(30), KernelTime.Zero);
        _wheel.Arm(timers[1], Ms(10), KernelTime.Zero);
        _wheel.Arm(timers[2], Ms(20), KernelTime.Zero);
        Assert.Equal(3, _wheel.Expire(Ms(50)));
        Assert.Equal([1, 2, 0], _log.Tags);
        Assert.All(_log.Fired, f => Assert.Equal(Ms(50), f.At));
    }

    [Fact]
    public void A_callback_may_arm_itself_again()
    {
        _log.Then = (timer, now) => _wheel.Arm(timer, now + Ms(4), now);
        _wheel.Arm(_log.Timer(), Ms(4), KernelTime.Zero);
        TimerLog.Run(_wheel, Ms(30));
        Assert.Equal([5, 10, 15, 20, 25, 30], _log.Fired.Select(f => f.At.Nanoseconds / 1_000_000));
    }

    [Fact]
    public void A_callback_that_wants_to_run_at_once_waits_for_the_next_tick()
    {
        _log.Then = (timer, now) => _wheel.Arm(timer, now, now);
        _wheel.Arm(_log.Timer(), Ms(4), KernelTime.Zero);
        Assert.Equal(1, _wheel.Expire(Ms(5)));
        Assert.Equal(Ms(6), _wheel.NextExpiry);
    }

    [Fact]
    public void A_callback_may_cancel_and_move_timers_of_its_own_bucket()
    {
        var timers = _log.Timers(4);
        foreach (var timer in timers) _wheel.Arm(timer, Ms(9), KernelTime.Zero);
        _log.Then = (timer, now) =>
        {
            if (timer.Tag != 3) return;
            TimerWheel.Cancel(timers[2]);
            _wheel.Arm(timers[1], now + Ms(63), now); // the same slot, a turn of the wheel later
        };
        Assert.Equal(2, _wheel.Expire(Ms(10)));
        Assert.Equal([3, 0], _log.Tags);
        Assert.Equal(1, _wheel.Count);
        TimerLog.Run(_wheel, Ms(100));
        Assert.Equal((1, Ms(74)), _log.Fired[^1]);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public void A_callback_that_throws_leaves_the_others_to_the_next_call(int hz)
    {
        var wheel = new TimerWheel(Jiffies.OfHz(hz));
        foreach (var timer in _log.Timers(3)) wheel.Arm(timer, Ms(9), KernelTime.Zero);
        _log.Then = (_, _) =>
        {
            _log.Then = null;
            throw new InvalidOperationException("a bug of ours");
        };
        Assert.Throws<InvalidOperationException>(() => wheel.Expire(Ms(10)));
        Assert.Equal(2, wheel.Count);
        Assert.True(wheel.NextExpiry <= Ms(10));
        Assert.Equal(2, wheel.Expire(Ms(10)));
        Assert.Equal(KernelTime.Never, wheel.NextExpiry);
    }

    [Fact]
    public void A_timer_pending_on_another_cpu_has_to_be_cancelled_first()
    {
        var other = new TimerWheel(Jiffies.Hz1000);
        var timer = _log.Timer();
        other.Arm(timer, Ms(5), KernelTime.Zero);
        Assert.Throws<InvalidOperationException>(() => _wheel.Arm(timer, Ms(5), KernelTime.Zero));
        Assert.True(TimerWheel.Cancel(timer));
        _wheel.Arm(timer, Ms(5), KernelTime.Zero);
        Assert.Equal((0, 1), (other.Count, _wheel.Count));
    }

    [Fact]
    public void Asking_for_the_next_expiry_changes_nothing_that_follows()
    {
        KernelTime Expiry(bool ask)
        {
            var wheel = new TimerWheel(Jiffies.Hz1000);
            TimerEntry first = _log.Timer(), second = _log.Timer();
            wheel.Arm(first, Ms(10), KernelTime.Zero);
            TimerWheel.Cancel(first);
            if (ask) _ = wheel.NextExpiry;
            wheel.Arm(second, Ms(190), Ms(150));
            return wheel.NextExpiry;
        }

        Assert.Equal(Ms(191), Expiry(ask: false));
        Assert.Equal(Ms(191), Expiry(ask: true));
    }

    private static KernelTime Ms(long value) => KernelTime.FromMilliseconds(value);
}
