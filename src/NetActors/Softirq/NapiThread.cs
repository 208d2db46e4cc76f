using Akka.Actor;
using NetActors.Execution;
using NetActors.Hosts;

namespace NetActors.Softirq;

/// <summary>The kernel thread that polls a NAPI instead of NET_RX (kernel: <c>napi_threaded_poll</c>; specification section 3.6).</summary>
internal sealed class NapiThread : INapiPoller
{
    private const int FirstPid = 100_000;
    private int _scheduled;

    /// <summary>The thread of <paramref name="napi"/>, bound to a CPU.</summary>
    public NapiThread(NapiInstance napi, HostCpu cpu, string device)
    {
        (Napi, Cpu) = (napi, cpu);
        Task = new TaskEntity(FirstPid + napi.Id, $"napi/{device}-{napi.Id}") { Cpu = cpu.Cpu };
        Poll = new SoftirqProtocol.PollFor(this);
    }

    public NapiInstance Napi { get; }

    public HostCpu Cpu { get; }

    public TaskEntity Task { get; }

    /// <summary>What it asks for.</summary>
    public SoftirqProtocol.PollFor Poll { get; }

    /// <summary>The last poll spent its weight, or failed: it is polled again.</summary>
    public bool Repoll { get; set; }

    /// <inheritdoc />
    public void BeginPoll() => (Napi.Budget, Napi.Mode) = (Napi.Weight, NapiPollMode.Napi);

    /// <inheritdoc />
    public void OnPolled(HostCpu cpu, bool failed, bool completed) => Repoll = failed || !completed;

    /// <summary>Somebody scheduled the NAPI: the thread is woken (kernel: <c>NAPI_STATE_SCHED_THREADED</c>).</summary>
    public void Wake(HostCpu from)
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0) from.WakeWith(Task, KsoftirqdProtocol.Run.Instance);
    }

    /// <summary>Takes the schedule. False when there is none.</summary>
    public bool TakeScheduled() => Interlocked.Exchange(ref _scheduled, 0) != 0;
}

/// <summary>Polls with bottom halves off, on its CPU and as a task among others; the softirq context does it for it.</summary>
internal sealed class NapiThreadActor(NapiThread thread) : UntypedActor
{
    private bool _polls;

    public static Props Props(NapiThread thread) =>
        Akka.Actor.Props.Create(() => new NapiThreadActor(thread)).WithDispatcher($"cpu-{thread.Cpu.Cpu.Id}").WithMailbox("task");

    protected override void PreStart()
    {
        thread.Task.Actor = Self;
        TaskQueues.Bind(Context, thread.Task);
    }

    /// <summary>It has its CPU still: goes on.</summary>
    protected override void PreRestart(Exception reason, object message) => Self.Tell(KsoftirqdProtocol.Run.Instance, ActorRefs.NoSender);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case KsoftirqdProtocol.LoopDone:
                _polls = false;
                if (thread.Repoll && thread.Cpu.Cpu.Scheduler.NeedResched) Self.Tell(KsoftirqdProtocol.Run.Instance, ActorRefs.NoSender); // cond_resched
                else GoOn();
                break;
            case KsoftirqdProtocol.Run:
                if (!_polls) GoOn();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void GoOn()
    {
        if (!thread.Repoll && !thread.TakeScheduled())
        {
            thread.Cpu.Cpu.Scheduler.BlockCurrent();
            return;
        }

        _polls = true;
        thread.Cpu.PollFor(thread.Poll, Self);
    }
}
