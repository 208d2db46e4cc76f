using CsCheck;
using NetActors.Buffers;
using NetActors.Steering;

namespace NetActors.Tests.Steering;

/// <summary>Which CPU handles a packet (specification sections 5.3 and 6.3).</summary>
public sealed class RpsSteeringTests : IDisposable
{
    private const uint Flow = 0xABCD_0042;
    private readonly SkbPool _pool = new(256, 4);
    private readonly SkBuff _skb;

    public RpsSteeringTests()
    {
        _skb = _pool.Rent()!;
        _skb.QueueMapping = 1;
    }

    public void Dispose() => _skb.Free(SkbDropReason.CONSUMED);

    [Fact]
    public void Queue_without_map_and_flows_steers_nothing() => // 5.3 step 2
        Assert.Equal(RpsSteering.None, Pick(new RpsSteering(KernelVersion.V6, new SteeredCpus(4)), RxSteering.Off, Flow));

    [Fact]
    public void Packet_without_a_hash_is_not_steered() => // 5.3 step 3
        Assert.Equal(RpsSteering.None, Pick(new RpsSteering(KernelVersion.V6, new SteeredCpus(4)), Mapped(1, 2), 0));

    [Theory]
    [InlineData(0x0000_0001u, 1)]
    [InlineData(0x5555_5555u, 1)]
    [InlineData(0x5555_5556u, 2)]
    [InlineData(0xAAAA_AAABu, 5)]
    [InlineData(0xFFFF_FFFFu, 5)]
    public void Map_is_indexed_by_multiply_and_shift(uint hash, int cpu) => // 5.3: top bits, not modulo
        Assert.Equal(cpu, Pick(new RpsSteering(KernelVersion.V6, new SteeredCpus(8)), Mapped(1, 2, 5), hash));

    [Fact]
    public void Offline_choice_has_no_second_choice() // 5.3
    {
        var cpus = new SteeredCpus(4) { Offline = { 2 } };
        Assert.Equal(RpsSteering.None, Pick(new RpsSteering(KernelVersion.V6, cpus), Mapped(2), Flow));
    }

    [Fact]
    public void V310_needs_no_hash_for_one_cpu_and_no_flow_table() // 5.3
    {
        var cpus = new SteeredCpus(4);
        var v310 = new RpsSteering(KernelVersion.V310, cpus);
        Assert.Equal(2, v310.WithoutHash(Mapped(2)));
        Assert.Equal(RpsSteering.None, v310.WithoutHash(Mapped(2, 3)));
        Assert.Equal(RpsSteering.None, v310.WithoutHash(Mapped(2) with { Flows = new RpsDevFlowTable(KernelVersion.V310, 16) }));
        Assert.Equal(RpsSteering.None, new RpsSteering(KernelVersion.V6, cpus).WithoutHash(Mapped(2))); // 6.x always hashes
        cpus.Offline.Add(2);
        Assert.Equal(RpsSteering.None, v310.WithoutHash(Mapped(2)));
    }

    [Theory]
    [InlineData(true, false, RpsSteering.None)]
    [InlineData(false, true, RpsSteering.None)]
    [InlineData(true, true, 3)]
    public void Both_tables_are_needed_and_no_map(bool socket, bool device, int cpu) // 6.1, live
    {
        var steering = new RpsSteering(KernelVersion.V6, new SteeredCpus(4)) { SockFlows = socket ? Recorded(Flow, 3) : null };
        Assert.Equal(cpu, Pick(steering, new RxSteering(null, device ? Flows() : null), Flow));
    }

    [Fact]
    public void Flow_of_another_goes_by_the_map_and_leaves_the_entry_alone() // 6.3
    {
        var flows = Flows();
        var steering = new RpsSteering(KernelVersion.V6, new SteeredCpus(4)) { SockFlows = Recorded(Flow ^ 0x1000_0000, 3) };
        Assert.Equal(1, Pick(steering, Mapped(1) with { Flows = flows }, Flow, out var entry));
        Assert.Null(entry.Table);
        Assert.Equal(RpsDevFlow.None, flows[flows.SlotOf(Flow)].Cpu);
    }

