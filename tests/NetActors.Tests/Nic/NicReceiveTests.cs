using CsCheck;
using NetActors.Buffers;
using NetActors.Links;
using NetActors.Nic;
using NetActors.Time;

namespace NetActors.Tests.Nic;

public sealed class NicReceiveTests
{
    [Fact]
    public void Halted_cpu_leaves_n_minus_1_frames_in_the_ring_and_the_rest_are_hardware_drops_without_skb()
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(100);
        fixture.Nic.AdvanceTo(Us(1000));
        Assert.Equal(63, fixture.Nic.Queue(2).Count);
        Assert.Equal(37, fixture.Nic.Statistics.RxNoDmaResources);
        Assert.Equal(63, fixture.Pool.Rented);
        Assert.Equal(37, fixture.Nic.Queue(2).Drops);
        Assert.All(fixture.Drops, drop => Assert.Equal(SkbDropReason.HW_NO_DESCRIPTOR, drop.Reason));
        Assert.Equal(Us(64), fixture.Drops[0].At);
        fixture.CheckConservation();
    }

    [Fact]
    public void A_poll_sees_what_arrived_by_its_time_and_nothing_later()
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(10);
        Assert.Equal(4, fixture.PollAll(2, Us(4)));
        Assert.Equal(0, fixture.PollAll(2, Us(4)));
        Assert.Equal(6, fixture.PollAll(2, Us(10)));
    }

    [Fact]
    public void A_cpu_whose_clock_is_behind_does_not_see_what_another_moved_ahead()
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(10);
        fixture.Nic.AdvanceTo(Us(10));
        Assert.Equal(10, fixture.Nic.Queue(2).Count);
        Assert.Equal(3, fixture.PollAll(2, Us(3)));
    }

    [Fact]
    public void Polling_one_queue_ahead_does_not_decide_about_the_descriptors_of_another()
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(100);
        Assert.False(fixture.Nic.TryPoll(1, Us(1000), out _)); // a CPU far ahead polls its own queue
        Assert.Equal(50, fixture.PollAll(2, Us(50)));
        Assert.Equal(50, fixture.PollAll(2, Us(100)));
        Assert.Empty(fixture.Drops);
    }

    [Fact]
    public void Up_to_a_batch_of_cleaned_descriptors_is_not_posted_again()
    {
        var fixture = new NicFixture().SteerToQueue2().Burst(63 + 63);
        for (var i = 0; i < 15; i++)
        {
            Assert.True(fixture.Nic.TryPoll(2, Us(63), out var skb));
            skb.Free(SkbDropReason.CONSUMED);
        }

        fixture.Nic.AdvanceTo(Us(64));
        Assert.Equal(1, fixture.Nic.Statistics.RxNoDmaResources); // 15 cleaned, none posted
        Assert.True(fixture.Nic.TryPoll(2, Us(64), out var last));
        last.Free(SkbDropReason.CONSUMED);
        Assert.True(fixture.Nic.TryPoll(2, Us(64), out last)); // posts 16 before it reads
        last.Free(SkbDropReason.CONSUMED);
        fixture.Nic.AdvanceTo(Us(80));
        Assert.Equal(1, fixture.Nic.Statistics.RxNoDmaResources);
        fixture.Nic.AdvanceTo(Us(81));
        Assert.Equal(2, fixture.Nic.Statistics.RxNoDmaResources);
        fixture.CheckConservation();
    }

    [Fact]
    public void A_packet_says_what_the_descriptor_knew()
    {
        var fixture = new NicFixture();
        var bytes = Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2, vlan: 0x2005);
        fixture.Source.Add(bytes.At(1000) with { Id = 42 });
        var hash = new RssHasher(Toeplitz.CanonicalKey).Hash(bytes);
        var queue = (int)(hash.Value % 128 % 4);
        Assert.True(fixture.Nic.TryPoll(queue, Us(2), out var skb));
        Assert.Equal((hash.Value, true, (ushort)(queue + 1)), (skb.Hash, skb.L4Hash, skb.QueueMapping));
        Assert.Equal((ushort)0x2005, skb.VlanTci);
        Assert.Equal(ChecksumState.Unnecessary, skb.IpSummed);
        Assert.Equal((Us(1), 42L), (skb.Arrival, skb.Id));
        Assert.Equal([.. bytes[..12], .. bytes[16..]], skb.Data.ToArray());
        Assert.Equal(skb.DataOffset, skb.MacHeader);
        skb.Free(SkbDropReason.CONSUMED);
        fixture.CheckConservation();
    }

    [Fact]
    public void Features_that_are_off_leave_the_packet_as_it_came()
    {
        var fixture = new NicFixture(channels: 1);
        foreach (var feature in new[] { "rx", "rxhash", "rxvlan" }) Assert.True(fixture.Ethtool.SetFeature(feature, false, KernelTime.Zero).Ok);
        var bytes = Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2, vlan: 5);
        fixture.Source.Add(bytes.At(1));
        Assert.True(fixture.Nic.TryPoll(0, Us(1), out var skb));
        Assert.Equal((0u, null, ChecksumState.None), (skb.Hash, skb.VlanTci, skb.IpSummed));
        Assert.Equal(bytes, skb.Data.ToArray());
    }

    [Theory]
    [InlineData(17, 26)]
    [InlineData(17, 50)]
    [InlineData(6, 26)]
    [InlineData(6, 50)]
    [InlineData(6, 1100)]
    public void A_wrong_checksum_is_counted_and_left_to_the_stack(int protocol, int brokenByte)
    {
        var fixture = new NicFixture(channels: 1);
        var bytes = protocol == 6 ? Frames.Tcp("10.0.0.1", 1, "10.0.0.2", 2, 1201) : Frames.Udp("10.0.0.1", 1, "10.0.0.2", 2, 1201);
        fixture.Source.Add(bytes.ToArray().At(1));
        bytes[brokenByte] ^= 0x40;
        fixture.Source.Add(bytes.At(2));
        Assert.True(fixture.Nic.TryPoll(0, Us(1), out var good));
        Assert.True(fixture.Nic.TryPoll(0, Us(1), out var bad));
        Assert.Equal((ChecksumState.Unnecessary, ChecksumState.None), (good.IpSummed, bad.IpSummed));
        Assert.Equal(1, fixture.Nic.Statistics.RxCsumOffloadErrors);
    }

    [Fact]
    public void A_bit_flipped_after_the_fcs_reaches_the_stack_and_leaves_the_senders_bytes_alone()
    {
        var fixture = new NicFixture(channels: 1);
        var bytes = Frames.Flow(0);
        var sent = bytes.ToArray();
        fixture.Source.Add(bytes.At(1) with { FlippedBit = (50 * 8) + 1 });
        Assert.True(fixture.Nic.TryPoll(0, Us(1), out var skb));
        Assert.Equal(sent, bytes);
        Assert.Equal(sent[50] ^ 0x80, skb.Data[50]);
        Assert.Equal(ChecksumState.None, skb.IpSummed);
    }

    [Fact]
    public void Unwanted_frames_end_with_their_reason_and_counter()
    {
        var fixture = new NicFixture(channels: 2);
        Assert.True(fixture.Ethtool.SetFeature("ntuple", true, KernelTime.Zero).Ok);
        Assert.True(fixture.Ethtool.AddFlowRule("flow-type udp4 dst-port 7 action -1", KernelTime.Zero, out _).Ok);
        var foreign = Frames.Flow(0);
        foreign[5] = 9;
        fixture.Source.Add(Frames.Flow(0).At(1) with { BadFcs = true });
        fixture.Source.Add(new byte[13].At(2));
        fixture.Source.Add(new byte[1519].At(3));
        fixture.Source.Add(foreign.At(4));
        fixture.Source.Add(Frames.Udp("10.0.0.1", 1, "10.0.0.2", 7).At(5));
        fixture.Source.Add(Frames.Flow(0).At(6));
        fixture.Nic.AdvanceTo(Us(1));
        Assert.Equal(
            [SkbDropReason.HW_CRC, SkbDropReason.HW_LENGTH, SkbDropReason.HW_LENGTH, SkbDropReason.HW_MAC_FILTER, SkbDropReason.HW_FLOW_RULE],
            fixture.Drops.Select(drop => drop.Reason));
        var counters = fixture.Nic.Statistics.Entries().ToDictionary(entry => entry.Name, entry => entry.Value);
        Assert.Equal((1L, 2L, 1L), (counters["rx_crc_errors"], counters["rx_length_errors"], counters["rx_filtered"]));
        Assert.Equal((1L, 1L, 1L), (counters["fdir_match"], counters["fdir_miss"], counters["fdir_drop"]));
        fixture.CheckConservation();
    }

    [Fact]
    public void A_rule_overrides_rss_and_a_context_spreads_by_its_own_table()
    {
        var fixture = new NicFixture(channels: 8);
        fixture.Ethtool.SetFeature("ntuple", true, KernelTime.Zero);
        fixture.Ethtool.SetRxFlowHash("udp4", "sdfn", KernelTime.Zero);
        Assert.True(fixture.Ethtool.SetRxfh("context new equal 2 start 6", KernelTime.Zero, out var context).Ok);
        Assert.True(fixture.Ethtool.SetRxfh("equal 1 start 0", KernelTime.Zero, out _).Ok);
        Assert.True(fixture.Ethtool.AddFlowRule("flow-type udp4 src-port 1024 action 3 loc 1", KernelTime.Zero, out _).Ok);
        Assert.True(fixture.Ethtool.AddFlowRule($"flow-type udp4 dst-port 9000 context {context} loc 2", KernelTime.Zero, out _).Ok);
        fixture.Burst(20);
        fixture.Nic.AdvanceTo(Us(100));
        Assert.Equal(1, fixture.Nic.Queue(3).Count);
        Assert.Equal(19, fixture.Nic.Queue(6).Count + fixture.Nic.Queue(7).Count);
        Assert.True(fixture.Nic.Queue(6).Count > 0 && fixture.Nic.Queue(7).Count > 0);
    }

    [Fact]
    public void With_pause_on_frames_wait_on_the_chip_and_hold_up_all_queues()
    {
        var fixture = new NicFixture();
        fixture.Ethtool.SetPause(true, true, KernelTime.Zero);
        fixture.SteerToQueue2().Burst(63 + 5);
        fixture.Nic.AdvanceTo(Us(68));
        Assert.True(fixture.Ethtool.SetRxfh("equal 1 start 1", Us(68), out _).Ok);
        fixture.Source.Add(Frames.Flow(0).At(70_000)); // for queue 1, which is empty
        fixture.Nic.AdvanceTo(Us(70));
        Assert.Equal((6, 0), (fixture.Nic.FifoFrames, fixture.Nic.Queue(1).Count));
        Assert.Equal(6, fixture.Nic.Statistics.RxNoBufferCount);
        Assert.Empty(fixture.Drops);
        Assert.Equal(68, fixture.PollAll(2, Us(80)));
        Assert.True(fixture.Nic.TryPoll(1, Us(80), out var skb));
        Assert.Equal((Us(70), Us(80)), (skb.Arrival, skb.VisibleFrom));
        skb.Free(SkbDropReason.CONSUMED);
        fixture.CheckConservation();
    }

    [Fact]
    public void A_filling_chip_asks_for_a_pause_and_a_full_one_misses_frames()
    {
        var fixture = new NicFixture(model: NicModel.Generic with { RxRing = 64, FifoBytes = 64 * 100, Pause = true }).SteerToQueue2();
        fixture.Burst(63 + 74);
        fixture.Nic.AdvanceTo(Us(63 + 74));
        Assert.False(fixture.Nic.PauseRequested);
        fixture.Burst(30, 200_000);
        fixture.Nic.AdvanceTo(Us(300));
        Assert.True(fixture.Nic.PauseRequested);
        Assert.Equal((1L, 4L), (fixture.Nic.Statistics.TxFlowControlXoff, fixture.Nic.Statistics.RxMissedErrors));
        fixture.PollAll(2, Us(400));
        Assert.False(fixture.Nic.PauseRequested);
        Assert.Equal(1, fixture.Nic.Statistics.TxFlowControlXon);
        fixture.CheckConservation();
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(2, false, true)]
    [InlineData(2, true, false)]
    public void Drop_enable_is_set_with_several_queues_and_no_pause(int channels, bool pause, bool expected)
    {
        var fixture = new NicFixture(channels);
        fixture.Ethtool.SetPause(pause, pause, KernelTime.Zero);
        Assert.Equal(expected, fixture.Nic.DropEnabled);
    }

    [Fact]
    public void A_spent_pool_shows_as_an_allocation_failure_and_a_smaller_ring()
    {
        var fixture = new NicFixture(poolLimit: 3).SteerToQueue2().Burst(5);
        fixture.Nic.AdvanceTo(Us(5));
        Assert.Equal((2L, 2L), (fixture.Nic.Statistics.AllocRxBuffFailed, fixture.Nic.Statistics.RxNoDmaResources));
        Assert.Equal(63 - 5, fixture.Nic.Queue(2).Ring.Posted);
        fixture.CheckConservation();
    }

    [Fact]
    public void A_jumbo_frame_takes_several_descriptors()
    {
        var fixture = new NicFixture(model: NicModel.Generic with { RxRing = 64, RxBufferBytes = 1024 }).SteerToQueue2();
        fixture.Ethtool.SetMtu(3000, KernelTime.Zero);
        fixture.Burst(30, payload: 2900);
        fixture.Nic.AdvanceTo(Us(30));
        Assert.Equal((21, 0), (fixture.Nic.Queue(2).Count, fixture.Nic.Queue(2).Ring.Posted));
        Assert.Equal(21, fixture.PollAll(2, Us(30)));
        Assert.Equal(0, fixture.Nic.Queue(2).Ring.Done);
    }

    [Fact]
    public void Frames_of_one_time_keep_the_order_of_the_wire()
    {
        var fixture = new NicFixture(channels: 1);
        for (var i = 0; i < 10; i++) fixture.Source.Add(Frames.Flow(i).At(5) with { Id = i });
        for (var i = 0; i < 10; i++)
        {
            Assert.True(fixture.Nic.TryPoll(0, KernelTime.FromNanoseconds(5), out var skb));
            Assert.Equal(i, skb.Id);
        }
    }

    [Fact]
    public void The_owner_of_the_bytes_is_freed_once_whatever_becomes_of_the_frame()
    {
        var senders = new SkbPool(2048, 1000);
        var fixture = new NicFixture().SteerToQueue2();
        for (var i = 0; i < 100; i++)
        {
            var owner = senders.Rent()!;
            var bytes = Frames.Flow(i);
            bytes.CopyTo(owner.Put(bytes.Length));
            fixture.Source.Add(new WireFrame(owner.Shared.Head, 0, bytes.Length, Us(i), owner));
        }

        fixture.Nic.NextInterrupt(KernelTime.Zero);
        fixture.Nic.AdvanceTo(Us(100));
        Assert.Equal(0, senders.Outstanding);
        fixture.CheckConservation();
    }

    [Fact]
    public void Nothing_is_lost_without_a_counter_whatever_happens()
    {
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 40]).Array[1, 60].Sample(steps =>
        {
            var fixture = new NicFixture(poolLimit: 150);
            long now = 0, next = 0;
            foreach (var (step, amount) in steps)
            {
                var time = KernelTime.FromNanoseconds(now += amount * 100);
                switch (step)
                {
                    case 0 or 1 or 2:
                        for (var i = 0; i < amount; i++)
                            fixture.Source.Add(Frames.Tcp("10.0.0.1", (ushort)(i * 7), "10.0.0.2", 2).At(next = Math.Max(next, now) + 50) with { BadFcs = i % 9 == 8 });
                        break;
                    case 3 or 4: fixture.PollAll(amount % fixture.Nic.Channels, time); break;
                    case 5: fixture.Nic.NextInterrupt(time); break;
                    case 6: fixture.Ethtool.SetChannels((amount % 6) + 1, time); break;
                    case 7: fixture.Ethtool.SetPause(true, amount % 2 == 0, time); break;
                    case 8: fixture.Ethtool.SetRing(64 + amount, null, time); break;
                    default: fixture.Nic.TryRaise(amount % fixture.Nic.Channels, time); break;
                }
            }

            fixture.Nic.AdvanceTo(KernelTime.FromNanoseconds(Math.Max(now, next)));
            var statistics = fixture.Nic.Statistics;
            Assert.Equal(statistics.Taken, statistics.RxPacketsNic + statistics.Dropped + fixture.Nic.FifoFrames + fixture.Nic.FramesInFlight);
            Assert.Equal(statistics.Dropped, fixture.Drops.Count);
            Assert.True(fixture.Source.NextArrival.IsNever);
        });
    }

    [Fact]
    public void Receiving_allocates_nothing()
    {
        var fixture = new NicFixture();
        var bytes = Frames.Flow(1);
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 500; i++) fixture.Source.Add(bytes.At((round * 1000) + i));
            var before = GC.GetAllocatedBytesForCurrentThread();
            fixture.Nic.NextInterrupt(KernelTime.FromNanoseconds(round * 1000));
            for (var i = 0; i < 500; i += 10)
            {
                for (var queue = 0; queue < 4; queue++) fixture.PollAll(queue, KernelTime.FromNanoseconds((round * 1000) + i));
            }

            fixture.Nic.AdvanceTo(KernelTime.FromNanoseconds((round * 1000) + 600));
            for (var queue = 0; queue < 4; queue++) fixture.PollAll(queue, KernelTime.FromNanoseconds((round * 1000) + 600));
            if (round == 3) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static KernelTime Us(long value) => KernelTime.FromMicroseconds(value);
}
