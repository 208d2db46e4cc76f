using System.Text;
using NetActors.Qdisc;
using NetActors.Time;

namespace NetActors.Tests.Qdisc;

public class TcTests
{
    private readonly QdiscFixture _fixture = new();

    [Fact]
    public void A_device_with_one_queue_has_the_default_and_one_with_several_mq_over_it()
    {
        Assert.Equal("pfifo_fast", Device(1).Root.Kind);
        var device = Device(3, "fq_codel");
        Assert.Equal("mq", device.Root.Kind);
        Assert.Equal(["fq_codel", "fq_codel", "fq_codel"], device.Active.Select(q => q.Kind));
        Assert.Equal(3, device.Active.Distinct().Count());
    }

    /// <summary>What tc of iproute2 6.1 prints for the same commands on Linux 6.18, a veth with three transmit queues (<see cref="TcOracleTests"/> compares live).</summary>
    [Fact]
    public void Shows_qdiscs_as_tc_does()
    {
        var device = Device(3);
        Assert.Equal(
            """
            qdisc mq 0: dev eth0 root 
             Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
             backlog 0b 0p requeues 0
            qdisc pfifo_fast 0: dev eth0 parent :3 bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1
             Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
             backlog 0b 0p requeues 0
            qdisc pfifo_fast 0: dev eth0 parent :2 bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1
             Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
             backlog 0b 0p requeues 0
            qdisc pfifo_fast 0: dev eth0 parent :1 bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1
             Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) 
             backlog 0b 0p requeues 0

            """,
            Show(device));
    }

    [Theory]
    [InlineData("fq", "limit 10000p flow_limit 100p buckets 1024 orphan_mask 1023 bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1 weights 589824 196608 65536 quantum 3028b initial_quantum 15140b low_rate_threshold 550Kbit refill_delay 40ms timer_slack 10us horizon 10s horizon_drop ")]
    [InlineData("fq_codel", "limit 10240p flows 1024 quantum 1514 target 5ms interval 100ms memory_limit 32Mb ecn drop_batch 64 ")]
    [InlineData("codel", "limit 1000p target 5ms interval 100ms ")]
    [InlineData("netem delay 100ms 10ms 25% loss 0.3% 25% reorder 25% 50% corrupt 0.1% duplicate 1%", "limit 1000 delay 100ms  10ms 25% loss 0.3% 25% duplicate 1% reorder 25% 50% corrupt 0.1% gap 1")]
    [InlineData("red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 ecn bandwidth 10mbit", "limit 400000b min 30000b max 90000b ecn ")]
    [InlineData("prio bands 4 priomap 3 2 1", "bands 4 priomap 3 2 1 2 1 2 0 0 1 1 1 1 1 1 1 1")]
    [InlineData("tbf rate 1mbit burst 32kbit latency 50ms", "rate 1Mbit burst 4Kb lat 50ms ")]
    public void Shows_options_as_tc_does(string words, string expected) => Assert.Equal(expected, QdiscFixture.Options(_fixture.Make<QdiscBase>(words)));

    [Theory]
    [InlineData("tc qdisc add dev eth0 root bogus", "\"bogus\" is not a qdisc")]
    [InlineData("tc qdisc add dev eth1 root fq", "\"eth1\" is not this device, eth0")]
    [InlineData("tc qdisc add dev eth0 root fq limit x", "Illegal \"limit\": \"x\" is not a number from 0 to 2147483647")]
    [InlineData("tc qdisc add dev eth0 root fq horizon", "\"horizon\" needs a time such as 100ms")]
    [InlineData("tc qdisc add dev eth0 root tbf burst 1k latency 10ms", "\"rate\" is required")]
    [InlineData("tc qdisc add dev eth0 root tbf rate 5furlongs burst 1k latency 10ms", "\"5furlongs\" is not a rate such as 10mbit")]
    [InlineData("tc qdisc add dev eth0 parent 1:10 fq", "there is no qdisc 1:")]
    [InlineData("tc qdisc add dev eth0 fq", "a qdisc needs \"root\" or \"parent\"")]
    [InlineData("tc qdisc del dev eth0 root", "cannot delete the default qdisc")]
    [InlineData("tc class add dev eth0 parent 1: classid 1:10 htb rate 1mbit", "there is no qdisc 1:")]
    [InlineData("tc filter add dev eth0 egress matchall action drop", "there is no hook for egress: add clsact first")]
    [InlineData("tc qdisk add dev eth0 root fq", "\"qdisk\" is not one of qdisc, class, filter")]
    [InlineData("tc qdisc add dev eth0 root netem loss 101%", "\"101%\" is not a share from 0% to 100%")]
    [InlineData("tc qdisc add dev eth0 root mqprio num_tc 2 queues 1@0 9@1", "mqprio: the device has 3 transmit queues")]
    public void Says_what_is_wrong(string command, string fault)
    {
        var device = Device(3);
        var before = device.Root;
        Assert.Contains(fault, device.Apply(command, _fixture.Now), StringComparison.Ordinal);
        Assert.Same(before, device.Root);
    }

