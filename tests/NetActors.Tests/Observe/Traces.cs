using NetActors.Buffers;
using NetActors.Observe;
using NetActors.Time;
using static NetActors.Observe.TraceContext;
using static NetActors.Observe.TracePoint;

namespace NetActors.Tests.Observe;

/// <summary>A packet's way from the NIC to a task on another CPU, and one that is dropped.</summary>
internal static class Traces
{
    public static readonly TraceNames Names = new()
    {
        Hosts =
        [
            new()
            {
                Name = "server",
                Devices = new Dictionary<long, string> { [2] = "eth0" },
                Interrupts = new Dictionary<long, string> { [38] = "eth0-TxRx-0" },
                Napis = new Dictionary<long, string> { [8193] = "eth0-rx-0", [1] = "backlog" },
                Tasks = new Dictionary<long, string> { [100] = "memcached", [14] = "ksoftirqd/0" },
            },
        ],
        Wires = ["client-server"],
    };

    public static readonly TraceEvent[] Steered =
    [
        new(Ns(1_000), 0, TraceEvent.NoCpu, Device, nic_rx, 7, 0xabcd, 2, 0),
        new(Ns(2_000), 0, 0, HardIrq, irq_handler_entry, arg1: 38),
        new(Ns(2_100), 0, 0, HardIrq, napi_schedule, arg1: 8193),
        new(Ns(2_200), 0, 0, HardIrq, irq_handler_exit, arg1: 38, arg2: 1),
        new(Ns(2_300), 0, 0, TraceContext.Softirq, softirq_entry, arg1: 3),
        new(Ns(2_400), 0, 0, TraceContext.Softirq, __napi_poll, arg1: 8193, arg2: 64),
        new(Ns(2_500), 0, 0, TraceContext.Softirq, enqueue_to_backlog, 7, 0xabcd, 1, 1),
        new(Ns(2_600), 0, 0, TraceContext.Softirq, kfree_skb, 8, 0, (long)SkbDropReason.CPU_BACKLOG, 0x0800),
        new(Ns(2_600), 0, 0, TraceContext.Softirq, napi_complete_done, arg1: 8193, arg2: 2),
        new(Ns(2_600), 0, 0, TraceContext.Softirq, napi_poll, arg1: 8193, arg2: 2),
        new(Ns(2_700), 0, 0, TraceContext.Softirq, ipi_send, arg1: 1),
        new(Ns(2_800), 0, 0, TraceContext.Softirq, softirq_exit, arg1: 3),
        new(Ns(3_500), 0, 1, HardIrq, ipi_entry, arg1: 0),
        new(Ns(3_600), 0, 1, HardIrq, ipi_exit, arg1: 0),
        new(Ns(3_700), 0, 1, TraceContext.Softirq, softirq_entry, arg1: 3),
        new(Ns(3_800), 0, 1, TraceContext.Softirq, udp_queue_rcv_skb, 7, 0xabcd, 77, 1280),
        new(Ns(3_900), 0, 1, TraceContext.Softirq, sched_wakeup, arg1: 100, arg2: 1),
        new(Ns(4_000), 0, 1, TraceContext.Softirq, softirq_exit, arg1: 3),
        new(Ns(5_000), 0, 1, Idle, sched_switch, arg1: 0, arg2: 100),
        new(Ns(5_100), 0, 1, TraceContext.Task, sys_enter, arg1: 45, arg2: 5),
        new(Ns(5_200), 0, 1, TraceContext.Task, skb_copy_datagram_iovec, 7, 0xabcd, 100, 77),
        new(Ns(5_300), 0, 1, TraceContext.Task, consume_skb, 7, 0xabcd),
        new(Ns(6_000), 0, 1, TraceContext.Task, sched_switch, arg1: 100, arg2: 0),
    ];

    public static KernelTime Ns(long value) => new(value);
}
