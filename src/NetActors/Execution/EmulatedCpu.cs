using NetActors.Costs;
using NetActors.Time;

namespace NetActors.Execution;

/// <summary>
/// An emulated CPU: a clock and three run queues, of which hard interrupts come before softirqs and these before tasks. In virtual
/// time its clock moves as work is charged, in real time it is the machine's.
/// </summary>
public sealed partial class EmulatedCpu : ExecutionNode
{
    private readonly RunQueue _hardIrq = new();
    private readonly RunQueue _softirq = new();
    private readonly long[] _costs;
    private readonly long[] _operations;
    private readonly long[] _spent;
    private readonly bool _virtual;
    private CpuTimes _times;
    private long _now;
    private long _handlerStart;
    private bool _wasIdle;
    private ActorQueue? _running;

    internal EmulatedCpu(ExecutionLayer layer, int id, string host, int localId, CpuTopology topology, CostModel costs)
        : base(layer)
    {
        (Id, Host, LocalId, Node, Sibling) = (id, host, localId, topology.NodeOf(localId), topology.SiblingOf(localId));
        _virtual = layer.IsVirtual;
        _costs = costs.Nanoseconds.ToArray();
        SetTopology(topology);
        _operations = new long[_costs.Length];
        _spent = new long[_costs.Length];
        Scheduler = new CpuScheduler(this, layer.Settings.Scheduling);
    }

    /// <summary>The CPU whose message this thread is handling; null in a device and outside.</summary>
    public static EmulatedCpu? Current => ExecutionLayer.ThreadNode as EmulatedCpu;

    /// <summary>Number among all CPUs of the simulation: the N of its dispatcher <c>cpu-N</c>.</summary>
    public int Id { get; }

    /// <summary>The host it belongs to.</summary>
    public string Host { get; }

    /// <summary>Number on its host, as Linux counts.</summary>
    public int LocalId { get; }

    /// <summary>NUMA node.</summary>
    public int Node { get; }

    /// <summary>Number on its host of the SMT sibling; -1 without.</summary>
    public int Sibling { get; }

    /// <summary>Who has the CPU when no interrupt has.</summary>
    public CpuScheduler Scheduler { get; }

    /// <summary>In what the current message is handled.</summary>
    public CpuContext Context { get; private set; } = CpuContext.Task;

    /// <summary>The CPU's local time.</summary>
    public KernelTime Now => new(_now);

    /// <summary>When the handler that runs began: what came into being until then is there for it.</summary>
    internal KernelTime HandlerStart => new(_handlerStart);

    /// <summary>Where the CPU's time went.</summary>
    public ref readonly CpuTimes Times => ref _times;

    /// <summary>How often each <see cref="CostOp"/> was charged.</summary>
    public ReadOnlySpan<long> Operations => _operations;

    /// <summary>Virtual nanoseconds that went into each <see cref="CostOp"/>.</summary>
    public ReadOnlySpan<long> OperationNanoseconds => _spent;

    /// <summary>What the CPU does when a timer of its own is due; null before a host is built on it.</summary>
    internal ICpuHooks? Hooks { get; set; }

    internal override long NowNanoseconds => _now;

    /// <summary>
    /// A loop over packets has to stop here and go on later: something else may come first (design section 2, "skew"). To be asked before
    /// each thing that others can see, and after it, since a hand-over may have rung for a wakeup that comes before the next packet.
    /// </summary>
    public bool MustYield => _virtual ? Layer.MustYield(this, _now > _handlerStart) : Layer.MustYield(this, true) || OwnHorizon <= _now;

    /// <summary>The earliest message of this CPU's own that a running softirq would delay.</summary>
    internal long OwnHorizon
    {
        get
        {
            var first = _hardIrq.Count > 0 ? _hardIrq.Head.Time : long.MaxValue;
            if (_softirq.Count > 0 && _softirq.Head.Time < first) first = _softirq.Head.Time;
            if (Hooks is not null && Hooks.NextTimerInterrupt < first) first = Hooks.NextTimerInterrupt;
            return first;
        }
    }

    /// <summary>Hard interrupts wait.</summary>
    internal bool HasHardIrq => _hardIrq.Count > 0;

