using System.Collections.Concurrent;

namespace NetActors.Execution;

/// <summary>The machine's thread of one node in real time: takes in what others left, handles what is due, parks when nothing is.</summary>
internal sealed class RealThread : IDisposable
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private readonly RealDriver _driver;
    private readonly ExecutionNode _node;
    private readonly ConcurrentQueue<(CpuContext Context, RunEntry Entry)> _inbox = new();
    private readonly AutoResetEvent _bell = new(false);
    private readonly Thread _thread;
    private int _parked;

    public RealThread(RealDriver driver, ExecutionNode node, string name)
    {
        (_driver, _node) = (driver, node);
        _thread = new Thread(Loop) { IsBackground = true, Name = name };
    }

    /// <summary>Others left messages that have not been looked at.</summary>
    public bool HasMail => !_inbox.IsEmpty;

    public void Start() => _thread.Start();

    /// <summary>Leaves a message from another thread.</summary>
    public void Post(CpuContext context, in RunEntry entry)
    {
        _inbox.Enqueue((context, entry));
        if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) != 0) _bell.Set();
    }

    /// <summary>Has the thread look at what the driver wants of it.</summary>
    public void Wake() => _bell.Set();

    public void Dispose()
    {
        _bell.Set();
        if (_thread.IsAlive && !ReferenceEquals(Thread.CurrentThread, _thread)) _thread.Join();
        _bell.Dispose();
    }

    private void Loop()
    {
        ExecutionLayer.ThreadNode = _node;
        while (!_driver.Stopping)
        {
            _driver.StandingStill?.Wait();
            while (_inbox.TryDequeue(out var mail))
            {
                if (_node is EmulatedCpu cpu) cpu.Add(mail.Context, mail.Entry);
                else ((DeviceContext)_node).Add(mail.Entry);
            }

            _node.Refresh();
            var now = _driver.RealNow();
            if (_node.KeyTime <= now)
            {
                _node.RunOne();
                continue;
            }

            Park(_node.KeyTime == long.MaxValue ? -1 : (_node.KeyTime - now) / NanosecondsPerMillisecond);
        }

        ExecutionLayer.ThreadNode = null;
    }

    /// <summary>Sleeps until a message comes or <paramref name="milliseconds"/> have gone (-1: for ever); what is due sooner is spun for.</summary>
    private void Park(long milliseconds)
    {
        if (milliseconds == 0)
        {
            Thread.SpinWait(20);
            return;
        }

        Interlocked.Exchange(ref _parked, 1);
        if (_inbox.IsEmpty && !_driver.Stopping && _driver.StandingStill is null) _bell.WaitOne((int)Math.Min(milliseconds, int.MaxValue));
        Interlocked.Exchange(ref _parked, 0);
    }
}
