using NetActors.Time;

namespace NetActors.Tests.Time;

public class TimerAllocationTests
{
    private sealed class Silent : ITimerTarget
    {
        public void OnTimer(TimerEntry timer, KernelTime now)
        {
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    public void Arming_moving_cancelling_and_expiring_allocate_nothing(int hz)
    {
        var wheel = new TimerWheel(Jiffies.OfHz(hz));
        var target = new Silent();
        var timers = Enumerable.Range(0, 500).Select(i => new TimerEntry(target, i)).ToArray();
        var now = KernelTime.Zero;
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < timers.Length; i++) wheel.Arm(timers[i], now + new KernelTime(i * 977_777L), now);
            for (var i = 0; i < timers.Length; i += 2) wheel.Arm(timers[i], now + new KernelTime(900_000_000), now);
            for (var i = 0; i < timers.Length; i += 3) TimerWheel.Cancel(timers[i]);
            now += KernelTime.FromMilliseconds(2000);
            while (wheel.NextExpiry <= now) wheel.Expire(wheel.NextExpiry);
        }));
        Assert.Equal(0, wheel.Count);
    }
}