    [Fact]
    public void Replacing_a_root_frees_what_it_holds()
    {
        var device = Device(1);
        Do(device, "qdisc add dev eth0 root handle 1: pfifo limit 10");
        _fixture.Enqueue(device.Root);
        Do(device, "qdisc replace dev eth0 root handle 2: fq");
        Assert.Equal(("fq", 0L), (device.Root.Kind, _fixture.Outstanding));
        Assert.Equal(NetActors.Buffers.SkbDropReason.QUEUE_PURGE, Assert.Single(_fixture.Drops).Reason);
        Do(device, "qdisc del dev eth0 root");
        Assert.Equal("pfifo_fast", device.Root.Kind);
    }

    [Fact]
    public void Qdiscs_hang_below_classes_and_queues()
    {
        var device = Device(2);
        Do(device, "qdisc replace dev eth0 root handle 1: mq");
        Do(device, "qdisc add dev eth0 parent 1:2 handle 20: htb default 1");
        Do(device, "class add dev eth0 parent 20: classid 20:1 htb rate 10mbit");
        Do(device, "qdisc add dev eth0 parent 20:1 handle 30: fq_codel");
        Assert.Equal(["pfifo_fast", "htb"], device.Active.Select(q => q.Kind));
        Assert.Equal("mq htb fq_codel pfifo_fast", string.Join(' ', DeviceQdiscs.All(device.Root).Select(q => q.Kind)));
        Assert.Equal(device.Contexts[1], device.Active[1].Context);
        Do(device, "qdisc del dev eth0 parent 20:1");
        Do(device, "class change dev eth0 classid 20:1 htb rate 20mbit");
        Do(device, "class del dev eth0 classid 20:1");
    }

    [Fact]
    public void Mqprio_gives_each_priority_its_queues()
    {
        var device = Device(4);
        Do(device, "qdisc add dev eth0 root handle 1: mqprio num_tc 2 map 0 0 0 0 0 0 1 1 0 0 0 0 0 0 0 0 queues 3@0 1@3 hw 0");
        var root = Assert.IsType<Mqprio>(device.Root);
        Assert.Equal(((3, 0), (1, 3)), (root.QueuesOf(0), root.QueuesOf(6)));
        Assert.Equal("tc 2 map 0 0 0 0 0 0 1 1 0 0 0 0 0 0 0 0 \n             queues:(0:2) (3:3) ", QdiscFixture.Options(root));
    }

    [Theory]
    [InlineData("u32 match ip dport 80 0xffff", true)]
    [InlineData("u32 match ip dport 81 0xffff", false)]
    [InlineData("u32 match ip dst 10.0.0.0/24 match ip protocol 17 0xff", true)]
    [InlineData("u32 match ip src 10.0.0.2", false)]
    [InlineData("u32 match u16 80 ffff at 22", true)]
    [InlineData("u32 match u8 0x11 0xff at 9", true)]
    [InlineData("flower ip_proto udp dst_port 80", true)]
    [InlineData("flower ip_proto tcp", false)]
    [InlineData("flower src_ip 10.0.0.1 src_port 1025", true)]
    [InlineData("matchall", true)]
    public void A_filter_matches_what_its_words_say(string match, bool matches)
    {
        var device = Device(1);
        Do(device, "qdisc add dev eth0 clsact");
        Do(device, $"filter add dev eth0 egress protocol ip {match} classid 1:7 action ok");
        var skb = _fixture.Packet(port: 80);
        Assert.Equal(matches ? TcVerdict.Ok : TcVerdict.Unspec, device.Egress!.Classify(skb, _fixture.Context, out var classId));
        Assert.Equal(matches ? 0x10007u : 0, classId);
        skb.Free(NetActors.Buffers.SkbDropReason.CONSUMED);
    }

