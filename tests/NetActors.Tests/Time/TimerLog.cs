using NetActors.Time;

namespace NetActors.Tests.Time;

/// <summary>Writes down which timer expired when, and does what the test wants done then.</summary>
internal sealed class TimerLog : ITimerTarget
{
    internal List<(int Tag, KernelTime At)> Fired { get; } = [];

    internal Action<TimerEntry, KernelTime>? Then { get; set; }

    internal IEnumerable<int> Tags => Fired.Select(f => f.Tag);

    internal TimerEntry Timer(int tag = 0) => new(this, tag);

    internal TimerEntry[] Timers(int count) => [.. Enumerable.Range(0, count).Select(Timer)];

    public void OnTimer(TimerEntry timer, KernelTime now)
    {
        Fired.Add((timer.Tag, now));
        Then?.Invoke(timer, now);
    }

    /// <summary>Wakes the CPU whenever the wheel asks for it, up to a time.</summary>
    internal static void Run(TimerWheel wheel, KernelTime until)
    {
        while (wheel.NextExpiry <= until) wheel.Expire(wheel.NextExpiry);
    }
}
