using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Irq;
using NetActors.Observe;

namespace NetActors.Nic;

/// <summary>
/// The interrupt handler of a driver without NAPI: takes every packet that has come and leaves it to a CPU's backlog (kernel:
/// <c>netif_rx</c>). Under load interrupts leave no time for what they take in: receive livelock (Mogul and Ramakrishnan).
/// </summary>
internal sealed class NetifRxHandler(NicDevice device, int queue, NetStack stack, bool isVirtual) : IIrqHandler
{
    /// <inheritdoc />
    public void Handle(HostCpu cpu)
    {
        stack.Enter(cpu);
        device.CleanTx(cpu, queue);
        var come = isVirtual ? cpu.Cpu.HandlerStart : cpu.Cpu.Now; // what comes meanwhile interrupts again
        while (isVirtual ? device.Receive.TryPoll(queue, come, out var skb) : device.Receive.TryPollRing(queue, come, out skb))
        {
            cpu.Hand = skb;
            cpu.Cpu.Charge(CostOp.RxDescriptor);
            cpu.Cpu.Charge(CostOp.FirstTouch);
            cpu.Cpu.Own(ref skb.LastCpu);
            Take(cpu, skb);
        }

        device.Unmask(queue);
    }

    private void Take(HostCpu cpu, SkBuff skb)
    {
        if (!device.TakeIn(cpu, skb, queue, stack, out var redirected))
        {
            redirected.Target?.Deliver(stack, cpu, skb, default);
            while (!cpu.XdpFlush.IsEmpty) XdpFlush.Next(cpu);
            return;
        }

        if (cpu.Trace is not null) cpu.Emit(TracePoint.netif_rx, skb, device.IfIndex, skb.Length);
        var target = stack.Steer(cpu, device, skb, out var flow) ?? cpu;
        cpu.Cpu.Charge(CostOp.BacklogEnqueue);
        cpu.Cpu.Touch(ref target.Softnet.LastCpu, CacheLines.Backlog);
        stack.EnqueueToBacklog(cpu, target, skb, flow);
    }
}