    /// <summary>An operation of the cost model was done <paramref name="times"/> times: takes its time (virtual) and is counted.</summary>
    public void Charge(CostOp operation, int times = 1)
    {
        _operations[(int)operation] += times;
        if (_virtual) Spend(operation, _costs[(int)operation] * times);
    }

    /// <summary>An operation whose cost is given for a KiB was done on <paramref name="bytes"/> bytes.</summary>
    public void ChargeBytes(CostOp operation, int bytes)
    {
        _operations[(int)operation]++;
        if (_virtual) Spend(operation, _costs[(int)operation] * bytes / 1024);
    }

    /// <summary>Time that an operation takes beyond its cost: waiting for a lock.</summary>
    internal void Spend(CostOp operation, long nanoseconds)
    {
        _spent[(int)operation] += nanoseconds;
        Spend(nanoseconds);
    }

    /// <summary>Time that no operation of the cost model stands for.</summary>
    internal void Spend(long nanoseconds)
    {
        _now += nanoseconds;
        switch (Context)
        {
            case CpuContext.HardIrq:
                _times.HardIrq += nanoseconds;
                break;
            case CpuContext.Softirq when !ServesTask:
                _times.Softirq += nanoseconds;
                if (Scheduler.Current is { IsKsoftirqd: true }) Scheduler.Account(nanoseconds);
                break;
            default:
                _times.System += nanoseconds;
                Scheduler.Account(nanoseconds);
                break;
        }
    }

    /// <summary>What runs as a softirq belongs to the current task, which has switched bottom halves off.</summary>
    internal bool ServesTask { get; set; }

    /// <summary>Sends as a softirq of this CPU would, whatever runs: for what must be handled though the current task sleeps.</summary>
    internal void TellFromSoftirq(Akka.Actor.IActorRef target, object message, KernelTime at)
    {
        var context = Context;
        Context = CpuContext.Softirq;
        Layer.TellAt(target, message, at);
        Context = context;
    }

    /// <summary>The actor at work goes on with <paramref name="message"/> at the CPU's local time, after what comes before.</summary>
    internal void Again(object message) =>
        Add(Context, new RunEntry { Time = _now, Sequence = Layer.NextSequence(), Queue = _running!, Message = message });

    internal void Add(CpuContext context, in RunEntry entry)
    {
        if (context == CpuContext.HardIrq)
        {
            _hardIrq.Add(entry);
        }
        else if (context == CpuContext.Task && entry.Message is not null && (entry.Queue.Entity ?? Scheduler.Current) is { } task)
        {
            task.Pending.Add(entry);
        }
        else
        {
            _softirq.Add(entry);
        }
    }

    /// <inheritdoc />
    internal override void Refresh()
    {
        var timer = Hooks is null ? long.MaxValue : Hooks.NextTimerInterrupt;
        var start = Math.Min(Scheduler.NextTime(_now), timer);
        if (_softirq.Count > 0) start = Math.Min(start, _softirq.Head.Time);
        if (_hardIrq.Count > 0) start = Math.Min(start, _hardIrq.Head.Time);
        KeyTime = start = Math.Max(start, _now);
        if (start == long.MaxValue) KeySequence = long.MaxValue;
        else if (timer <= start) KeySequence = 0;
        else if (_hardIrq.Count > 0 && _hardIrq.Head.Time <= start) KeySequence = _hardIrq.Head.Sequence;
        else if (_softirq.Count > 0 && _softirq.Head.Time <= start) KeySequence = _softirq.Head.Sequence;
        else KeySequence = Scheduler.NextSequence;
    }

    /// <inheritdoc />
    internal override void RunOne()
    {
        PassTo(_virtual ? KeyTime : Layer.RealNow());
        if (Hooks is not null && Hooks.NextTimerInterrupt <= _now)
        {
            Enter(CpuContext.HardIrq);
            Hooks.TimerInterrupt();
            Switch();
        }
        else if (_hardIrq.Count > 0 && _hardIrq.Head.Time <= _now)
        {
            Handle(_hardIrq.Take(), CpuContext.HardIrq);
            Switch();
        }
        else if (_softirq.Count > 0 && _softirq.Head.Time <= _now)
        {
            Handle(_softirq.Take(), CpuContext.Softirq);
        }
        else
        {
            Context = CpuContext.Task;
            Scheduler.Step();
            Switch();
        }

        if (!_virtual) Settle();
    }

