using NetActors.Headers;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Apps;

/// <summary>What a program does with frames that it gets past the stack.</summary>
/// <param name="IsEcho">It sends datagrams back; else it reads and forgets them.</param>
/// <param name="Port">The UDP port that it is for; 0 for all.</param>
/// <param name="Batch">Frames that it takes at a time.</param>
/// <param name="Service">User time that a frame costs it.</param>
/// <param name="Stop">When it ends.</param>
internal readonly record struct BypassOptions(bool IsEcho, int Port, int Batch, KernelTime Service, KernelTime Stop);

/// <summary>
/// A program that works on frames itself, in user mode, a frame at a time so that whatever comes earlier comes first; when there are none it
/// spins or sleeps.
/// </summary>
internal abstract class BypassProgram(BypassOptions options, LatencyHistogram latency) : AppProgram
{
    private const long ShortestPass = 10; // nanoseconds: time has to pass in a loop, also where nothing is priced

    /// <summary>Datagrams that it read or sent back.</summary>
    public long Handled { get; private set; }

    /// <summary>Frames that were not for it.</summary>
    public long Ignored { get; private set; }

    /// <summary>Frames that it could not send: its ring was full.</summary>
    public long TxDropped { get; protected set; }

    protected int Batch => options.Batch;

    protected bool IsEcho => options.IsEcho;

    /// <summary>What became of a step.</summary>
    protected enum Stepped
    {
        /// <summary>There is more to do.</summary>
        Worked,

        /// <summary>There is nothing to do: the task spins.</summary>
        Idle,

        /// <summary>The task sleeps.</summary>
        Sleeps,
    }

    public override void Start() => OnPass();

    public override void OnBurst() => OnPass();

    public override void OnPass()
    {
        var cpu = Task.Cpu;
        var time = cpu.Cpu;
        time.IsUserMode = true;
        try
        {
            while (!time.MustYield && !time.Layer.IsBeyond(time.Now.Nanoseconds))
            {
                if (time.Now >= options.Stop)
                {
                    Task.Exit();
                    return;
                }

                var stepped = Step(cpu);
                if (stepped == Stepped.Sleeps) return;
                if (stepped == Stepped.Worked) continue;
                if (time.Layer.IsVirtual) Spin(cpu);
                else Task.PassAgain();
                return;
            }

            Task.PassAgain();
        }
        finally
        {
            time.IsUserMode = false;
        }
    }

    /// <summary>Does the next thing: a frame, or the begin or end of a batch.</summary>
    protected abstract Stepped Step(HostCpu cpu);

    /// <summary>When there may be something to do, as far as is known.</summary>
    protected abstract KernelTime NextWork(KernelTime now);

    /// <summary>Reads a frame. True when it goes back where it came from.</summary>
    protected bool Handle(HostCpu cpu, Span<byte> frame, KernelTime arrival)
    {
        if (options.Service > KernelTime.Zero) cpu.Cpu.Spend(options.Service.Nanoseconds);
        var isMine = options.IsEcho ? UdpFrame.TryTurn(frame, options.Port) : UdpFrame.IsTo(frame, options.Port);
        if (!isMine)
        {
            Ignored++;
            return false;
        }

        Handled++;
        latency.Record(cpu.Cpu.Now - arrival);
        return options.IsEcho;
    }

    /// <summary>Looks at its rings until anything can have changed; what an empty look costs is rounded to the whole wait.</summary>
    private void Spin(HostCpu cpu)
    {
        var now = cpu.Cpu.Now;
        var until = Math.Min(cpu.Cpu.Layer.Horizon(cpu.Cpu), Math.Min(NextWork(now).Nanoseconds, options.Stop.Nanoseconds));
        Task.Burst(new KernelTime(Math.Max(ShortestPass, until - now.Nanoseconds)));
    }
}
