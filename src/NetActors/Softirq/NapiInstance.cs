using Akka.Actor;
using NetActors.Hosts;
using NetActors.Irq;
using NetActors.Time;

namespace NetActors.Softirq;

/// <summary>Something that is polled for packets: a NIC queue or a CPU's backlog (kernel: <c>struct napi_struct</c>).</summary>
public sealed class NapiInstance
{
    private int _scheduled;
    private NapiTimer? _timer;
    private CpuProtocol.EnlistNapi? _enlist;

    /// <summary>A NAPI that nobody has scheduled.</summary>
    /// <param name="id">Its id, above the number of CPUs (kernel: <c>napi_id</c>).</param>
    /// <param name="name">Device and queue, or "backlog".</param>
    /// <param name="weight">Packets a poll (kernel: NAPI_POLL_WEIGHT, 64).</param>
    public NapiInstance(int id, string name, int weight = 64) => (Id, Name, Weight, Budget) = (id, name, weight, weight);

    /// <summary>Its id.</summary>
    public int Id { get; }

    /// <summary>Device and queue, or "backlog".</summary>
    public string Name { get; }

    /// <summary>Packets a poll.</summary>
    public int Weight { get; set; }

    /// <summary>Owned: on a poll list or being polled (<c>NAPI_STATE_SCHED</c>).</summary>
    public bool Scheduled
    {
        get => Volatile.Read(ref _scheduled) != 0;
        internal set => Interlocked.Exchange(ref _scheduled, value ? 1 : 0);
    }

    /// <summary>Somebody wanted to schedule it meanwhile (<c>NAPI_STATE_MISSED</c>; not in 3.10).</summary>
    public bool Missed { get; internal set; }

    /// <summary>A busy poller owns it: the end of a poll leaves claim and interrupt as they are (<c>NAPI_STATE_IN_BUSY_POLL</c>).</summary>
    public bool InBusyPoll { get; internal set; }

    /// <summary>A task would rather poll it itself: NET_RX gives it up after a full poll (<c>NAPI_STATE_PREFER_BUSY_POLL</c>).</summary>
    public bool PreferBusyPoll { get; internal set; }

    /// <summary>Being switched off: nobody may schedule it (<c>NAPI_STATE_DISABLE</c>).</summary>
    public bool Disabled { get; internal set; }

    /// <summary>Empty polls by timer before the interrupt is let through again (<c>napi_defer_hard_irqs</c>).</summary>
    public int DeferHardIrqs { get; set; }

    /// <summary>Span of that timer; zero switches deferral off (<c>gro_flush_timeout</c>).</summary>
    public KernelTime GroFlushTimeout { get; set; }

    /// <summary>Span of the timer while programs keep finding events; zero never suspends interrupts (<c>irq_suspend_timeout</c>).</summary>
    public KernelTime IrqSuspendTimeout { get; set; }

    /// <summary>Deferrals left (kernel: <c>defer_hard_irqs_count</c>).</summary>
    public int DeferLeft { get; internal set; }

    /// <summary>Polls so far.</summary>
    public long Polls { get; internal set; }

    /// <summary>Packets of the last poll.</summary>
    internal int Work { get; set; }

    /// <summary>Most packets of the poll at work; set by whoever polls.</summary>
    internal int Budget { get; set; }

    /// <summary>Who polls it now, or did last.</summary>
    internal NapiPollMode Mode { get; set; }

    /// <summary>
    /// When a poll would find anything, as far as that is known: this very time when it would now. Null for a NAPI that tasks cannot poll.
    /// </summary>
    internal Func<KernelTime, KernelTime>? NextWork { get; set; }

    /// <summary>Has a CPU put it on its poll list.</summary>
    internal CpuProtocol.EnlistNapi EnlistMessage => _enlist ??= new CpuProtocol.EnlistNapi(this);

    /// <summary>Its high resolution timer.</summary>
    internal NapiTimer Timer => _timer ??= new NapiTimer(this);

    /// <summary>Who polls a NIC queue; null for a backlog, which its CPU's softirq context polls itself.</summary>
    internal IActorRef? Poller { get; set; }

    /// <summary>The CPU whose poll list it is on.</summary>
    internal HostCpu? Owner { get; set; }

    internal NapiInstance? Next { get; set; }

    /// <summary>Who polls it instead of NET_RX; null for nobody (<c>/sys/class/net/DEVICE/threaded</c>).</summary>
    internal NapiThread? Thread { get; set; }

    /// <summary>Its receive offload; null for a backlog.</summary>
    internal Gro.GroEngine? Gro { get; set; }

    /// <summary>Claims it, from whichever CPU (kernel: <c>__test_and_set_bit(NAPI_STATE_SCHED)</c>). False when it is claimed already.</summary>
    internal bool TryClaim() => Interlocked.Exchange(ref _scheduled, 1) == 0;

