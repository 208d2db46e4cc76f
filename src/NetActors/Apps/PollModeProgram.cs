using NetActors.Buffers;
using NetActors.Costs;
using NetActors.Hosts;
using NetActors.Nic;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Apps;

/// <summary>
/// A program with a driver of its own, which has queues of a card for itself: no interrupts, no system calls, no stack, and its CPU always
/// busy (DPDK's <c>rte_eth_rx_burst</c>, <c>rte_eth_tx_burst</c>).
/// </summary>
internal sealed class PollModeProgram(NicDevice device, int[] queues, BypassOptions options, LatencyHistogram latency) : BypassProgram(options, latency)
{
    private int _at; // of its queues
    private int _left; // of the burst; 0 before one
    private int _got; // in this round over the queues
    private bool _rings;

    protected override Stepped Step(HostCpu cpu)
    {
        var queue = queues[_at];
        if (_left == 0)
        {
            cpu.Cpu.Charge(CostOp.PmdPoll);
            device.PmdClean(cpu, queue);
            _left = Batch;
        }

        if (device.PmdReceive(cpu, queue, out var skb))
        {
            _got++;
            if (Handle(cpu, skb.Data, skb.Arrival)) Send(cpu, skb, queue);
            else cpu.ConsumeInDriver(skb);
            if (--_left > 0) return Stepped.Worked;
        }

        _left = 0;
        if (_rings) device.PmdRing(queue);
        _rings = false;
        _at = (_at + 1) % queues.Length;
        if (_at > 0) return Stepped.Worked;
        var isIdle = _got == 0;
        _got = 0;
        return isIdle ? Stepped.Idle : Stepped.Worked;
    }

    protected override KernelTime NextWork(KernelTime now)
    {
        var next = KernelTime.Never;
        foreach (var queue in queues) next = KernelTime.Min(next, device.NextWork(queue, now));
        return next;
    }

    private void Send(HostCpu cpu, SkBuff skb, int queue)
    {
        if (device.PmdTransmit(cpu, skb, queue, out var ring))
        {
            _rings |= ring;
            return;
        }

        TxDropped++;
        cpu.DropInDriver(skb, SkbDropReason.FULL_RING);
    }
}
