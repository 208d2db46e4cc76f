using NetActors.Time;

namespace NetActors.Execution;

/// <summary>
/// Virtual time: takes the earliest message of all nodes, sets that node's clock, runs that one message. One thread, one order, the
/// same on every machine.
/// </summary>
public sealed class VirtualDriver : ExecutionLayer
{
    private readonly NodeHeap _nodes = new();
    private readonly long _quantum;
    private readonly ManualResetEventSlim _arrived = new(false);
    private volatile bool _inboxFilled;
    private long _reached;
    private long _limit = long.MaxValue; // up to which it was asked to run

    /// <summary>A layer whose clock stands at zero.</summary>
    public VirtualDriver(ExecutionSettings settings)
        : base(settings)
    {
        _quantum = settings.Quantum.Nanoseconds;
        _nodes.Add(Device);
    }

    /// <inheritdoc />
    public override bool IsVirtual => true;

    /// <summary>Messages handled so far.</summary>
    public long Steps { get; private set; }

    /// <summary>When the next message is due; <see cref="KernelTime.Never"/> when the simulation is idle.</summary>
    public KernelTime NextDue
    {
        get
        {
            if (_inboxFilled) return new(_reached);
            return new(_nodes.First.KeyTime);
        }
    }

    internal override long GlobalNow => _reached;

    /// <summary>
    /// Runs everything that is due up to and at <paramref name="until"/>, or until <paramref name="stop"/> answers true (asked every
    /// few thousand messages). Afterwards the clock stands at <paramref name="until"/>, if it was reached.
    /// </summary>
    /// <returns>True when the time was reached.</returns>
    public bool RunUntil(KernelTime until, Func<bool>? stop = null)
    {
        var limit = _limit = until.Nanoseconds;
        var outer = ThreadNode;
        try
        {
            while (true)
            {
                if (_inboxFilled)
                {
                    _inboxFilled = false;
                    DrainInbox();
                }

                var node = _nodes.First;
                if (node.KeyTime > limit || node.KeyTime == long.MaxValue) break;
                if (node.KeyTime > _reached) _reached = node.KeyTime;
                ThreadNode = node;
                node.RunOne();
                node.Refresh();
                _nodes.Update(node);
                if ((++Steps & 4095) == 0 && stop is not null && stop()) return false;
            }
        }
        finally
        {
            ThreadNode = outer;
        }

        if (limit != long.MaxValue && limit > _reached) _reached = limit;
        return true;
    }

    internal override void Pump(TimeSpan wait)
    {
        RunUntil(new KernelTime(_reached));
        Await(wait);
    }

    internal override void PumpDown(TimeSpan wait)
    {
        RunUntil(new KernelTime(_reached + 100_000)); // clocks of CPUs may stand ahead of what has been reached
        Await(wait);
    }

    /// <summary>Waits for the outside. A bell that rang late, for what has been taken already, must not ring again.</summary>
    private void Await(TimeSpan wait)
    {
        if (_inboxFilled) return;
        _arrived.Wait(wait);
        _arrived.Reset();
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing) => _arrived.Dispose();

    internal override long RealNow() => throw new InvalidOperationException("virtual time has no machine clock");

    /// <inheritdoc />
    internal override long Horizon(EmulatedCpu cpu) => Math.Min(_limit, Math.Min(cpu.OwnHorizon, _nodes.FirstOtherThan(cpu)));

    /// <inheritdoc />
    internal override bool IsBeyond(long now) => now > _limit;

    internal override bool MustYield(EmulatedCpu cpu, bool moved)
    {
        var horizon = cpu.OwnHorizon;
        if (moved) horizon = Math.Min(horizon, _nodes.FirstOtherThan(cpu)); // else two CPUs could give way to each other for ever
        return horizon != long.MaxValue && cpu.NowNanoseconds >= horizon + _quantum;
    }

    private protected override void Deliver(ExecutionNode from, ExecutionNode node, CpuContext context, in RunEntry entry)
    {
        base.Place(node, context, entry);
        if (!ReferenceEquals(from, node)) Rekey(node);
    }

    private protected override void Place(ExecutionNode node, CpuContext context, in RunEntry entry)
    {
        base.Place(node, context, entry);
        Rekey(node);
    }

    internal override void Rekey(ExecutionNode node)
    {
        node.Refresh();
        _nodes.Update(node);
    }

    private protected override void OnCpuAdded(EmulatedCpu cpu) => _nodes.Add(cpu);

    private protected override void OnInbox()
    {
        _inboxFilled = true;
        _arrived.Set();
    }
}