    /// <summary>Who gave the claim up last.</summary>
    internal HostCpu? FreedBy { get; private set; }

    /// <summary>From when on it is free by that CPU's clock, which may be ahead of others' (design section 2, "skew").</summary>
    internal KernelTime FreeFrom { get; private set; }

    /// <summary>The claim was given up on <paramref name="cpu"/> at its time.</summary>
    internal void MarkFreed(HostCpu cpu) => (FreedBy, FreeFrom) = (cpu, cpu.Cpu.Now);

    /// <summary>
    /// Claims it for a busy poller (kernel: <c>__napi_busy_loop</c>). False when somebody owns it at <paramref name="now"/> or it is being
    /// switched off.
    /// </summary>
    internal bool TryBusyClaim(KernelTime now)
    {
        if (Disabled || Scheduled || FreeFrom > now || !TryClaim()) return false;
        InBusyPoll = true;
        return true;
    }

    /// <summary>
    /// The busy poller ends: the poll that follows is to complete it (kernel: <c>busy_poll_stop</c>).
    /// </summary>
    /// <param name="prefer">It would rather poll again than have interrupts.</param>
    /// <returns>Span of the timer to start; zero for none.</returns>
    internal KernelTime StopBusyPoll(bool prefer)
    {
        (Missed, InBusyPoll) = (false, false); // an interrupt meanwhile is answered by the poll that follows
        if (!prefer) return KernelTime.Zero;
        DeferLeft = DeferHardIrqs;
        return DeferLeft > 0 ? GroFlushTimeout : KernelTime.Zero;
    }

    /// <summary>
    /// Claims it for the caller (kernel: <c>napi_schedule_prep</c>). False when it is claimed already, which a 6.x kernel remembers, or
    /// is being switched off.
    /// </summary>
    public bool SchedulePrep(KernelVersion version)
    {
        if (Disabled) return false;
        if (TryClaim()) return true;
        if (version == KernelVersion.V6) Missed = true;
        return false;
    }

    /// <summary>
    /// The timer that the end of a poll will start, zero for none: what receive offload holds then has until it fires.
    /// </summary>
    /// <param name="work">Packets of the poll.</param>
    /// <param name="holds">Receive offload holds packets.</param>
    public KernelTime FlushTimer(int work, bool holds) =>
        (work > 0 ? DeferHardIrqs : DeferLeft) > 0 || (work > 0 && holds) ? GroFlushTimeout : KernelTime.Zero;

    /// <summary>
    /// The poll found less than its weight (kernel: <c>napi_complete_done</c>; specification section 3.5).
    /// </summary>
    /// <returns>What the driver has to do, and the span of the timer to start if it is not zero.</returns>
    /// <param name="work">Packets of the poll.</param>
    /// <param name="version">Whose behaviour.</param>
    /// <param name="holds">Receive offload held packets before it was flushed.</param>
    public (NapiCompletion Completion, KernelTime Timer) CompleteDone(int work, KernelVersion version, bool holds = false)
    {
        if (version == KernelVersion.V310)
        {
            Scheduled = false;
            return (NapiCompletion.Unmask, KernelTime.Zero);
        }

        if (InBusyPoll) return (NapiCompletion.KeepMasked, KernelTime.Zero); // the busy poller ends it later

        var timer = FlushTimer(work, holds);
        var completion = NapiCompletion.Unmask;
        if (work > 0) DeferLeft = DeferHardIrqs;
        if (DeferLeft > 0)
        {
            DeferLeft--;
            if (timer != KernelTime.Zero) completion = NapiCompletion.KeepMasked;
        }

        PreferBusyPoll = false;
        if (Missed)
        {
            Missed = false; // stays scheduled; whoever polls it again starts the timer
            return (NapiCompletion.PollAgain, KernelTime.Zero);
        }

        Scheduled = false;
        return (completion, timer);
    }
}

/// <summary>Who polls a NAPI.</summary>
internal enum NapiPollMode : byte
{
    /// <summary>NET_RX, or a thread in its place (kernel: <c>__napi_poll</c>).</summary>
    Napi,

    /// <summary>A busy poller.</summary>
    Busy,

    /// <summary>A busy poller that ends, with the timer started: the claim is given up whatever the poll finds.</summary>
    BusyEnd,

    /// <summary>A busy poller that ends and leaves what is left to NET_RX.</summary>
    BusyHandOver,
}

/// <summary>What follows from the end of a poll.</summary>
public enum NapiCompletion : byte
{
    /// <summary>The driver lets interrupts through again.</summary>
    Unmask,

    /// <summary>Interrupts stay masked; the timer polls again.</summary>
    KeepMasked,

    /// <summary>Somebody scheduled it meanwhile: back on the poll list.</summary>
    PollAgain,
}
