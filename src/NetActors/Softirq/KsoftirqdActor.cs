using Akka.Actor;
using NetActors.Execution;
using NetActors.Hosts;

namespace NetActors.Softirq;

/// <summary>
/// Runs as a task what the softirq loop left over (kernel: <c>run_ksoftirqd</c>; specification section 4.3). It competes for its CPU like
/// any task of nice 0; the loop itself is not preempted.
/// </summary>
internal sealed class KsoftirqdActor : UntypedActor
{
    private readonly HostCpu _cpu;

    public KsoftirqdActor(HostCpu cpu) => _cpu = cpu;

    public static Props Props(HostCpu cpu) =>
        Akka.Actor.Props.Create(() => new KsoftirqdActor(cpu)).WithDispatcher($"cpu-{cpu.Cpu.Id}").WithMailbox("task");

    protected override void PreStart()
    {
        _cpu.Ksoftirqd.Actor = Self;
        TaskQueues.Bind(Context, _cpu.Ksoftirqd);
    }

    /// <summary>It has its CPU still: goes on with what is pending.</summary>
    protected override void PreRestart(Exception reason, object message) => Self.Tell(KsoftirqdProtocol.Run.Instance, ActorRefs.NoSender);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case KsoftirqdProtocol.LoopDone when _cpu.SoftirqPending != 0 && _cpu.Cpu.Scheduler.NeedResched:
                Self.Tell(KsoftirqdProtocol.Run.Instance, ActorRefs.NoSender); // cond_resched
                break;
            case KsoftirqdProtocol.Run:
            case KsoftirqdProtocol.LoopDone:
                if (_cpu.SoftirqPending == 0)
                {
                    _cpu.Cpu.Scheduler.BlockCurrent();
                    break;
                }

                _cpu.InSoftirq = true;
                _cpu.SoftirqActor.Tell(SoftirqProtocol.Run.Instance, Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
