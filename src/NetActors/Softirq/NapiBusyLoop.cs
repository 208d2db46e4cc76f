using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Softirq;

/// <summary>
/// A task polls a NAPI until it has what it waits for (kernel: <c>__napi_busy_loop</c>, <c>busy_poll_stop</c>). Knows no actor and no clock:
/// the task makes the passes.
/// </summary>
internal sealed class NapiBusyLoop : INapiPoller
{
    /// <summary>Packets of a poll where nobody says otherwise (<c>BUSY_POLL_BUDGET</c>).</summary>
    public const int DefaultBudget = 8;

    private NapiInstance _napi = null!;
    private int _budget;
    private bool _prefer;
    private bool _endsWithTimer;
    private long _end; // in units of 1024 ns, which the kernel takes for microseconds

    /// <inheritdoc />
    public NapiInstance Napi => _napi;

    /// <summary>It owns the NAPI.</summary>
    public bool Owns { get; private set; }

    /// <summary>Its last poll is under way.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>A loop begins.</summary>
    /// <param name="napi">What is polled.</param>
    /// <param name="budget">Packets of a poll; 0 for <see cref="DefaultBudget"/>.</param>
    /// <param name="prefer">It would rather have no interrupts (SO_PREFER_BUSY_POLL).</param>
    /// <param name="usecs">How long; 0 for one pass.</param>
    /// <param name="now">The time.</param>
    public void Begin(NapiInstance napi, int budget, bool prefer, long usecs, KernelTime now)
    {
        (_napi, _budget, _prefer, Owns, IsStopping) = (napi, budget == 0 ? DefaultBudget : budget, prefer, false, false);
        _end = usecs == 0 ? 0 : Unit(now) + usecs;
    }

    /// <summary>Its time is over (kernel: <c>busy_loop_timeout</c>, <c>sk_busy_loop_timeout</c>).</summary>
    public bool IsTimedOut(KernelTime now) => _end == 0 || Unit(now) > _end;

    /// <summary>Owns the NAPI, or gets it now. False: somebody else does.</summary>
    /// <param name="now">The time.</param>
    public bool TryOwn(KernelTime now)
    {
        if (Owns) return true;
        Owns = _napi.TryBusyClaim(now);
        if (!Owns && _prefer) _napi.PreferBusyPoll = true;
        return Owns;
    }

    /// <summary>When its time is over; at once when it is.</summary>
    public KernelTime End => new((_end + 1) << 10);

    /// <summary>Passes that found nothing to poll for.</summary>
    public void CountEmpty(int passes) => _napi.Polls += passes;

    /// <summary>The loop is over, and it owns the NAPI: one more poll gives it back. Starts the timer that then polls in place of interrupts.</summary>
    public void Stop(HostCpu cpu)
    {
        var timer = _napi.StopBusyPoll(_prefer);
        (IsStopping, _endsWithTimer) = (true, timer > KernelTime.Zero);
        if (_endsWithTimer) _napi.Timer.Start(cpu, timer);
    }

    /// <summary>Its task is gone: NET_RX does what is left to do.</summary>
    public void Abandon(HostCpu cpu)
    {
        if (!Owns) return;
        if (!IsStopping) _napi.StopBusyPoll(prefer: false);
        (Owns, IsStopping) = (false, false);
        NapiScheduling.Enlist(cpu, _napi);
    }

    /// <inheritdoc />
    public void BeginPoll()
    {
        _napi.Budget = _budget;
        _napi.Mode = !IsStopping ? NapiPollMode.Busy : _endsWithTimer ? NapiPollMode.BusyEnd : NapiPollMode.BusyHandOver;
    }

    /// <inheritdoc />
    public void OnPolled(HostCpu cpu, bool failed, bool completed)
    {
        if (!IsStopping)
        {
            if (_napi.Work > 0) cpu.Mib.Add(LinuxMib.BusyPollRxPackets, _napi.Work);
            return;
        }

        (Owns, IsStopping) = (false, false);
        if (completed) return; // by now it may be another's, and with it all that it says of a poll
        if (_endsWithTimer && !failed)
        {
            _napi.Scheduled = false;
            _napi.MarkFreed(cpu);
            return;
        }

        NapiScheduling.Enlist(cpu, _napi);
    }

    private static long Unit(KernelTime time) => time.Nanoseconds >> 10;
}
