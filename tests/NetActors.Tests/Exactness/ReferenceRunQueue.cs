using System.Numerics;

namespace NetActors.Tests.Exactness;

internal enum ReferenceState
{
    Sleeping,
    Runnable,
    Running,
}

/// <summary>A task: a thread of a sink, or ksoftirqd.</summary>
internal sealed class ReferenceTask(int pid, ReferenceCpu cpu)
{
    public int Pid { get; } = pid;

    public ReferenceCpu Cpu { get; } = cpu;

    public ReferenceState State { get; set; }

    /// <summary>User time to be had before it goes on.</summary>
    public long Burst { get; set; }

    /// <summary>It waits for a socket that another CPU holds.</summary>
    public long NotBefore { get; set; }

    public ReferenceThread? Thread { get; init; }

    /// <summary>ksoftirqd: a loop that it started is running.</summary>
    public bool InLoop { get; set; }

    public long Vruntime { get; set; }

    public bool WasQueued { get; set; }
}

/// <summary>The completely fair scheduler for tasks of nice 0, with a list that is searched (kernel: fair.c up to 6.5).</summary>
internal sealed class ReferenceRunQueue(int cpusOfHost)
{
    private readonly long _factor = 1 + BitOperations.Log2((uint)Math.Min(cpusOfHost, 8));
    private readonly List<ReferenceTask> _waiting = []; // in order of queueing
    private long _minVruntime;
    private long _sliceRun;
    private bool _shouldResched;
    private bool _needResched;

    public ReferenceTask? Current { get; private set; }

    public bool NeedResched => _needResched || _shouldResched;

    /// <summary>What is left of the slice; without a rival there is no end.</summary>
    public long SliceLeft => _waiting.Count == 0 ? long.MaxValue : Math.Max(0, Slice - _sliceRun);

    private long Latency => 6_000_000 * _factor;

    private long MinGranularity => 750_000 * _factor;

    private long Slice
    {
        get
        {
            var running = _waiting.Count + 1;
            return (running > 8 ? running * MinGranularity : Latency) / running;
        }
    }

    public void Block()
    {
        Current!.State = ReferenceState.Sleeping;
        _needResched = true;
    }

    public void EndSlice() => _needResched = true;

    /// <summary>A woken task becomes runnable here.</summary>
    public void Activate(ReferenceTask task)
    {
        if (task == Current)
        {
            task.State = ReferenceState.Running; // had not left the CPU yet
            return;
        }

        task.State = ReferenceState.Runnable;
        task.Vruntime = task.WasQueued ? Math.Max(task.Vruntime, _minVruntime - Latency / 2) : _minVruntime;
        task.WasQueued = true;
        _waiting.Add(task);
        UpdateMin();
        if (Current is null || Current.Vruntime - task.Vruntime > 1_000_000 * _factor) _shouldResched = true;
    }

    /// <summary>The current task used the CPU.</summary>
    public void Account(long nanoseconds)
    {
        if (Current is null) return;
        Current.Vruntime += nanoseconds;
        _sliceRun += nanoseconds;
        if (_waiting.Count > 0)
        {
            if (_sliceRun >= Slice) _shouldResched = true;
            if (_sliceRun >= MinGranularity && Current.Vruntime - _waiting.Min(t => t.Vruntime) > Slice) _shouldResched = true;
        }

        UpdateMin();
    }

    /// <summary>Picks who runs next. True when that is another than before.</summary>
    public bool Switch(out ReferenceTask? previous)
    {
        previous = Current;
        Current = null;
        if (previous is { State: ReferenceState.Running })
        {
            previous.State = ReferenceState.Runnable;
            _waiting.Add(previous);
        }

        UpdateMin();
        (_needResched, _shouldResched, _sliceRun) = (false, false, 0);
        if (_waiting.Count == 0) return false;
        Current = _waiting.MinBy(t => t.Vruntime)!; // the first queued of equals
        _waiting.Remove(Current);
        Current.State = ReferenceState.Running;
        return Current != previous;
    }

    private void UpdateMin()
    {
        var all = Current is null ? _waiting : _waiting.Append(Current);
        if (all.Any()) _minVruntime = Math.Max(_minVruntime, all.Min(t => t.Vruntime));
    }
}
