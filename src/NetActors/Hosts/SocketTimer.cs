using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>
/// The one timer of a socket that any CPU may run: on the tick, or to the nanosecond for what the kernel has hrtimers for (pacing, compressed
/// ACKs). In virtual time it moves to the CPU that arms it, as <c>mod_timer</c> does. In real time
/// a wheel belongs to its CPU's thread: the timer stays on the first CPU that armed it, which others ask to look earlier.
/// </summary>
internal sealed class SocketTimer : ITimerTarget
{
    private readonly ITimerTarget _target;
    private readonly TimerEntry _entry;
    private HostCpu? _home;
    private bool _isExact;
    private long _wanted = long.MaxValue;
    private long _wantedExactly = long.MaxValue;

    /// <summary>A timer that tells <paramref name="target"/> on whichever CPU it expires.</summary>
    public SocketTimer(ITimerTarget target) => (_target, _entry) = (target, new TimerEntry(this));

    /// <summary>When to expire; <see cref="KernelTime.Never"/> for not at all.</summary>
    /// <param name="cpu">The CPU that runs the socket.</param>
    /// <param name="deadline">The next of the timers that wait for a tick.</param>
    /// <param name="exact">The next of those that do not.</param>
    public void Arm(HostCpu cpu, KernelTime deadline, KernelTime exact)
    {
        if (cpu.Cpu.Layer.IsVirtual)
        {
            Set(cpu, deadline, exact);
            return;
        }

        var before = Math.Min(Interlocked.Exchange(ref _wanted, deadline.Nanoseconds), Interlocked.Exchange(ref _wantedExactly, exact.Nanoseconds));
        _home ??= cpu;
        if (ReferenceEquals(_home, cpu)) Look(cpu);
        else if (Math.Min(deadline.Nanoseconds, exact.Nanoseconds) < before) _home.LookAt(this);
    }

    /// <summary>The same without exact timers.</summary>
    public void Arm(HostCpu cpu, KernelTime deadline) => Arm(cpu, deadline, KernelTime.Never);

    /// <summary>On the timer's CPU: arms it for what is wanted now, unless it expires before that anyway.</summary>
    public void Look(HostCpu cpu)
    {
        var wanted = Wanted;
        if (wanted.IsNever || (_entry.IsPending && _entry.Expires <= wanted)) return;
        Set(cpu, new KernelTime(Volatile.Read(ref _wanted)), new KernelTime(Volatile.Read(ref _wantedExactly)));
    }

    private KernelTime Wanted => new(Math.Min(Volatile.Read(ref _wanted), Volatile.Read(ref _wantedExactly)));

    private void Set(HostCpu cpu, KernelTime deadline, KernelTime exact)
    {
        var isExact = !exact.IsNever && exact <= cpu.Timers.Jiffies.RoundUp(deadline);
        var (wheel, expires) = isExact ? (cpu.HrTimers, exact) : (cpu.Timers, deadline);
        if (_entry.IsPending && _entry.Expires == expires && _isExact == isExact) return;
        TimerWheel.Cancel(_entry);
        _isExact = isExact;
        if (!expires.IsNever) wheel.Arm(_entry, expires, cpu.Cpu.Now);
    }

    /// <summary>The socket is gone; on the timer's CPU in real time.</summary>
    public void Cancel(bool isVirtual)
    {
        Volatile.Write(ref _wanted, long.MaxValue);
        Volatile.Write(ref _wantedExactly, long.MaxValue);
        if (isVirtual) TimerWheel.Cancel(_entry);
    }

    /// <inheritdoc />
    public void OnTimer(TimerEntry timer, KernelTime now)
    {
        if (_home is not null)
        {
            if (Wanted > now)
            {
                Look(_home);
                return;
            }
        }

        _target.OnTimer(timer, now);
    }
}
