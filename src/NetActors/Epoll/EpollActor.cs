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
                CloseOne();
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
        if (epoll.Core.HasReady) Wake(cpu);
    }

    private void Wake(HostCpu cpu)
    {
        if (epoll.Sleepers.TryTake(out var call))
        {
            call.Resumed = true;
            cpu.Wake(call.Task);
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
                if (error == Errno.None && epoll.Core.HasReady) Wake(cpu);
                call.End(0, error);
                break;
            case Syscall.EpollWait:
                if (!Wait(cpu, call)) return;
                break;
            case Syscall.Close:
                CloseOne();
                call.End(0);
                break;
            default:
                call.Fail(call.Name is Syscall.Receive or Syscall.Send ? Errno.EINVAL : Errno.ENOTSOCK);
                break;
        }

        cpu.Cpu.Charge(CostOp.SyscallExit);
        call.Task.Actor.Tell(call, ActorRefs.NoSender);
    }

    private void CloseOne()
    {
        if (--epoll.Descriptors > 0) return;
        files.Close(epoll);
        epoll.LeaveWatchers();
        epoll.Core.Clear();
        Self.Tell(PoisonPill.Instance, ActorRefs.NoSender);
    }

    /// <summary>False: the call sleeps.</summary>
    private bool Wait(HostCpu cpu, SystemCall call)
    {
        cpu.Cpu.Charge(CostOp.EpollWait);
        if (call.MaxEvents <= 0)
        {
            call.Fail(Errno.EINVAL);
            return true;
        }

        var count = epoll.Core.Collect(call.Events.AsSpan(0, Math.Min(call.MaxEvents, call.Events.Length)));
        if (count > 0) cpu.Cpu.Charge(CostOp.EpollEvent, count);
        if (count == 0 && !call.NonBlocking && !call.TimedOut)
        {
            call.ArmTimeout(cpu);
            TaskQueues.Sleep(Context, call, cpu.Cpu.Scheduler);
            epoll.Sleepers.Add(call);
            return false;
        }

        call.End(count);
        if (epoll.Core.HasReady && epoll.Sleepers.Count > 0) Wake(cpu); // more is there: for another one that waits
        return true;
    }

    private void Cancel(HostCpu cpu, SystemCall call)
    {
        if (!epoll.Sleepers.Remove(call)) return;
        (call.TimedOut, call.Resumed) = (true, true);
        cpu.Wake(call.Task);
    }
}