    [Fact]
    public void First_switch_is_immediate_and_remembers_the_head() // 6.3: cur is unset
    {
        var (cpus, flows) = (new SteeredCpus(4) { Heads = { [3] = 77 } }, Flows());
        var steering = new RpsSteering(KernelVersion.V6, cpus) { SockFlows = Recorded(Flow, 3) };
        Assert.Equal(3, Pick(steering, new RxSteering(null, flows), Flow, out var entry));
        Assert.Equal((flows, flows.SlotOf(Flow)), (entry.Table, entry.Slot));
        Assert.Equal((3, 77u), (flows[entry.Slot].Cpu, flows[entry.Slot].LastQtail));
    }

    [Theory]
    [InlineData(100u, 100u, true)] // all dequeued
    [InlineData(101u, 100u, true)]
    [InlineData(99u, 100u, false)]
    [InlineData(0u, 0xFFFF_FFF0u, true)] // 13.9: the head has wrapped past the tail
    [InlineData(0xFFFF_FFF0u, 5u, false)] // the tail has wrapped, the head has not
    [InlineData(0x8000_0000u, 0x7FFF_FFFFu, true)]
    [InlineData(0x7FFF_FFFFu, 0x8000_0000u, false)]
    public void Old_cpu_must_have_dequeued_the_flows_last_packet(uint head, uint tail, bool moves) // 6.3: signed difference of u32
    {
        var (cpus, flows) = (new SteeredCpus(4), Flows());
        var steering = new RpsSteering(KernelVersion.V6, cpus) { SockFlows = Recorded(Flow, 1) };
        Pick(steering, new RxSteering(null, flows), Flow, out var entry);
        entry.SaveTail(tail);
        cpus.Heads[1] = head;
        steering.SockFlows.Record(Flow, 2);
        Assert.Equal(moves ? 2 : 1, Pick(steering, new RxSteering(null, flows), Flow));
    }

    [Fact]
    public void Old_cpu_that_is_offline_is_left_at_once() // 6.3
    {
        var (cpus, flows) = (new SteeredCpus(4), Flows());
        var steering = new RpsSteering(KernelVersion.V6, cpus) { SockFlows = Recorded(Flow, 1) };
        Pick(steering, new RxSteering(null, flows), Flow, out var entry);
        entry.SaveTail(50);
        steering.SockFlows.Record(Flow, 2);
        Assert.Equal(1, Pick(steering, new RxSteering(null, flows), Flow));
        cpus.Offline.Add(1);
        Assert.Equal(2, Pick(steering, new RxSteering(null, flows), Flow));
    }

    [Fact]
    public void Wanted_cpu_that_is_offline_leaves_the_packet_to_the_map() // 6.3
    {
        var cpus = new SteeredCpus(4) { Offline = { 3 } };
        var steering = new RpsSteering(KernelVersion.V6, cpus) { SockFlows = Recorded(Flow, 3) };
        Assert.Equal(1, Pick(steering, Mapped(1) with { Flows = Flows() }, Flow, out var entry));
        Assert.Null(entry.Table);
    }

    [Fact]
    public void Flows_that_share_an_entry_share_its_cpu_and_tail() // 6.3: hash collisions in the dev table
    {
        var (cpus, flows) = (new SteeredCpus(4), Flows(1));
        var steering = new RpsSteering(KernelVersion.V6, cpus) { SockFlows = Recorded(Flow, 1) };
        steering.SockFlows!.Record(0x1111_1111, 2);
        Assert.Equal(1, Pick(steering, new RxSteering(null, flows), Flow, out var entry));
        entry.SaveTail(1);
        Assert.Equal(1, Pick(steering, new RxSteering(null, flows), 0x1111_1111)); // waits for the other flow's packet
        cpus.Heads[1] = 1;
        Assert.Equal(2, Pick(steering, new RxSteering(null, flows), 0x1111_1111));
    }

