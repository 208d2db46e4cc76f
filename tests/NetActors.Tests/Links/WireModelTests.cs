using CsCheck;
using NetActors.Buffers;
using NetActors.Links;
using NetActors.Tests.Nic;
using NetActors.Time;

namespace NetActors.Tests.Links;

public sealed class WireModelTests : IDropObserver
{
    private readonly List<SkbDropReason> _drops = [];
    private static readonly byte[] Minimal = new byte[60];

    void IDropObserver.OnDrop(SkbDropReason reason, in WireFrame frame, KernelTime at) => _drops.Add(reason);

    [Fact]
    public void Minimal_frames_at_10_gigabit_take_67_2_nanoseconds_each()
    {
        var wire = Wire(new WireSettings { PropagationDelay = Ns(500), QueueFrames = 2000 });
        for (var i = 0; i < 1000; i++) Assert.True(wire.TrySend(Minimal.At(0), Ns(0)));
        Assert.Equal(Ns(567), wire.NextArrival);
        var last = Drain(wire)[^1];
        Assert.Equal(Ns(67_200 + 500), last.Arrival);
    }

    [Theory]
    [InlineData(10, 84)]
    [InlineData(60, 84)]
    [InlineData(1514, 1538)]
    public void A_frame_takes_24_bytes_more_than_its_own_and_at_least_84(int length, int onWire) =>
        Assert.Equal(onWire, new byte[length].At(0).BytesOnWire);

    [Fact]
    public void Infinite_rate_takes_no_link_time()
    {
        var wire = Wire(new WireSettings { BitsPerSecond = 0, PropagationDelay = Ns(10), QueueFrames = 1 });
        for (var i = 0; i < 5; i++) Assert.True(wire.TrySend(Minimal.At(0), Ns(3)));
        Assert.All(Drain(wire), frame => Assert.Equal(Ns(13), frame.Arrival));
    }

    [Fact]
    public void The_senders_queue_is_bounded_and_a_refused_frame_stays_its_owners()
    {
        var wire = Wire(new WireSettings { QueueFrames = 2 });
        Assert.True(wire.TrySend(Minimal.At(0), Ns(0))); // begins at once
        Assert.True(wire.TrySend(Minimal.At(0), Ns(0)));
        Assert.True(wire.TrySend(Minimal.At(0), Ns(0)));
        Assert.False(wire.TrySend(Minimal.At(0), Ns(0)));
        Assert.True(wire.TrySend(Minimal.At(0), Ns(68)));
        wire.Send(Minimal.At(0), Ns(68));
        Assert.Equal([SkbDropReason.WIRE_QUEUE_FULL], _drops);
        Assert.Equal((4L, 2L), (wire.Counters.Sent, wire.Counters.Refused));
    }

    [Fact]
    public void Nothing_is_taken_before_it_arrives()
    {
        var wire = Wire(new WireSettings { PropagationDelay = Ns(500) });
        wire.TrySend(Minimal.At(0), Ns(0));
        Assert.False(wire.TryTake(Ns(566), out _));
        Assert.True(wire.TryTake(Ns(567), out _));
        Assert.True(wire.NextArrival.IsNever);
    }

    [Fact]
    public void A_pause_holds_what_has_not_begun_until_it_ends()
    {
        var wire = Wire(new WireSettings());
        for (var i = 0; i < 4; i++) wire.TrySend(Minimal.At(0), Ns(0));
        Assert.True(wire.TryTake(Ns(67), out _));
        wire.OnPause(Ns(70)); // the second has begun
        Assert.True(wire.TryTake(Ns(1_000_000), out _));
        Assert.False(wire.TryTake(Ns(1_000_000), out _));
        Assert.True(wire.NextArrival.IsNever);
        Assert.Equal(2, wire.WaitingFrames(Ns(1_000_000)));
        wire.OnResume(Ns(1_000_000));
        Assert.Equal([1_000_067L, 1_000_134], Drain(wire).Select(frame => frame.Arrival.Nanoseconds));
        Assert.Equal(1, wire.Counters.Paused);
    }

    [Fact]
    public void Loss_is_seeded_counted_and_reported()
    {
        long Lost(ulong seed)
        {
            var wire = new WireModel(new WireSettings { Loss = 0.1, QueueFrames = 20_000 }, new KernelRandom(seed), this);
            for (var i = 0; i < 10_000; i++) wire.TrySend(Minimal.At(0), Ns(i * 100));
            var delivered = Drain(wire).Count;
            Assert.Equal(10_000, delivered + wire.Counters.Lost);
            return wire.Counters.Lost;
        }

        Assert.Equal(Lost(1), Lost(1));
        Assert.InRange(Lost(2), 850, 1150);
        Assert.All(_drops, reason => Assert.Equal(SkbDropReason.WIRE_LOSS, reason));
    }

