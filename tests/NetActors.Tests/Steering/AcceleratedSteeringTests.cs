using NetActors.Buffers;
using NetActors.Steering;

namespace NetActors.Tests.Steering;

/// <summary>Accelerated RFS inside <c>set_rps_cpu</c> (specification section 6.5).</summary>
public sealed class AcceleratedSteeringTests : IDisposable
{
    private const uint Flow = 0xABCD_0042;
    private readonly SkbPool _pool = new(256, 4);
    private readonly SkBuff _skb;
    private readonly SteeredCpus _cpus = new(4);

    public AcceleratedSteeringTests()
    {
        _skb = _pool.Rent()!;
        _skb.QueueMapping = 1; // came in by queue 0
    }

    public void Dispose() => _skb.Free(SkbDropReason.CONSUMED);

    [Theory]
    [InlineData(KernelVersion.V310)]
    [InlineData(KernelVersion.V6)]
    public void Switch_asks_for_a_filter_to_the_queue_of_the_cpu_and_counts_there(KernelVersion version)
    {
        var device = new SteeringDevice(version, 4, 16);
        Assert.Equal(3, Pick(Steering(version, 3), device, out var entry));
        var flows = device.Queue(3).Flows!;
        Assert.Equal([(3, flows.SlotOf(Flow))], device.Asked);
        Assert.Same(flows, entry.Table);
        Assert.Equal((3, 7), (flows[entry.Slot].Cpu, flows[entry.Slot].Filter));
        Assert.Equal(RpsDevFlow.None, device.Queue(0).Flows![flows.SlotOf(Flow)].Cpu); // the old queue's entry was not switched
    }

    [Fact]
    public void Queue_that_the_packet_came_by_needs_no_filter()
    {
        var device = new SteeringDevice(KernelVersion.V6, 4, 16);
        Assert.Equal(0, Pick(Steering(KernelVersion.V6, 0), device, out var entry));
        Assert.Empty(device.Asked);
        Assert.Same(device.Queue(0).Flows, entry.Table);
    }

    [Fact]
    public void Without_ntuple_or_a_recorded_queue_nothing_is_asked()
    {
        var device = new SteeringDevice(KernelVersion.V6, 4, 16) { IsOn = false };
        Assert.Equal(3, Pick(Steering(KernelVersion.V6, 3), device, out var entry));
        Assert.Same(device.Queue(0).Flows, entry.Table);
        device = new SteeringDevice(KernelVersion.V6, 4, 16);
        _skb.QueueMapping = 0;
        Pick(Steering(KernelVersion.V6, 3), device, out _);
        Assert.Empty(device.Asked);
    }

    [Fact]
    public void Refused_filter_leaves_software_to_steer()
    {
        var device = new SteeringDevice(KernelVersion.V6, 4, 16) { Answer = -1 };
        Assert.Equal(3, Pick(Steering(KernelVersion.V6, 3), device, out var entry));
        Assert.Same(device.Queue(0).Flows, entry.Table);
        Assert.Equal(RpsDevFlow.None, device.Queue(3).Flows![entry.Slot].Filter);
    }

    [Fact]
    public void Filter_that_moves_leaves_its_old_entry()
    {
        var (device, steering) = (new SteeringDevice(KernelVersion.V6, 4, 16), Steering(KernelVersion.V6, 3));
        Pick(steering, device, out var first);
        steering.SockFlows!.Record(Flow, 2);
        _skb.QueueMapping = 4; // hardware leads it to queue 3 now
        Assert.Equal(2, steering.Pick(device.Queue(3), Flow, _skb, device, out var second));
        Assert.Equal(RpsDevFlow.None, first.Table![first.Slot].Filter);
        Assert.Equal(7, second.Table![second.Slot].Filter);
    }

    [Fact]
    public void V6_leaves_the_filter_of_another_flow_that_is_active()
    {
        var device = new SteeringDevice(KernelVersion.V6, 4, 1); // all flows share the entry
        var steering = Steering(KernelVersion.V6, 3);
        Pick(steering, device, out _);
        steering.SockFlows!.Record(0x1111_1111, 3);
        Assert.Equal(3, steering.Pick(device.Queue(0), 0x1111_1111, _skb, device, out _));
        Assert.Single(device.Asked);
        _cpus.Heads[3] = 10; // ten times the table's size: nobody cares for the first flow any more
        device.Queue(0).Flows![0].Cpu = RpsDevFlow.None;
        steering.Pick(device.Queue(0), 0x1111_1111, _skb, device, out _);
        Assert.Equal(2, device.Asked.Count);
    }

    [Theory]
    [InlineData(KernelVersion.V6, 159u, false)]
    [InlineData(KernelVersion.V6, 160u, true)] // 10 * table_size
    [InlineData(KernelVersion.V310, 149u, false)]
    [InlineData(KernelVersion.V310, 150u, true)] // 10 * mask
    public void Filter_may_expire_when_its_cpu_has_dequeued_enough_since(KernelVersion version, uint dequeued, bool mayExpire)
    {
        var (device, steering) = (new SteeringDevice(version, 4, 16), Steering(version, 3));
        Pick(steering, device, out var entry);
        entry.SaveTail(0xFFFF_FFF0);
        _cpus.Heads[3] = 0xFFFF_FFF0 + dequeued;
        Assert.Equal(mayExpire, steering.MayExpire(device.Queue(3), entry.Slot, 7));
    }

    [Fact]
    public void Filter_that_its_entry_does_not_know_may_expire_at_once()
    {
        var (device, steering) = (new SteeringDevice(KernelVersion.V6, 4, 16), Steering(KernelVersion.V6, 3));
        Pick(steering, device, out var entry);
        Assert.True(steering.MayExpire(device.Queue(3), entry.Slot, 8)); // another filter has the entry
        Assert.True(steering.MayExpire(device.Queue(3), 1000, 7)); // the table is smaller now
        Assert.True(steering.MayExpire(RxSteering.Off, entry.Slot, 7));
        Assert.False(steering.MayExpire(device.Queue(3), entry.Slot, 7));
    }

    private RpsSteering Steering(KernelVersion version, int wanted)
    {
        var steering = new RpsSteering(version, _cpus) { SockFlows = new RpsSockFlowTable(version, 256, 4) };
        steering.SockFlows.Record(Flow, wanted);
        return steering;
    }

    private int Pick(RpsSteering steering, SteeringDevice device, out RpsFlowRef flow) =>
        steering.Pick(device.Queue(0), Flow, _skb, device, out flow);
}
