using NetActors.Buffers;
using NetActors.Nic;
using NetActors.Tests.Qdisc;

namespace NetActors.Tests.Nic;

public class TxSteeringTests
{
    private readonly QdiscFixture _fixture = new();

    [Fact]
    public void As_drivers_set_it_each_cpu_has_a_queue()
    {
        var steering = TxSteering.OfDriver(4, 6);
        Assert.Equal([0, 1, 2, 3, 0, 1], Enumerable.Range(0, 6).Select(cpu => Pick(steering, cpu)));
    }

    [Fact]
    public void A_cpu_without_a_map_sends_by_hash_over_all_queues_evenly()
    {
        var steering = new TxSteering(4, [[1], []], []);
        Assert.Equal(1, Pick(steering, 0));
        var counts = new int[4];
        for (uint flow = 0; flow < 4000; flow++) counts[Pick(steering, 1, flow)]++;
        Assert.All(counts, c => Assert.InRange(c, 900, 1100));
        Assert.Equal(Pick(steering, 1, 77), Pick(steering, 1, 77));
    }

    [Fact]
    public void A_map_of_several_queues_is_shared_by_hash()
    {
        var steering = new TxSteering(8, [[2, 5]], []);
        var queues = Enumerable.Range(0, 100).Select(flow => Pick(steering, 0, (uint)flow)).Distinct().Order();
        Assert.Equal([2, 5], queues);
    }

    [Fact]
    public void A_socket_keeps_its_queue_until_nothing_of_it_is_under_way()
    {
        var (steering, socket) = (TxSteering.OfDriver(4, 4), new Socket());
        Assert.Equal(2, Pick(steering, 2, socket: socket));
        Assert.Equal(2, Pick(steering, 3, socket: socket)); // moved to another CPU: its packets must not overtake each other
        Assert.Equal(3, Pick(steering, 3, socket: socket, oooOkay: true));
        Assert.Equal(3, Pick(steering, 0, socket: socket));
    }

    [Fact]
    public void The_queue_that_a_socket_receives_by_goes_before_its_cpu()
    {
        var steering = new TxSteering(4, [[0], [1]], [[3], [], [], [2]]);
        Assert.Equal(3, Pick(steering, 1, socket: new Socket { RxQueueMapping = 0 }));
        Assert.Equal(1, Pick(steering, 1, socket: new Socket { RxQueueMapping = 1 })); // no map for it: by CPU
        Assert.Equal(1, Pick(steering, 1, socket: new Socket()));
    }

    [Fact]
    public void A_traffic_class_keeps_to_its_queues()
    {
        var steering = TxSteering.OfDriver(8, 8);
        for (uint flow = 0; flow < 100; flow++)
        {
            var skb = _fixture.Packet(60, flow);
            Assert.InRange(steering.Pick(skb, 0, _fixture, (3, 4)), 4, 6);
            skb.Free(SkbDropReason.CONSUMED);
        }
    }

    private int Pick(TxSteering steering, int cpu, uint flow = 1, Socket? socket = null, bool oooOkay = false)
    {
        var skb = _fixture.Packet(60, flow);
        (skb.Socket, skb.OooOkay) = (socket, oooOkay);
        var queue = steering.Pick(skb, cpu, _fixture, (0, 0));
        skb.Free(SkbDropReason.CONSUMED);
        return queue;
    }

    private sealed class Socket : ISkbOwner
    {
        public int TxQueueMapping { get; set; } = -1;

        public int RxQueueMapping { get; init; } = -1;

        public void OnFreed(int bytes)
        {
        }

        public void OnPacedBelow()
        {
        }
    }
}