    [Fact]
    public void A_late_frame_is_overtaken_by_its_followers()
    {
        var wire = Wire(new WireSettings { Reordering = 1, ReorderGap = 3, ReorderDelay = KernelTime.FromMicroseconds(1) });
        for (var i = 1; i <= 6; i++) wire.TrySend(Minimal.At(0) with { Id = i }, Ns(0));
        Assert.Equal([1L, 2, 4, 5, 3, 6], Drain(wire).Select(frame => frame.Id));
        Assert.Equal(2, wire.Counters.Reordered);
    }

    [Fact]
    public void Corruption_spoils_the_check_sequence_unless_it_came_before_it()
    {
        foreach (var after in new[] { false, true })
        {
            var wire = Wire(new WireSettings { Corruption = 1, CorruptAfterFcs = after });
            wire.TrySend(Minimal.At(0), Ns(0));
            var frame = Assert.Single(Drain(wire));
            Assert.Equal(!after, frame.BadFcs);
            Assert.InRange(frame.FlippedBit, 1, 480);
        }
    }

    [Fact]
    public void A_duplicate_holds_the_owner_a_second_time()
    {
        var pool = new SkbPool(256, 4);
        var owner = pool.Rent()!;
        owner.Put(60);
        var wire = Wire(new WireSettings { Duplication = 1 });
        wire.TrySend(new WireFrame(owner.Shared.Head, 0, 60, Ns(0), owner), Ns(0));
        foreach (var frame in Drain(wire)) frame.Owner!.Free(SkbDropReason.CONSUMED);
        Assert.Equal((0L, 1L, 2L), (pool.Outstanding, wire.Counters.Duplicated, wire.Counters.Delivered));
    }

    [Fact]
    public void A_pulled_cable_ends_everything_under_way()
    {
        var wire = Wire(new WireSettings { Reordering = 0.5 });
        for (var i = 0; i < 50; i++) wire.TrySend(Minimal.At(0), Ns(0));
        wire.Cut(Ns(1000));
        Assert.Equal((0L, 50L), (wire.Counters.InFlight, wire.Counters.Lost));
        Assert.True(wire.NextArrival.IsNever);
        Assert.Equal(50, _drops.Count(reason => reason == SkbDropReason.HW_LINK_DOWN));
    }

    [Theory]
    [InlineData(-1, 0.0)]
    [InlineData(1000, 1.5)]
    [InlineData(1000, double.NaN)]
    public void Faulty_settings_are_refused(long rate, double loss) =>
        Assert.Throws<ArgumentException>(() => Wire(new WireSettings { BitsPerSecond = rate, Loss = loss }));

    [Fact]
    public void Frames_are_conserved_and_come_in_order_of_arrival()
    {
        Gen.Select(Gen.ULong, Gen.Int[0, 5].Array[1, 200]).Sample((seed, steps) =>
        {
            var settings = new WireSettings { Loss = 0.1, Duplication = 0.1, Reordering = 0.2, Corruption = 0.1, QueueFrames = 5, PropagationDelay = Ns(300) };
            var wire = new WireModel(settings, new KernelRandom(seed));
            long now = 0, taken = 0;
            var last = KernelTime.Zero;
            foreach (var step in steps)
            {
                now += 40;
                if (step <= 2) wire.TrySend(Minimal.At(0), Ns(now));
                else if (step == 3) wire.OnPause(Ns(now));
                else if (step == 4) wire.OnResume(Ns(now));
                while (step == 5 && wire.TryTake(Ns(now), out var frame))
                {
                    if (frame.Arrival < last || frame.Arrival > Ns(now)) return false;
                    (last, taken) = (frame.Arrival, taken + 1);
                }

                var counters = wire.Counters;
                if (counters.Sent + counters.Duplicated != counters.Delivered + counters.Lost + counters.InFlight || counters.Delivered != taken) return false;
            }

            wire.OnResume(Ns(now));
            while (wire.TryTake(Ns(long.MaxValue - 1), out _)) { }
            return wire.Counters.InFlight == 0;
        });
    }

    private static KernelTime Ns(long value) => KernelTime.FromNanoseconds(value);

    private static List<WireFrame> Drain(WireModel wire)
    {
        var frames = new List<WireFrame>();
        while (wire.TryTake(KernelTime.FromSeconds(1000), out var frame)) frames.Add(frame);
        return frames;
    }

    private WireModel Wire(WireSettings settings) => new(settings, new KernelRandom(1), this);
}
