using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Tests.Observe;

public class FtraceWriterTests
{
    [Fact]
    public void A_steered_packet_reads_as_in_ftrace() => Assert.Equal(
        """
        # tracer: nop
        #
        # entries-in-buffer/entries-written: 23/25   #P:2
        #
        #                                _-----=> irqs-off/BH-disabled
        #                               / _----=> need-resched
        #                              | / _---=> hardirq/softirq
        #                              || / _--=> preempt-depth
        #                              ||| / _-=> migrate-disable
        #                              |||| /     delay
        #           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
        #              | |         |   |||||     |         |
                <device>-0       [---] .....     0.000001000: nic_rx: dev=eth0 skbaddr=0000000000000007 queue=0 hash=0x0000abcd
                  <idle>-0       [000] d.h1.     0.000002000: irq_handler_entry: irq=38 name=eth0-TxRx-0
                  <idle>-0       [000] d.h1.     0.000002100: napi_schedule: napi_id=8193 dev=eth0-rx-0
                  <idle>-0       [000] d.h1.     0.000002200: irq_handler_exit: irq=38 ret=handled
                  <idle>-0       [000] ..s1.     0.000002300: softirq_entry: vec=3 [action=NET_RX]
                  <idle>-0       [000] ..s1.     0.000002400: __napi_poll: napi_id=8193 dev=eth0-rx-0 weight=64
                  <idle>-0       [000] ..s1.     0.000002500: enqueue_to_backlog: skbaddr=0000000000000007 cpu=1 qlen=1 hash=0x0000abcd
                  <idle>-0       [000] ..s1.     0.000002600: kfree_skb: skbaddr=0000000000000008 protocol=2048 reason: CPU_BACKLOG
                  <idle>-0       [000] ..s1.     0.000002600: napi_complete_done: napi_id=8193 dev=eth0-rx-0 work_done=2
                  <idle>-0       [000] ..s1.     0.000002600: napi_poll: napi poll on napi struct 8193 for device eth0-rx-0 work 2
                  <idle>-0       [000] ..s1.     0.000002700: ipi_send: cpu=1 callback=Function call interrupts
                  <idle>-0       [000] ..s1.     0.000002800: softirq_exit: vec=3 [action=NET_RX]
                  <idle>-0       [001] d.h1.     0.000003500: ipi_entry: (Function call interrupts)
                  <idle>-0       [001] d.h1.     0.000003600: ipi_exit: (Function call interrupts)
                  <idle>-0       [001] ..s1.     0.000003700: softirq_entry: vec=3 [action=NET_RX]
                  <idle>-0       [001] ..s1.     0.000003800: udp_queue_rcv_skb: skbaddr=0000000000000007 sk=77 rmem_alloc=1280 hash=0x0000abcd
                  <idle>-0       [001] ..s1.     0.000003900: sched_wakeup: comm=memcached pid=100 prio=120 target_cpu=001
                  <idle>-0       [001] ..s1.     0.000004000: softirq_exit: vec=3 [action=NET_RX]
                  <idle>-0       [001] .....     0.000005000: sched_switch: prev_comm=swapper/1 prev_pid=0 prev_prio=120 ==> next_comm=memcached next_pid=100 next_prio=120
               memcached-100     [001] .....     0.000005100: sys_enter: NR 45 (5)
               memcached-100     [001] .....     0.000005200: skb_copy_datagram_iovec: skbaddr=0000000000000007 len=100 hash=0x0000abcd
               memcached-100     [001] .....     0.000005300: consume_skb: skbaddr=0000000000000007 hash=0x0000abcd
               memcached-100     [001] .....     0.000006000: sched_switch: prev_comm=memcached prev_pid=100 prev_prio=120 ==> next_comm=swapper/1 next_pid=0 next_prio=120

        """,
        Text(Traces.Steered, overwritten: 2));

    [Fact]
    public void A_filtered_trace_still_knows_the_running_task()
    {
        Assert.True(TraceFilter.TryCreate(["consume_skb"], null, null, out var filter, out _));
        var line = Assert.Single(Lines(Text(Traces.Steered, filter)));
        Assert.StartsWith("       memcached-100     [001] .....     0.000005300: consume_skb: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_are_ordered_by_time_and_those_of_one_moment_by_their_begin()
    {
        TraceEvent[] events = [At(9, 1), At(5, 2), At(5, 3), At(1, 4)];
        Assert.Equal([4, 2, 3, 1], Lines(Text(events)).Select(line => line[^1] - '0'));
    }

    [Fact]
    public void A_number_without_a_name_prints_as_itself()
    {
        TraceEvent e = new(Traces.Ns(0), 3, 0, TraceContext.HardIrq, TracePoint.irq_handler_entry, arg1: 99);
        Assert.EndsWith("irq=99 name=99", Assert.Single(Lines(Text([e]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_trace_point_has_a_format_without_leftovers()
    {
        foreach (var point in Enum.GetValues<TracePoint>())
        {
            var line = Assert.Single(Lines(Text([new(KernelTime.Zero, 0, 0, TraceContext.Softirq, point, 1, 2, 0, 0)])));
            Assert.Contains($": {point}: ", line, StringComparison.Ordinal);
            Assert.DoesNotContain('{', line);
        }
    }

    private static TraceEvent At(long time, long packet) =>
        new(Traces.Ns(time), 0, 0, TraceContext.Softirq, TracePoint.consume_skb, packet);

    private static string Text(TraceEvent[] events, TraceFilter? filter = null, long overwritten = 0) =>
        Snapshots.Text(writer => FtraceWriter.Write(writer, events, Traces.Names, filter, overwritten));

    private static IEnumerable<string> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'));
}
