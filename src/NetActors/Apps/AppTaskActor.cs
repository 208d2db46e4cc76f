using Akka.Actor;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Sockets;
using NetActors.Softirq;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Apps;

/// <summary>What <see cref="AppTaskActor"/> is told.</summary>
internal static class AppTaskProtocol
{
    /// <summary>The task's begin: it has its CPU.</summary>
    public sealed record Begin
    {
        public static readonly Begin Instance = new();
    }

    /// <summary>User time is over.</summary>
    public sealed record BurstDone
    {
        public static readonly BurstDone Instance = new();
    }

    /// <summary>Make the call once more: what it is for was not there yet.</summary>
    public sealed record CallAgain(SystemCall Call);

    /// <summary>Another pass of the busy loop.</summary>
    public sealed record BusyPass
    {
        public static readonly BusyPass Instance = new();
    }

    /// <summary>The sleep is over.</summary>
    public sealed record TimerDone
    {
        public static readonly TimerDone Instance = new();
    }
}

/// <summary>One application thread: runs its program in the task context of its CPU, sleeps and is woken (kernel: a task and its calls).</summary>
internal sealed partial class AppTaskActor : UntypedActor, ITimerTarget
{
    private const int Fionbio = 0x5421;
    private const long SpinNanoseconds = 100;
    private const int StartTag = 0;
    private const int SleepTag = 1;
    private const int TimeoutTag = 2;
    private readonly AppProgram _program;
    private readonly KernelTime _start;
    private readonly int _netns; // where its sockets are made
    private readonly TimerEntry _timer;
    private readonly TimerEntry _timeout;
    private RecvRequest? _receiving;
    private DatagramSocket? _socket;
    private DatagramSocket? _open; // what the task has a descriptor of
    private bool _started;
    private bool _hasLeft; // the process ends with this thread

    public AppTaskActor(TaskEntity entity, AppProgram program, KernelTime start, DatagramSocket? socket, FdTable files, int netns)
    {
        (Files, _netns) = (files, netns);
        (Entity, _program, _start, _open) = (entity, program, start, socket);
        _timer = new TimerEntry(this, start > KernelTime.Zero ? StartTag : SleepTag);
        _timeout = new TimerEntry(this, TimeoutTag);
    }

    /// <summary>What the scheduler knows of it.</summary>
    public TaskEntity Entity { get; }

    /// <summary>The CPU it runs on, or ran on last: the scheduler moves tasks.</summary>
    public HostCpu Cpu => (HostCpu)Entity.Cpu!.Hooks!;

    /// <summary>The task's clock.</summary>
    public KernelTime Now => Cpu.Cpu.Now;

    public static Props Props(HostCpu cpu, TaskEntity entity, AppProgram program, KernelTime start, DatagramSocket? socket, FdTable files, int netns = 0) =>
        Akka.Actor.Props.Create(() => new AppTaskActor(entity, program, start, socket, files, netns)).WithDispatcher($"cpu-{cpu.Cpu.Id}").WithMailbox("task");

    /// <summary>Receives, waiting at most until <paramref name="deadline"/> (SO_RCVTIMEO).</summary>
    public void Receive(DatagramSocket socket, RecvRequest request, KernelTime deadline)
    {
        if (socket.IsClosed)
        {
            Exit();
            return;
        }

        (_socket, _receiving) = (socket, request);
        request.NonBlocking = deadline <= Now;
        request.Use++;
        request.BusyState = BusyLoopState.None;
        if (!deadline.IsNever && !request.NonBlocking) Cpu.HrTimers.Arm(_timeout, deadline, Now);
        socket.Actor.Tell(request, Self);
    }

    /// <summary>Sends.</summary>
    public void Send(DatagramSocket socket, SendRequest request)
    {
        if (socket.IsClosed) Exit();
        else socket.Actor.Tell(request, Self);
    }

    /// <summary>The open files of the task's process.</summary>
    public FdTable Files { get; }

