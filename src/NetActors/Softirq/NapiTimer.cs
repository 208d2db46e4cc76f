using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Time;

namespace NetActors.Softirq;

/// <summary>
/// The high resolution timer of a NAPI (kernel: <c>napi_struct.timer</c>, <c>napi_watchdog</c>): it polls when interrupts are deferred or
/// suspended. Started again it moves, to the CPU that starts it in virtual time; in real time a wheel belongs to its CPU's thread, and the
/// timer stays on the first CPU that started it.
/// </summary>
internal sealed class NapiTimer : ITimerTarget
{
    private readonly NapiInstance _napi;
    private readonly TimerEntry _entry;
    private HostCpu? _home; // real time only
    private long _wanted = long.MaxValue; // real time only

    /// <summary>The timer of <paramref name="napi"/>.</summary>
    public NapiTimer(NapiInstance napi) => (_napi, _entry) = (napi, new TimerEntry(this));

    /// <summary>When it expires; <see cref="KernelTime.Never"/> while it is not pending.</summary>
    public KernelTime Expires => _entry.IsPending ? _entry.Expires : KernelTime.Never;

    /// <summary>Expires after <paramref name="span"/>, and not when it was to before (kernel: <c>hrtimer_start</c>).</summary>
    public void Start(HostCpu cpu, KernelTime span)
    {
        var expires = cpu.Cpu.Now + span;
        if (cpu.Cpu.Layer.IsVirtual)
        {
            TimerWheel.Cancel(_entry);
            cpu.NapiTimers.Arm(_entry, expires, cpu.Cpu.Now);
            return;
        }

        var before = Interlocked.Exchange(ref _wanted, expires.Nanoseconds);
        _home ??= cpu;
        if (ReferenceEquals(_home, cpu)) Look(cpu);
        else if (expires.Nanoseconds < before) _home.LookAt(_napi);
    }

    /// <summary>On the timer's CPU: starts it for what is wanted now, unless it expires before that anyway.</summary>
    public void Look(HostCpu cpu)
    {
        var wanted = new KernelTime(Volatile.Read(ref _wanted));
        if (wanted.IsNever || (_entry.IsPending && _entry.Expires <= wanted)) return;
        cpu.NapiTimers.Arm(_entry, wanted, cpu.Cpu.Now);
    }

    /// <inheritdoc />
    public void OnTimer(TimerEntry timer, KernelTime now)
    {
        var cpu = (HostCpu)EmulatedCpu.Current!.Hooks!;
        if (_home is not null)
        {
            if (Volatile.Read(ref _wanted) > now.Nanoseconds)
            {
                Look(cpu);
                return;
            }

            Volatile.Write(ref _wanted, long.MaxValue);
        }

        if (_napi.Disabled || !_napi.TryClaim()) return; // never sets MISSED: no device has asked
        _napi.PreferBusyPoll = false;
        NapiScheduling.Enlist(cpu, _napi);
    }
}
