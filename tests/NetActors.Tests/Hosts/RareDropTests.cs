using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>Drops that a host seldom comes to, each counted where Linux counts it (specification section 10).</summary>
public sealed class RareDropTests
{
    [Fact]
    public void Memory_of_all_sockets_spent_is_PROTO_MEM() // kernel: __udp_enqueue_schedule_skb, udp_rmem_schedule
    {
        using var run = new Running(
            Yaml.Server(tasks: Yaml.DeafSink, sysctl: "net.ipv4.udp_mem: \"1 2 2\", net.ipv4.udp_rmem_min: 4096"),
            frames: HostFrames.ToServer([.. Enumerable.Range(0, 10).Select(_ => HostFrames.Udp(9000))]));
        run.Until(10_000);
        var dropped = run.Dropped(SkbDropReason.PROTO_MEM);
        Assert.Equal(10 - run.Socket("sink").Queued, dropped);
        Assert.InRange(run.Socket("sink").Queued, 1, 4); // two pages, and what a page holds
        Assert.Equal((dropped, dropped), (run.Mib[UdpMib.MemErrors], run.Mib[UdpMib.InErrors]));
    }

    [Fact]
    public void Full_neighbour_table_is_NEIGH_CREATEFAIL() // kernel: ip_finish_output2, neigh_table overflow
    {
        using var run = new Running(Yaml.Server(
            sysctl: "net.ipv4.neigh.default.gc_thresh1: 0, net.ipv4.neigh.default.gc_thresh2: 1, net.ipv4.neigh.default.gc_thresh3: 2",
            tasks: """{ name: one, program: ping, destination: 10.0.0.11, count: 1, stop: 20ms }, { name: two, program: ping, destination: 10.0.0.12, count: 1, stop: 20ms }, { name: three, program: ping, destination: 10.0.0.13, count: 1, stop: 20ms }"""));
        run.Until(10_000);
        Assert.True(run.Dropped(SkbDropReason.NEIGH_CREATEFAIL) >= 1);
        Assert.True(run.Host.Stack.Neighbours.Stats.TableFulls >= 1);
    }

    [Fact]
    public void Full_qdisc_is_QDISC_OVERLIMIT()
    {
        using var run = new Running(Yaml.Pair(
            """{ name: flood, program: packet-flood, destination: "10.0.0.1:9", rate: 16Mpps, size: 1000, stop: 10ms, batch: 32, threads: 16 }""", wire: "rate: 10Mbit"));
        run.Until(20_000);
        var dropped = run.Dropped(SkbDropReason.QDISC_OVERLIMIT);
        Assert.True(dropped > 1000);
        Assert.Equal(dropped, run.Device("eth0").Stats.TxDropped);
    }

    [Fact]
    public void Unicast_packet_in_a_broadcast_frame_is_dropped() // kernel: ip_rcv_finish_core, UNICAST_IN_L2_MULTICAST
    {
        var frame = HostFrames.Udp(9000);
        MacAddress.Broadcast.Write(frame);
        using var run = new Running(
            Yaml.Server(tasks: Yaml.Sink(), sysctl: "net.ipv4.conf.eth0.drop_unicast_in_l2_multicast: 1"), frames: HostFrames.ToServer(frame));
        run.Until(10_000);
        Assert.Equal((1L, 0L), (run.Dropped(SkbDropReason.UNICAST_IN_L2_MULTICAST), run.Socket("sink").Delivered));
    }
}
