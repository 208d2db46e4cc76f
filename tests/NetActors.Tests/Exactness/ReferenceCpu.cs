using NetActors.Costs;
using NetActors.Observe;

namespace NetActors.Tests.Exactness;

/// <summary>
/// A CPU as one sequence of steps. A step begins when the CPU is free: a hard interrupt that has come, else the softirq loop goes on,
/// else the task. What a step does to things that others see it does at its begin; then its cost passes.
/// </summary>
internal sealed partial class ReferenceCpu
{
    private readonly ReferenceSimulator _simulator;
    private readonly SmallScenario _scenario;
    private readonly List<(long Time, Action Handler)> _interrupts = [];
    private readonly List<(long Time, ReferenceTask Task)> _wakeList = [];
    private bool _wasIdle;
    private bool _uninterrupted;
    private long _generation;
    private long _stepStart;
    private Charged _context;

    public ReferenceCpu(ReferenceSimulator simulator, int id)
    {
        (_simulator, _scenario, Id) = (simulator, simulator.Scenario, id);
        Tasks = new ReferenceRunQueue(_scenario.Cpus);
        Backlog = new ReferenceNapi(8193 + id, _scenario.DevWeight);
        Ksoftirqd = new ReferenceTask(10 + id, this);
        Interrupts = new long[_scenario.Queues];
    }

    private enum Charged
    {
        HardIrq,
        Softirq,
        Task,
    }

    public int Id { get; }

    /// <summary>When the last step ended.</summary>
    public long Now { get; private set; }

    public ReferenceRunQueue Tasks { get; }

    public ReferenceTask Ksoftirqd { get; }

    public long[] Interrupts { get; }

    /// <summary>A vector reaches this CPU.</summary>
    public void Interrupt(ReferenceNic nic, object sender, bool atOurOwnUnmasking)
    {
        Deliver(sender, atOurOwnUnmasking, () =>
        {
            Interrupts[nic.Index]++;
            Log(TracePoint.irq_handler_entry, arg1: 24 + nic.Index);
            Charge(CostOp.HardIrqEntry);
            Charge(CostOp.NapiSchedule);
            if (!nic.Napi.Scheduled)
            {
                nic.Napi.Scheduled = true;
                Enlist(nic.Napi);
            }

            Charge(CostOp.HardIrqExit);
            Log(TracePoint.irq_handler_exit, arg1: 24 + nic.Index);
            IrqExit();
        });
    }

    /// <summary>Another CPU wants its packets processed here.</summary>
    public void RpsIpi(ReferenceCpu sender) => Deliver(sender, false, () =>
    {
        Log(TracePoint.ipi_entry, arg1: 1);
        Charge(CostOp.IpiReceive);
        ReceivedRps++;
        Enlist(Backlog);
        Log(TracePoint.ipi_exit, arg1: 1);
        IrqExit();
    });

    /// <summary>Another CPU woke a task of this one.</summary>
    public void RescheduleIpi(ReferenceCpu sender, ReferenceTask task)
    {
        _wakeList.Add((_simulator.Events.Now, task));
        Deliver(sender, false, () =>
        {
            List<(long Time, ReferenceTask Task)> woken = [.. _wakeList.Where(w => w.Time <= _stepStart)];
            _wakeList.RemoveAll(w => w.Time <= _stepStart);
            Log(TracePoint.ipi_entry);
            Charge(CostOp.IpiReceive);
            foreach (var (_, t) in woken) Tasks.Activate(t);
            Log(TracePoint.ipi_exit);
            IrqExit();
        });
    }

    public void Charge(CostOp operation, int times = 1) => Spend(_scenario.Costs[operation] * times);

    public void Log(TracePoint point, long packet = 0, long arg1 = 0, long arg2 = 0) =>
        _simulator.Log.Add(new SimEvent(Now, Id, point, packet, arg1, arg2));

    /// <summary>Makes the next step happen when it is due.</summary>
    public void Reschedule()
    {
        var due = NextStep();
        var mine = ++_generation;
        if (due == long.MaxValue) return;
        _simulator.Events.At(Math.Max(due, _simulator.Events.Now), EventKind.Step, () =>
        {
            if (mine == _generation) Step();
        });
    }

    private long Jiffies() => _scenario.Hz == 0 ? Now : Now / (1_000_000_000 / _scenario.Hz);

    private long JiffiesCovering(long nanoseconds) =>
        _scenario.Hz == 0 ? nanoseconds : (nanoseconds + 1_000_000_000 / _scenario.Hz - 1) / (1_000_000_000 / _scenario.Hz);

    private void Deliver(object sender, bool expected, Action handler)
    {
        if (!expected)
        {
            _simulator.Events.Touch(_interrupts, sender);
            if (NextStep() == _simulator.Events.Now || _stepStart == _simulator.Events.Now) _simulator.Events.CountTie(); // just between two steps
        }

        _interrupts.Add((_simulator.Events.Now, handler));
        Reschedule();
    }

    /// <summary>When the CPU does something next.</summary>
    public long NextStep()
    {
        if (_uninterrupted || _interrupts.Count > 0 || _softirq is not null) return Now;
        return NextTaskStep();
    }

    private long NextTaskStep()
    {
        if (Tasks.NeedResched) return Now;
        if (Tasks.Current is not { } task || task.InLoop) return long.MaxValue;
        return task.Burst > 0 ? Now + Math.Min(task.Burst, Tasks.SliceLeft) : Math.Max(Now, task.NotBefore);
    }

    private void Step()
    {
        PassTo(_simulator.Events.Now);
        _stepStart = Now;
        if (_uninterrupted)
        {
            ContinueSoftirq();
        }
        else if (_interrupts.Count > 0)
        {
            var first = _interrupts[0];
            _interrupts.RemoveAt(0);
            Begin(Charged.HardIrq);
            first.Handler();
            SwitchAtEnd();
        }
        else if (_softirq is not null)
        {
            Begin(Charged.Softirq);
            ContinueSoftirq();
        }
        else
        {
            _context = Charged.Task;
            StepTask();
            SwitchAtEnd();
        }

        Reschedule();
    }

    /// <summary>A switch belongs to the interrupt or call that asked for it, unless softirqs come first.</summary>
    private void SwitchAtEnd()
    {
        if (InSoftirq || !Tasks.NeedResched) return;
        _context = Charged.Task;
        Switch();
    }

    private void Begin(Charged context)
    {
        _context = context;
        if (_wasIdle) Charge(CostOp.IdleExit);
        _wasIdle = false;
    }

    private void PassTo(long time)
    {
        var passed = time - Now;
        if (passed <= 0) return;
        if (Tasks.Current is { } task)
        {
            task.Burst -= Math.Min(passed, task.Burst);
            Tasks.Account(passed);
        }
        else
        {
            _wasIdle = true;
        }

        Now = time;
    }

    private void Spend(long nanoseconds)
    {
        Now += nanoseconds;
        if (_context == Charged.Task || (_context == Charged.Softirq && Tasks.Current == Ksoftirqd)) Tasks.Account(nanoseconds);
    }
}
