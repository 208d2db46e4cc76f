namespace NetActors.Time;

/// <summary>
/// The timers of one CPU (kernel: <c>struct timer_base</c>, kernel/time/timer.c). With a tick it is the kernel's wheel since 4.8,
/// rounding included (<see cref="JiffyWheel"/>); with <see cref="Jiffies.Exact"/> every timer expires at its nanosecond
/// (<see cref="TimerHeap"/>). A pure machine: the time is an argument, and nothing is allocated while timers come and go.
/// </summary>
/// <param name="jiffies">The host's tick.</param>
public sealed class TimerWheel(Jiffies jiffies)
{
    private readonly JiffyWheel? _wheel = jiffies.IsExact ? null : new JiffyWheel(jiffies.WheelLevels);
    private readonly TimerHeap? _heap = jiffies.IsExact ? new TimerHeap() : null;

    /// <summary>The tick that the wheel turns by.</summary>
    public Jiffies Jiffies { get; } = jiffies;

    /// <summary>Timers pending.</summary>
    public int Count => _wheel?.Count ?? _heap!.Count;

    /// <summary>
    /// When the CPU has to wake for a timer: the next tick with something due, or the exact time (kernel: <c>get_next_timer_interrupt</c>).
    /// <see cref="KernelTime.Never"/> when nothing is pending.
    /// </summary>
    public KernelTime NextExpiry
    {
        get
        {
            var due = _wheel is not null ? _wheel.NextExpiry : _heap!.NextExpiry;
            return due == long.MaxValue ? KernelTime.Never : Jiffies.ToTime(due);
        }
    }

    /// <summary>
    /// Starts <paramref name="timer"/>, or moves it when it is pending (kernel: <c>mod_timer</c>). Both parts are rounded as a kernel
    /// that computes <c>jiffies + msecs_to_jiffies(span)</c> does; a time that has passed is due at the next tick, or at once without one.
    /// </summary>
    /// <param name="timer">The timer; not pending in the wheel of another CPU.</param>
    /// <param name="expires">When it shall expire; <see cref="KernelTime.Never"/> cancels it.</param>
    /// <param name="now">The time of the CPU.</param>
    /// <returns>True when it was pending.</returns>
    public bool Arm(TimerEntry timer, KernelTime expires, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(timer);
        if (expires.IsNever) return Cancel(timer);
        var pending = timer.IsPending;
        if (pending && timer.Wheel != this) throw new InvalidOperationException("the timer is pending on another CPU: cancel it first");
        (timer.Wheel, timer.Expires) = (this, expires);
        if (_wheel is null)
        {
            _heap!.Arm(timer, Math.Max(expires.Nanoseconds, now.Nanoseconds));
        }
        else
        {
            var clock = Jiffies.At(now);
            _wheel.Arm(timer, clock + Jiffies.Covering(expires - now), clock);
        }

        return pending;
    }

    /// <summary>Takes <paramref name="timer"/> out, in whichever CPU's wheel it is (kernel: <c>timer_delete</c>).</summary>
    /// <returns>True when it was pending.</returns>
    public static bool Cancel(TimerEntry timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        if (!timer.IsPending) return false;
        var home = timer.Wheel!;
        if (home._wheel is not null) home._wheel.Cancel(timer);
        else home._heap!.Cancel(timer);
        return true;
    }

    /// <summary>
    /// Runs every timer due at <paramref name="now"/> (kernel: <c>run_timer_softirq</c>): by tick the highest level first and within a
    /// bucket the last armed first, as the kernel does; exact, by time and then in the order of arming. A timer armed from a
    /// callback for a time that has passed waits for the next call.
    /// </summary>
    /// <returns>How many ran.</returns>
    public int Expire(KernelTime now) => _wheel is not null ? _wheel.Expire(Jiffies.At(now), now) : _heap!.Expire(now);
}
