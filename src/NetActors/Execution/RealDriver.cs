using System.Diagnostics;
using NetActors.Time;

namespace NetActors.Execution;
#pragma warning disable RS0030 // the one place that reads the machine's clock, for real time

/// <summary>Real time: one thread for every emulated CPU and one for the devices, each parked while it has nothing to do.</summary>
public sealed class RealDriver : ExecutionLayer
{
    private readonly List<RealThread> _threads = [];
    private readonly double _nanosecondsPerTick = 1e9 / Stopwatch.Frequency;
    private long _begin = long.MaxValue; // the clock stands until the simulation starts it
    private volatile bool _stop;
    private volatile StandStill? _standStill;
    private bool _started;
    private long _foreign;

    /// <summary>A layer whose threads start with the first message.</summary>
    public RealDriver(ExecutionSettings settings)
        : base(settings) =>
        _threads.Add(new RealThread(this, Device, "netactors/device"));

    /// <inheritdoc />
    public override bool IsVirtual => false;

    internal override long GlobalNow => RealNow();

    internal bool Stopping => _stop;

    internal override long RealNow()
    {
        var begin = Volatile.Read(ref _begin);
        return begin == long.MaxValue ? 0 : (long)((Stopwatch.GetTimestamp() - begin) * _nanosecondsPerTick);
    }

    internal override void StartClock() => Volatile.Write(ref _begin, Stopwatch.GetTimestamp());

    internal override bool MustYield(EmulatedCpu cpu, bool moved) => cpu.HasHardIrq || _threads[cpu.Id + 1].HasMail;

    /// <summary>Waits until <paramref name="until"/> has come or <paramref name="stop"/> answers true, while the threads work.</summary>
    /// <returns>True when the time was reached.</returns>
    public bool RunUntil(KernelTime until, Func<bool>? stop = null)
    {
        while (true)
        {
            var left = until.Nanoseconds - RealNow();
            if (left <= 0) return true;
            if (stop is not null && stop()) return false;
            Thread.Sleep(TimeSpan.FromMilliseconds(Math.Clamp(left / 1_000_000, 1, 20)));
        }
    }

    /// <summary>Where threads wait now, between two handlers; null when they work.</summary>
    internal StandStill? StandingStill => _standStill;

    /// <inheritdoc />
    internal override void WhileStill(Action look)
    {
        if (!_started || _stop)
        {
            look();
            return;
        }

        using var still = new StandStill(_threads.Count);
        _standStill = still;
        foreach (var thread in _threads) thread.Wake();
        still.WaitForAll();
        try
        {
            look();
        }
        finally
        {
            _standStill = null;
            still.Release();
        }
    }

    internal override void Pump(TimeSpan wait)
    {
        Start();
        Thread.Sleep(wait);
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _stop = true;
        foreach (var thread in _threads) thread.Dispose();
    }

    private protected override void Deliver(ExecutionNode from, ExecutionNode node, CpuContext context, in RunEntry entry)
    {
        if (ReferenceEquals(from, node)) Place(node, context, entry);
        else ThreadOf(node).Post(context, entry);
    }

    private protected override void Place(ExecutionNode node, CpuContext context, in RunEntry entry)
    {
        if (ReferenceEquals(CurrentNode, node)) base.Place(node, context, entry);
        else ThreadOf(node).Post(context, entry);
    }

    private protected override void OnCpuAdded(EmulatedCpu cpu) => _threads.Add(new RealThread(this, cpu, $"netactors/cpu{cpu.Id}"));

    private protected override void OnInbox()
    {
        Start();
        DrainInbox();
    }

    internal override long NextSequence() =>
        CurrentNode is { } node ? ++node.Sent : Interlocked.Increment(ref _foreign);

    private RealThread ThreadOf(ExecutionNode node) => _threads[node is EmulatedCpu cpu ? cpu.Id + 1 : 0];

    private void Start()
    {
        if (Interlocked.Exchange(ref _started, true)) return;
        foreach (var thread in _threads) thread.Start();
    }
}