    /// <summary>Makes a system call; <see cref="AppProgram.OnCall"/> is told how it ended.</summary>
    public void Call(SystemCall call)
    {
        switch (call.Name)
        {
            case Syscall.Socket or Syscall.EpollCreate:
                Cpu.SocketsOf(_netns).Tell(call, Self);
                break;
            case Syscall.Poll:
                Poll(call);
                break;
            case Syscall.Select:
                Select(call);
                break;
            case Syscall.Ioctl when call is { Argument: Fionbio, File: not null, Value.Length: >= 4 }:
                call.File.NonBlocking = call.Value.AsSpan(0, 4).ContainsAnyExcept((byte)0);
                call.End(0);
                Self.Tell(call, ActorRefs.NoSender);
                break;
            case Syscall.Fcntl:
                Fcntl(call);
                Self.Tell(call, ActorRefs.NoSender);
                break;
            default:
                if (call.File is null)
                {
                    call.Fail(Errno.EBADF);
                    Self.Tell(call, ActorRefs.NoSender);
                }
                else if (call.File.Actor.IsNobody())
                {
                    // Made on another CPU at this moment, whose clock may be ahead: the task spins until then, which takes time.
                    if (Cpu.Cpu.Layer.IsVirtual) Cpu.Cpu.Spend(SpinNanoseconds);
                    Self.Tell(new AppTaskProtocol.CallAgain(call), ActorRefs.NoSender);
                }
                else call.File.Actor.Tell(call, Self);
                break;
        }
    }

    private static void Fcntl(SystemCall call)
    {
        const int NonBlock = 0x800; // O_NONBLOCK
        if (call.File is not { } file)
        {
            call.Fail(Errno.EBADF);
            return;
        }

        switch (call.Argument)
        {
            case 3: // F_GETFL
                call.End(file.NonBlocking ? 2 | NonBlock : 2);
                break;
            case 4: // F_SETFL
                file.NonBlocking = (call.Second & NonBlock) != 0;
                call.End(0);
                break;
            case 1 or 2: // F_GETFD, F_SETFD
                call.End(0);
                break;
            default:
                call.Fail(Errno.EINVAL);
                break;
        }
    }

    private void Poll(SystemCall call)
    {
        Cpu.Cpu.Charge(CostOp.SyscallEntry);
        call.Waiter ??= new PollWaiter(call);
        (call.BusyIndex, call.BusyStart) = (Cpu.BusyPollUsecs > 0 ? 0 : -1, 0);
        PollAgain(call);
    }

    /// <summary>select() is a poll of what its sets name (kernel: <c>do_select</c>).</summary>
    private void Select(SystemCall call)
    {
        var error = call.Sets!.Begin(call.Argument, Files, out var entries, out var wanted);
        (call.Events, call.Wanted) = (entries, wanted);
        if (error == Errno.None)
        {
            Poll(call);
            return;
        }

        call.Fail(error);
        Self.Tell(call, ActorRefs.NoSender);
    }

    /// <summary>Looks; sleeps when nothing is ready yet.</summary>
    private void PollAgain(SystemCall call)
    {
        if (call.BusyIndex >= 0 && !TryEndBusyPoll(call)) return;
        call.Waiter!.Begin(); // before the look: what comes in between wakes
        var ready = call.Waiter.Look(out var looked);
        Cpu.Cpu.Charge(CostOp.PollFile, looked);
        if (ready == 0 && !call.NonBlocking && !call.TimedOut)
        {
            call.ArmTimeout(Cpu);
            Cpu.Cpu.Scheduler.BlockCurrent();
            return;
        }

        if (!call.Waiter.TryEnd()) return; // the wakeup is under way, and would be taken for the end of another call
        call.Waiter = null;
        call.CancelTimeout();
        Cpu.Cpu.Charge(CostOp.SyscallExit);
        call.End(call.Sets?.End() ?? ready);
        _program.OnCall(call);
    }

    /// <summary>Sleeps until <see cref="Order"/>.</summary>
    public void Wait() => Cpu.Cpu.Scheduler.BlockCurrent();

    /// <summary>Wakes the task to make a call; from outside of all CPUs, in virtual time.</summary>
    public void Order(SystemCall call)
    {
        Cpu.Wake(Entity);
        Entity.Actor.Tell(new AppTaskProtocol.CallAgain(call), ActorRefs.NoSender);
    }

    /// <summary>Takes user time.</summary>
    public void Burst(KernelTime time) => Cpu.Cpu.Scheduler.StartBurst(time.Nanoseconds, AppTaskProtocol.BurstDone.Instance);

