using BenchmarkDotNet.Attributes;
using NetActors.Time;

namespace NetActors.Benchmarks;

/// <summary>Timers of one CPU while many are pending.</summary>
[MemoryDiagnoser]
public class TimerBenchmarks : ITimerTarget
{
    private const int Pending = 100_000;
    private TimerWheel _wheel = null!;
    private TimerEntry[] _timers = null!;
    private int _next;

    /// <summary>Ticks a second; 0 is exact.</summary>
    [Params(250, 0)]
    public int Hz { get; set; }

    [GlobalSetup]
    public void Arm()
    {
        _wheel = new TimerWheel(Jiffies.OfHz(Hz));
        _timers = new TimerEntry[Pending];
        for (var i = 0; i < Pending; i++)
        {
            _timers[i] = new TimerEntry(this);
            _wheel.Arm(_timers[i], KernelTime.FromMilliseconds(1000 + i), KernelTime.Zero);
        }
    }

    /// <summary>Takes one out and puts it back.</summary>
    [Benchmark]
    public bool CancelAndArm()
    {
        var timer = _timers[_next = (_next + 7919) % Pending];
        TimerWheel.Cancel(timer);
        return _wheel.Arm(timer, KernelTime.FromMilliseconds(1000 + _next), KernelTime.Zero);
    }

    /// <inheritdoc />
    public void OnTimer(TimerEntry timer, KernelTime now)
    {
    }
}
