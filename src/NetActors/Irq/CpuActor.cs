using Akka.Actor;
using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Observe;
using NetActors.Softirq;

namespace NetActors.Irq;

/// <summary>Takes the hard interrupts of one CPU (kernel: <c>common_interrupt</c>, <c>irq_exit</c>).</summary>
internal sealed class CpuActor(HostCpu cpu, NetStack stack, HostSettingsView settings) : UntypedActor
{
    private bool _kicked; // the interrupt at work has put the backlog on the poll list

    /// <summary>Runs on its CPU, before everything else.</summary>
    public static Props Props(HostCpu cpu, NetStack stack, HostSettingsView settings) =>
        Akka.Actor.Props.Create(() => new CpuActor(cpu, stack, settings)).WithDispatcher($"cpu-{cpu.Cpu.Id}").WithMailbox("hardirq");

    protected override void PreStart()
    {
        cpu.SoftirqActor = Context.ActorOf(SoftirqContextActor.Props(cpu, stack, settings), "softirq");
        cpu.Ksoftirqd.Actor = Context.ActorOf(KsoftirqdActor.Props(cpu), "ksoftirqd");
    }

    /// <summary>Softirqs and ksoftirqd that fail begin afresh.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, failure =>
    {
        cpu.Cpu.Layer.Failures.Add(Sender, failure);
        return failure is ActorInitializationException ? Directive.Stop : Directive.Restart;
    });

    /// <summary>The handler failed: its children live on, and what the interrupt asked for is done, or its vector would stay masked.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        var napi = message switch
        {
            CpuProtocol.Interrupt(var irq) => irq.Napi,
            _ => null,
        };
        if (napi is { Scheduled: false, Disabled: false }) NapiScheduling.Schedule(cpu, napi, settings.Kernel);
        if (message is CpuProtocol.Ipi { Kind: CpuProtocol.IpiKind.CallFunction } && !_kicked) KickBacklog();
        cpu.TakeWoken();
        cpu.IrqExit();
    }

    protected override void PostRestart(Exception reason)
    {
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CpuProtocol.Interrupt(var irq): TakeInterrupt(irq); break;
            case CpuProtocol.Ipi ipi: TakeIpi(ipi); break;
            case CpuProtocol.EnlistNapi(var missed):
                NapiScheduling.Enlist(cpu, missed, settings.Kernel);
                cpu.IrqExit();
                break;
            case CpuProtocol.LookAtTimer(var napi): napi.Timer.Look(cpu); break;
            case CpuProtocol.LinkDown(var of, var ifIndex): of.ForgetNeighbours(cpu, ifIndex); break;
            case CpuProtocol.Write write:
                write.Device.Receive(cpu, write.Packet, write.SegmentBytes);
                cpu.IrqExit();
                break;
            case CpuProtocol.FreePurged(var purged):
                purged.Free(cpu);
                cpu.IrqExit();
                break;
            case CpuProtocol.CpuDead(var dead):
                stack.TakeOver(cpu, dead);
                cpu.IrqExit();
                break;
            case SocketTimer timer: timer.Look(cpu); break;
            case CpuProtocol.AddTimers:
                foreach (var one in cpu.Namespaces ?? [stack]) one.AddTimers(cpu);
                break;
            default: Unhandled(message); break;
        }
    }

    private void KickBacklog()
    {
        _kicked = true;
        cpu.CallFunctionInterrupts++;
        cpu.Softnet.ReceivedRps++;
        NapiScheduling.Enlist(cpu, cpu.Softnet.Backlog, settings.Kernel);
    }

    private void TakeInterrupt(IrqDescriptor irq)
    {
        cpu.HardIrqs++;
        irq.Counts[cpu.Cpu.LocalId]++;
        cpu.Emit(TracePoint.irq_handler_entry, arg1: irq.Number);
        cpu.Cpu.Charge(CostOp.HardIrqEntry);
        if (irq.Handler is { } handler) handler.Handle(cpu);
        else NapiScheduling.Schedule(cpu, irq.Napi, settings.Kernel);
        cpu.Cpu.Charge(CostOp.HardIrqExit);
        cpu.Emit(TracePoint.irq_handler_exit, arg1: irq.Number, arg2: 1);
        cpu.IrqExit();
    }

    private void TakeIpi(CpuProtocol.Ipi ipi)
    {
        _kicked = false;
        if (ipi.Kind == CpuProtocol.IpiKind.Activation)
        {
            cpu.TakeWoken();
            return;
        }

        cpu.Emit(TracePoint.ipi_entry, arg1: -1, arg2: (int)ipi.Kind);
        cpu.Cpu.Charge(CostOp.IpiReceive);
        if (ipi.Kind == CpuProtocol.IpiKind.Reschedule)
        {
            cpu.RescheduleInterrupts++;
            cpu.TakeWoken();
        }
        else
        {
            KickBacklog();
        }

        cpu.Emit(TracePoint.ipi_exit, arg1: -1, arg2: (int)ipi.Kind);
        cpu.IrqExit();
    }
}
