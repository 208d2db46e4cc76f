using Akka.Actor;
using NetActors.Costs;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Sockets;

namespace NetActors.Epoll;

/// <summary>
/// Carries out the calls on one epoll instance, on whichever CPU makes them, and hears of its files' events on whichever CPU they happen
/// (kernel: <c>ep_poll</c>, <c>ep_poll_callback</c>).
/// </summary>
internal sealed class EpollActor(EpollFile epoll, OpenFiles files) : UntypedActor
{
    public static Props Props(EpollFile epoll, OpenFiles files) => Akka.Actor.Props.Create(() => new EpollActor(epoll, files)).WithDispatcher("caller-cpu");

    protected override void OnReceive(object message)
    {
        var cpu = (HostCpu)EmulatedCpu.Current!.Hooks!;
        cpu.Cpu.Touch(ref epoll.LastCpu, CacheLines.Epoll);
        switch (message)
        {
            case EpItem item: OnEvent(cpu, item); break;
            case SystemCall call: Call(cpu, call); break;
            case CancelCall { IsLate: false, Call: SystemCall call }: Cancel(cpu, call); break;
            case CancelCall: break; // it has ended
            case CloseRequest request:
                CloseOne(cpu);
                request.Task?.Actor.Tell(request, ActorRefs.NoSender);
                break;
            case SocketFile closed: epoll.Core.Forget(closed); break;
            default: Unhandled(message); break;
        }
    }

    protected override void PostStop() => epoll.Core.Clear();

    private void OnEvent(HostCpu cpu, EpItem item)
    {
        cpu.Cpu.Charge(CostOp.EpollEvent);
        epoll.Core.OnEvent(item);
        epoll.SetNapiId(cpu, item.File);
        if (epoll.Core.HasReady) Wake(cpu, item.IsSync && cpu.Kernel == KernelVersion.V6); // 3.10 drops the hint
    }

    private void Wake(HostCpu cpu, bool sync = false)
    {
        if (epoll.Sleepers.TryTake(out var call))
        {
            call.Resumed = true;
            cpu.Wake(call.Task, sync);
        }

        if (epoll.IsWatched) epoll.NotifyOthers(cpu);
    }

    private void Call(HostCpu cpu, SystemCall call)
    {
        if (call.Resumed) call.Resumed = false;
        else cpu.Cpu.Charge(CostOp.SyscallEntry);
        switch (call.Name)
        {
            case Syscall.EpollCtl:
                var error = epoll.Core.Control(epoll, call.Argument, call.Files[call.Fd], call.Fd, call.Events.Length > 0 ? call.Events[0] : default);
                if (error == Errno.None && call is { Argument: 1, Files: var files } && files[call.Fd] is { } added) epoll.SetNapiId(cpu, added);
                if (error == Errno.None && epoll.Core.HasReady) Wake(cpu);
                call.End(0, error);
                break;
            case Syscall.EpollWait:
                if (!Wait(cpu, call)) return;
                break;
            case Syscall.Ioctl:
                Ioctl(call);
                break;
            case Syscall.Close:
                CloseOne(cpu);
                call.End(0);
                break;
            default:
                call.Fail(call.Name is Syscall.Receive or Syscall.Send ? Errno.EINVAL : Errno.ENOTSOCK);
                break;
        }

        cpu.Cpu.Charge(CostOp.SyscallExit);
        call.Task.Actor.Tell(call, ActorRefs.NoSender);
    }

    private void Ioctl(SystemCall call)
    {
        switch (call.Argument)
        {
            case EpollParams.Set:
                var error = EpollParams.TryRead(call.Value, out var read);
                if (error == Errno.None) epoll.Params = read;
                call.End(0, error);
                break;
            case EpollParams.Get:
                call.Value = epoll.Params.ToBytes();
                call.End(0);
                break;
            default:
                call.Fail(Errno.EINVAL);
                break;
        }
    }

    private void CloseOne(HostCpu cpu)
    {
        if (--epoll.Descriptors > 0) return;
        if (epoll.Params.PreferBusyPoll) cpu.ResumeIrqs(epoll.NapiId); // ep_free
        files.Close(epoll);
        epoll.LeaveWatchers();
        epoll.Core.Clear();
        Self.Tell(PoisonPill.Instance, ActorRefs.NoSender);
    }

    /// <summary>False: the call sleeps, or busy polls.</summary>
    private bool Wait(HostCpu cpu, SystemCall call)
    {
        var hasPolled = call.BusyState != BusyLoopState.None;
        if (!hasPolled) cpu.Cpu.Charge(CostOp.EpollWait);
        else if (!EndBusyLoop(cpu, call)) return false;
        if (call.MaxEvents <= 0)
        {
            call.Fail(Errno.EINVAL);
            return true;
        }

        var count = epoll.Core.Collect(call.Events.AsSpan(0, Math.Min(call.MaxEvents, call.Events.Length)));
        if (count > 0) cpu.Cpu.Charge(CostOp.EpollEvent, count);
        if (count == 0 && !call.NonBlocking && !call.TimedOut)
        {
            if (BeginBusyLoop(cpu, call)) return false;
            call.ArmTimeout(cpu);
            TaskQueues.Sleep(Context, call, cpu.Cpu.Scheduler);
            epoll.Sleepers.Add(call);
            return false;
        }

        if (count > 0 && epoll.Params.PreferBusyPoll) cpu.SuspendIrqs(epoll.NapiId);
        call.End(count);
        if (epoll.Core.HasReady && epoll.Sleepers.Count > 0) Wake(cpu); // more is there: for another one that waits
        return true;
    }

    /// <summary>Polls a NAPI in place of sleeping at once (kernel: <c>ep_busy_loop</c>). False: it does not, or has done so in vain.</summary>
    private bool BeginBusyLoop(HostCpu cpu, SystemCall call)
    {
        if (epoll.NapiId == 0 || !epoll.IsBusyLoopOn(cpu) || !cpu.HasNapi(epoll.NapiId)) return false;
        var wanted = epoll.Params;
        call.BusyLoop.Send(epoll, epoll.NapiId, wanted.BusyPollBudget, wanted.PreferBusyPoll, wanted.BusyPollUsecs > 0 ? wanted.BusyPollUsecs : cpu.BusyPollUsecs);
        return true;
    }

    /// <summary>The loop is over. In vain: interrupts resume and the NAPI is forgotten until a file is ready. False: the call comes again.</summary>
    private bool EndBusyLoop(HostCpu cpu, SystemCall call)
    {
        var isResumed = call.BusyState == BusyLoopState.Resumed;
        call.BusyState = BusyLoopState.None;
        if (epoll.Core.HasReady && !isResumed) return true;
        if (!isResumed && epoll.Params.PreferBusyPoll && cpu.ResumeIrqs(epoll.NapiId))
        {
            (call.BusyState, call.Resumed) = (BusyLoopState.Resumed, true);
            Self.Tell(call, Sender); // behind the softirq that this has raised
            return false;
        }

        epoll.NapiId = 0;
        return true;
    }

    private void Cancel(HostCpu cpu, SystemCall call)
    {
        if (!epoll.Sleepers.Remove(call)) return;
        (call.TimedOut, call.Resumed) = (true, true);
        cpu.Wake(call.Task);
    }
}