    [Fact]
    public void Actions_are_done_in_order_and_filters_asked_by_preference()
    {
        var device = Device(1);
        Do(device, "qdisc add dev eth0 clsact");
        Do(device, "filter add dev eth0 egress prio 20 matchall action drop");
        Do(device, "filter add dev eth0 egress prio 10 matchall action skbedit queue_mapping 3 priority 1:5 mark 9 action mirred egress mirror dev eth1 action continue");
        var skb = _fixture.Packet();
        Assert.Equal(TcVerdict.Shot, device.Egress!.Classify(skb, _fixture.Context, out _));
        Assert.Equal(((ushort)3, 0x10005u, 9u), (skb.QueueMapping, skb.Priority, skb.Mark));
        Assert.Equal(("eth1", false), Assert.Single(_fixture.Redirected));
        skb.Free(NetActors.Buffers.SkbDropReason.CONSUMED);
        Do(device, "filter del dev eth0 egress prio 20");
        Do(device, "filter del dev eth0 egress");
        Do(device, "filter add dev eth0 egress matchall action mirred ingress redirect dev eth2");
        Assert.Equal(TcVerdict.Stolen, device.Egress.Classify(_fixture.Packet(), _fixture.Context, out _));
        Assert.Equal(("eth2", true), _fixture.Redirected[^1]);
        Assert.Equal(0, _fixture.Outstanding);
    }

    [Fact]
    public void Filters_choose_classes_of_htb_and_bands_of_prio()
    {
        var device = Device(1);
        Do(device, "qdisc add dev eth0 root handle 1: prio");
        Do(device, "filter add dev eth0 parent 1: protocol ip prio 1 u32 match ip dport 80 0xffff flowid 1:1");
        Do(device, "filter add dev eth0 parent 1: protocol ip prio 2 u32 match ip dport 81 0xffff action drop");
        device.Root.Enqueue(_fixture.Packet(port: 5000), _fixture.Now);
        device.Root.Enqueue(_fixture.Packet(port: 80), _fixture.Now);
        Assert.Equal(NetXmit.Success | NetXmit.Bypass, device.Root.Enqueue(_fixture.Packet(port: 81), _fixture.Now));
        Assert.Equal((2L, 1L), (_fixture.Take(device.Root), _fixture.Take(device.Root)));
        Do(device, "qdisc replace dev eth0 root handle 2: htb default 20");
        Do(device, "class add dev eth0 parent 2: classid 2:10 htb rate 1mbit");
        Do(device, "class add dev eth0 parent 2: classid 2:20 htb rate 1mbit");
        Do(device, "filter add dev eth0 parent 2: flower dst_port 80 classid 2:10");
        device.Root.Enqueue(_fixture.Packet(port: 80), _fixture.Now);
        device.Root.Enqueue(_fixture.Packet(port: 90), _fixture.Now);
        var text = new StringBuilder();
        TcShow.Classes(text, device);
        Assert.Contains("class htb 2:10 dev eth0 root prio 0 rate 1Mbit ceil 1Mbit burst 1600b cburst 1600b \n Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0) \n backlog 1514b 1p requeues 0\n", text.ToString(), StringComparison.Ordinal);
        device.Reset(NetActors.Buffers.SkbDropReason.HOST_SHUTDOWN);
    }

    private DeviceQdiscs Device(int queues, string kind = "pfifo_fast") =>
        new("eth0", [.. Enumerable.Range(0, queues).Select(i => new QdiscContext(_fixture, new KernelRandom((ulong)i)))], kind);

    private void Do(DeviceQdiscs device, string command) => Assert.Null(device.Apply("tc " + command, _fixture.Now));

    private string Show(DeviceQdiscs device)
    {
        var text = new StringBuilder();
        TcShow.Qdiscs(text, device, _fixture.Now);
        return text.ToString();
    }
}
