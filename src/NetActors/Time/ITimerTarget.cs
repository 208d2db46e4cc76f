namespace NetActors.Time;

/// <summary>Who is called when a timer expires (kernel: <c>timer_list.function</c>).</summary>
public interface ITimerTarget
{
    /// <summary>
    /// <paramref name="timer"/> expired and is no longer pending. It and all others may be armed and cancelled from here.
    /// </summary>
    /// <param name="timer">The timer; its <see cref="TimerEntry.Tag"/> says which of the target's it is.</param>
    /// <param name="now">The time of the CPU, at or after <see cref="TimerEntry.Expires"/>.</param>
    void OnTimer(TimerEntry timer, KernelTime now);
}