    [Fact]
    public void V310_empties_the_entry_after_the_drain_and_goes_by_the_map() // 6.3: want may be 0xffff
    {
        var (cpus, flows) = (new SteeredCpus(4), new RpsDevFlowTable(KernelVersion.V310, 16));
        var steering = new RpsSteering(KernelVersion.V310, cpus) { SockFlows = new RpsSockFlowTable(KernelVersion.V310, 256, 4) };
        steering.SockFlows.Record(Flow, 3);
        var queue = Mapped(0, 1) with { Flows = flows };
        Assert.Equal(3, Pick(steering, queue, Flow, out var entry));
        entry.SaveTail(5);
        steering.SockFlows.Delete(Flow);
        Assert.Equal(3, Pick(steering, queue, Flow));
        cpus.Heads[3] = 5;
        Assert.Equal(1, Pick(steering, queue, Flow));
        Assert.Equal(RpsDevFlow.None, flows[flows.SlotOf(Flow)].Cpu);
    }

    [Fact]
    public void V310_finds_entries_by_the_lower_bits_and_6x_by_the_product() // 6.1
    {
        Assert.Equal(2, new RpsDevFlowTable(KernelVersion.V310, 16).SlotOf(0xFFFF_FFF2));
        Assert.Equal(unchecked((int)((0xFFFF_FFF2u * 0x61C88647u) >> 28)), new RpsDevFlowTable(KernelVersion.V6, 16).SlotOf(0xFFFF_FFF2));
        Assert.Equal(0, new RpsDevFlowTable(KernelVersion.V6, 1).SlotOf(0xFFFF_FFF2));
    }

    [Fact]
    public void No_packet_of_a_flow_waits_on_two_cpus_whatever_moves() // 6.3: the condition's meaning
    {
        Gen.UInt.Array[20, 400].Sample(steps =>
        {
            var (cpus, flows, table) = (new SteeredCpus(4), Flows(4), new RpsSockFlowTable(KernelVersion.V6, 64, 4));
            var steering = new RpsSteering(KernelVersion.V6, cpus) { SockFlows = table };
            for (var cpu = 0; cpu < 4; cpu++) cpus.Heads[cpu] = uint.MaxValue - 20; // wraps on the way
            var tails = (uint[])cpus.Heads.Clone();
            var waiting = Enumerable.Range(0, 4).Select(_ => new Queue<uint>()).ToArray();
            var skb = new SkbPool(64, 1).Rent()!;
            foreach (var step in steps)
            {
                var (flow, cpu) = ((step >> 8) % 6 + 1, (int)(step >> 4) % 4);
                flow *= 0x0101_0101;
                switch (step % 4)
                {
                    case 0:
                        table.Record(flow, cpu);
                        break;
                    case 1 when waiting[cpu].Count > 0:
                        waiting[cpu].Dequeue();
                        cpus.Heads[cpu]++;
                        break;
                    default:
                        var to = steering.Pick(new RxSteering(null, flows), flow, skb, null, out var entry);
                        if (to < 0) break;
                        waiting[to].Enqueue(flow);
                        entry.SaveTail(++tails[to]);
                        if (waiting.Count(queue => queue.Contains(flow)) > 1) return false;
                        break;
                }
            }

            return true;
        });
    }

    private static RxSteering Mapped(params int[] cpus) => new(new RpsMap(cpus), null);

    private static RpsDevFlowTable Flows(int count = 16) => new(KernelVersion.V6, count);

    private static RpsSockFlowTable Recorded(uint hash, int cpu)
    {
        var table = new RpsSockFlowTable(KernelVersion.V6, 256, 4);
        table.Record(hash, cpu);
        return table;
    }

    private int Pick(RpsSteering steering, RxSteering queue, uint hash) => Pick(steering, queue, hash, out _);

    private int Pick(RpsSteering steering, RxSteering queue, uint hash, out RpsFlowRef flow) => steering.Pick(queue, hash, _skb, null, out flow);
}