    /// <summary>The task that an interrupt woke, or the next one after a call that sleeps; softirqs that are pending come first.</summary>
    private void Switch()
    {
        if (Hooks is { InSoftirq: true }) return;
        Context = CpuContext.Task;
        Scheduler.SwitchIfNeeded();
    }

    /// <summary>Handles one message in the given context.</summary>
    internal void Handle(in RunEntry entry, CpuContext context)
    {
        var queue = _running = entry.Queue;
        if (!queue.IsCallerCpu)
        {
            Enter(context);
            queue.Run(entry);
            return;
        }

        if (_virtual)
        {
            if (queue.Holder is { } holder && !ReferenceEquals(holder, this) && (queue.BusyUntil > _now || queue.LeftBehind > 0))
            {
                if (context != CpuContext.Task && !queue.StaysWithCaller) Layer.LeaveTo(holder, entry, queue.BusyUntil);
                else WaitFor(context, entry, queue.BusyUntil > _now ? queue.BusyUntil : holder.KeyTime); // until it has done what was left
                return;
            }

            if (entry.IsLeft) queue.LeftBehind--;
            Enter(context);
            queue.Run(entry);
            (queue.Holder, queue.BusyUntil) = (this, _now);
            return;
        }

        var mine = entry;
        if (context == CpuContext.Task || queue.StaysWithCaller)
        {
            if (!queue.Owned.TryOwn())
            {
                WaitFor(context, entry, entry.Time);
                Thread.Yield();
                return;
            }
        }
        else if (!queue.Owned.TryOwn(ref mine))
        {
            return;
        }

        Enter(context);
        queue.Holder = this;
        queue.Run(mine);
        while (queue.Owned.TryTake(out var late))
        {
            if (queue.Home is EmulatedCpu home && home.Host != Host)
            {
                Layer.HandOn(home, late); // this CPU only made the actor, before that said whose it is
                continue;
            }

            Context = CpuContext.Softirq; // that is who left it: the task of a call may be asleep by now
            queue.Run(late);
        }
    }

    internal void OnSwitch(TaskEntity? previous, TaskEntity next) => Hooks?.OnSwitch(previous, next);

    /// <summary>A task that calls a busy actor waits for it; only softirqs leave their work behind (kernel: <c>lock_sock</c>).</summary>
    private void WaitFor(CpuContext context, in RunEntry entry, long time)
    {
        var later = entry;
        (later.Time, later.Sequence) = (time, Layer.NextSequence()); // those who wait get it in the order in which they came
        Add(context, later);
    }

    private void Enter(CpuContext context)
    {
        Context = context;
        _handlerStart = _now;
        if (!_wasIdle) return;
        _wasIdle = false;
        Charge(CostOp.IdleExit);
    }

    private void PassTo(long time)
    {
        var passed = time - _now;
        if (passed <= 0) return;
        if (Scheduler.Current is null) _wasIdle = true;
        Scheduler.Pass(passed, ref _times);
        _now = time;
    }

    /// <summary>Real time: what the handler took is known afterwards.</summary>
    private void Settle()
    {
        var taken = Layer.RealNow() - _now;
        if (taken > 0) Spend(taken);
    }
}

/// <summary>What a host puts under its CPUs.</summary>
internal interface ICpuHooks
{
    /// <summary>When the CPU's local timer interrupts next, in nanoseconds; <see cref="long.MaxValue"/> when no timer is pending.</summary>
    long NextTimerInterrupt { get; }

    /// <summary>Softirqs are being run, or will be before any task.</summary>
    bool InSoftirq { get; }

    /// <summary>The local timer interrupts (vector LOC).</summary>
    void TimerInterrupt();

    /// <summary>A runnable task that may not run here any more goes to a CPU where it may (kernel: <c>__migrate_task</c>).</summary>
    void PushAway(TaskEntity task);

    /// <summary>The CPU has nothing to run: true when it took a task from another (kernel: <c>newidle_balance</c>).</summary>
    bool NewIdle();

    /// <summary>A task waits for the CPU that another might take.</summary>
    void OnOverload();

    /// <summary>Another task got the CPU (tracepoint <c>sched_switch</c>).</summary>
    void OnSwitch(TaskEntity? previous, TaskEntity next);
}
