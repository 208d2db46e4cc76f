using NetActors.Observe;
using NetActors.Time;
using static NetActors.Observe.TracePoint;

namespace NetActors.Tests.Observe;

public class PerfettoWriterTests
{
    [Fact]
    public void Each_host_is_a_process_each_cpu_a_thread_each_context_a_track() => Assert.Equal(
        [
            "server", "server/hardware",
            "server/cpu0", "server/cpu0/hardirq", "server/cpu0/softirq", "server/cpu0/task",
            "server/cpu1", "server/cpu1/hardirq", "server/cpu1/softirq", "server/cpu1/task",
        ],
        Steered().Tracks);

    [Fact]
    public void Interrupts_vectors_polls_and_tasks_are_slices()
    {
        var timeline = Steered();
        Assert.Equal(["2000-2200 irq eth0-TxRx-0"], timeline.Slices("server/cpu0/hardirq"));
        Assert.Equal(["2300-2800 NET_RX", "2400-2600   poll eth0-rx-0"], timeline.Slices("server/cpu0/softirq"));
        Assert.Equal(["3500-3600 Function call interrupts"], timeline.Slices("server/cpu1/hardirq"));
        Assert.Equal(["3700-4000 NET_RX"], timeline.Slices("server/cpu1/softirq"));
    }

    [Fact]
    public void A_system_call_that_sleeps_is_drawn_up_to_its_sleep() =>
        Assert.Equal(["5000-6000 memcached", "5100-6000   sys_enter"], Steered().Slices("server/cpu1/task"));

    [Fact]
    public void An_arrow_follows_the_packet_to_its_end_across_cpus()
    {
        var way = Steered().Events.Where(e => e.Flow == 7 || e.LastFlow == 7).ToArray();
        Assert.Equal(
            ["nic_rx", "enqueue_to_backlog", "udp_queue_rcv_skb", "skb_copy_datagram_iovec", "consume_skb"],
            way.Select(e => e.Name));
        Assert.Equal([0, 0, 0, 0, 7], way.Select(e => (long)e.LastFlow));
        Assert.Equal(
            ["server/hardware", "server/cpu0/softirq", "server/cpu1/softirq", "server/cpu1/task"],
            way.Select(e => e.Track).Distinct());
    }

    [Fact]
    public void A_drop_ends_the_arrow() =>
        Assert.Equal("kfree_skb", Assert.Single(Steered().Events, e => e.LastFlow == 8).Name);

    [Fact]
    public void An_end_whose_begin_was_overwritten_is_left_out()
    {
        var timeline = new PerfettoTimeline(PerfettoTimeline.Write(Traces.Steered[5..]));
        Assert.Equal(["2400-2600 poll eth0-rx-0"], timeline.Slices("server/cpu0/softirq"));
        Assert.Empty(timeline.Slices("server/cpu0/hardirq"));
    }

    [Fact]
    public void What_is_open_at_the_last_event_ends_there()
    {
        var timeline = new PerfettoTimeline(PerfettoTimeline.Write(Traces.Steered[..6]));
        Assert.Equal(["2300-2400 NET_RX", "2400-2400   poll eth0-rx-0"], timeline.Slices("server/cpu0/softirq"));
    }

    [Fact]
    public void Random_events_of_skewed_cpus_always_nest_and_never_go_back()
    {
        var random = new KernelRandom(1);
        var points = Enum.GetValues<TracePoint>();
        var clocks = new long[4];
        var events = new TraceEvent[5_000];
        for (var i = 0; i < events.Length; i++)
        {
            var cpu = (int)random.NextBelow(4);
            clocks[cpu] += random.NextBelow(1_000);
            events[i] = new(
                Traces.Ns(clocks[cpu]), (int)random.NextBelow(2), cpu, (TraceContext)random.NextBelow(5),
                points[random.NextBelow((uint)points.Length)], random.NextBelow(50), 0, random.NextBelow(10), random.NextBelow(10));
        }
        var timeline = new PerfettoTimeline(PerfettoTimeline.Write(events));
        Assert.All(timeline.Tracks, track => timeline.Slices(track));
        Assert.Equal(2 * (1 + 4 * 3), timeline.Tracks.Count(track => timeline.Slices(track).Length > 0));
    }

    [Fact]
    public void Equal_events_give_equal_bytes_and_none_give_none()
    {
        Assert.Equal(PerfettoTimeline.Write(Traces.Steered), PerfettoTimeline.Write(Traces.Steered));
        Assert.Empty(PerfettoTimeline.Write([]));
    }

    [Fact]
    public void A_filter_chooses_what_is_drawn()
    {
        Assert.True(TraceFilter.TryCreate([], packetId: 8, null, out var filter, out _));
        var timeline = new PerfettoTimeline(PerfettoTimeline.Write(Traces.Steered, filter));
        Assert.Equal(["kfree_skb"], timeline.Events.Select(e => e.Name));
    }

    [Fact]
    public void The_first_packet_is_the_bytes_the_format_asks_for()
    {
        TraceEvent e = new(KernelTime.Zero, 0, 0, TraceContext.Softirq, consume_skb);
        // packet(1) { track_descriptor(60) { uuid(1) child_ordering(11): EXPLICIT sibling_order_rank(12): 0
        //     process(3) { pid(1) process_name(6): "server" } } trusted_packet_sequence_id(10): 1 }
        Assert.StartsWith(
            "0A-1B-E2-03-16-08-80-80-20-58-03-60-00-1A-0C-08-80-80-04-32-06-73-65-72-76-65-72-50-01",
            BitConverter.ToString(PerfettoTimeline.Write([e])),
            StringComparison.Ordinal);
    }

    private static PerfettoTimeline Steered() => new(PerfettoTimeline.Write(Traces.Steered));
}