    /// <summary>Sleeps until <paramref name="time"/> (<c>clock_nanosleep</c>).</summary>
    public void SleepUntil(KernelTime time)
    {
        Cpu.HrTimers.Arm(_timer, time, Now);
        Cpu.Cpu.Scheduler.BlockCurrent();
    }

    /// <summary>Ends the task, once its socket is closed (kernel: <c>do_exit</c>, <c>exit_files</c>).</summary>
    public void Exit()
    {
        var file = _open ?? (_hasLeft ? Files.RemoveAny() : null);
        if (file is null && !_hasLeft)
        {
            _hasLeft = Files.Leave(); // the last thread closes what the process has open
            file = _hasLeft ? Files.RemoveAny() : null;
        }

        _open = null;
        if (file is null) Cpu.Cpu.Scheduler.ExitCurrent();
        else file.Actor.Tell(new CloseRequest(Entity), Self);
    }

    /// <summary>A timer of the task is due: in the timer interrupt of its CPU.</summary>
    public void OnTimer(TimerEntry timer, KernelTime now)
    {
        if (timer.Tag == TimeoutTag)
        {
            if (_receiving is not null) _socket!.Actor.Tell(new CancelCall(_receiving, _receiving.Use), ActorRefs.NoSender);
            return;
        }

        ((HostCpu)EmulatedCpu.Current!.Hooks!).Wake(Entity); // the timer stays where it was armed
        Entity.Actor.Tell(timer.Tag == StartTag && !_started ? AppTaskProtocol.Begin.Instance : AppTaskProtocol.TimerDone.Instance, ActorRefs.NoSender);
    }

    protected override void PreStart()
    {
        Entity.Actor = Self;
        Files.Join();
        TaskQueues.Bind(Context, Entity);
        _program.Attach(this);
        if (_start > KernelTime.Zero)
        {
            Cpu.HrTimers.Arm(_timer, _start, Now);
            return;
        }

        Cpu.Cpu.Scheduler.Activate(Entity);
        Self.Tell(AppTaskProtocol.Begin.Instance, ActorRefs.NoSender);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RecvRequest request:
                _receiving = null;
                if (_timeout.IsPending) TimerWheel.Cancel(_timeout);
                _program.OnReceived(request);
                break;
            case SendRequest request:
                _program.OnSent(request);
                break;
            case PollWaiter waiter:
                waiter.OnWoken();
                PollAgain(waiter.Call);
                break;
            case SystemCall call:
                call.CancelTimeout();
                _program.OnCall(call);
                break;
            case BusyLoopRequest request:
                BeginBusyLoop(request);
                break;
            case AppTaskProtocol.BusyPass:
                PassBusily();
                break;
            case KsoftirqdProtocol.LoopDone:
                OnBusilyPolled();
                break;
            case AppTaskProtocol.CallAgain(var call):
                Call(call);
                break;
            case CloseRequest:
                Exit();
                break;
            case AppTaskProtocol.BurstDone:
                _program.OnBurst();
                break;
            case AppTaskProtocol.TimerDone:
                _program.OnTimer(Now);
                break;
            case AppTaskProtocol.Begin:
                _started = true;
                _program.Start();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        TimerWheel.Cancel(_timer);
        TimerWheel.Cancel(_timeout);
        AbandonBusyLoop();
        if (_receiving is not null) Free(_receiving);
        _program.OnStop();
        if (ReferenceEquals(Cpu.Cpu.Scheduler.Current, Entity)) Cpu.Cpu.Scheduler.ExitCurrent();
        Entity.State = TaskState.Dead;
        if (Cpu.Cpu.Layer.IsVirtual) Cpu.Cpu.Layer.Rekey(Cpu.Cpu); // it may have moved while Akka stopped it
    }

    /// <summary>Frees what a receive call handed over.</summary>
    public void Free(RecvRequest request)
    {
        for (var i = 0; i < request.Count; i++)
        {
            var skb = request.Batch[i];
            request.Batch[i] = null!;
            if (skb is not null) Cpu.ConsumeByProgram(skb);
        }

        request.Count = 0;
    }
}
