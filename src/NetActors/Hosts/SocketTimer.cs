using NetActors.Time;

namespace NetActors.Hosts;

/// <summary>
/// The one timer of a socket that any CPU may run. In virtual time it moves to the CPU that arms it, as <c>mod_timer</c> does. In real time
/// a wheel belongs to its CPU's thread: the timer stays on the first CPU that armed it, which others ask to look earlier.
/// </summary>
internal sealed class SocketTimer : ITimerTarget
{
    private readonly ITimerTarget _target;
    private readonly TimerEntry _entry;
    private HostCpu? _home;
    private long _wanted = long.MaxValue;

    /// <summary>A timer that tells <paramref name="target"/> on whichever CPU it expires.</summary>
    public SocketTimer(ITimerTarget target) => (_target, _entry) = (target, new TimerEntry(this));

    /// <summary>When to expire; <see cref="KernelTime.Never"/> for not at all.</summary>
    public void Arm(HostCpu cpu, KernelTime deadline)
    {
        if (cpu.Cpu.Layer.IsVirtual)
        {
            if (_entry.IsPending && _entry.Expires == deadline) return;
            TimerWheel.Cancel(_entry);
            if (!deadline.IsNever) cpu.Timers.Arm(_entry, deadline, cpu.Cpu.Now);
            return;
        }

        var before = Interlocked.Exchange(ref _wanted, deadline.Nanoseconds);
        _home ??= cpu;
        if (ReferenceEquals(_home, cpu)) Look(cpu);
        else if (deadline.Nanoseconds < before) _home.LookAt(this);
    }

    /// <summary>On the timer's CPU: arms it for what is wanted now, unless it expires before that anyway.</summary>
    public void Look(HostCpu cpu)
    {
        var wanted = new KernelTime(Volatile.Read(ref _wanted));
        if (wanted.IsNever || (_entry.IsPending && _entry.Expires <= wanted)) return;
        TimerWheel.Cancel(_entry);
        cpu.Timers.Arm(_entry, wanted, cpu.Cpu.Now);
    }

    /// <summary>The socket is gone; on the timer's CPU in real time.</summary>
    public void Cancel(bool isVirtual)
    {
        Volatile.Write(ref _wanted, long.MaxValue);
        if (isVirtual) TimerWheel.Cancel(_entry);
    }

    /// <inheritdoc />
    public void OnTimer(TimerEntry timer, KernelTime now)
    {
        if (_home is not null)
        {
            var wanted = Volatile.Read(ref _wanted);
            if (wanted > now.Nanoseconds)
            {
                Look(_home);
                return;
            }
        }

        _target.OnTimer(timer, now);
    }
}
