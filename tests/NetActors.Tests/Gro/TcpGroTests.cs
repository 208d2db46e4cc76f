using NetActors.Buffers;
using NetActors.Gro;
using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Tests.Gro;

/// <summary>Which TCP segments are merged, and what ends a train (specification sections 8.1 to 8.3).</summary>
public class TcpGroTests
{
    private static readonly GroFrame First = new() { Payload = 1000, Timestamp = 7 };
    private readonly GroBench _bench = new();

    public static TheoryData<string> Differences => [.. Differing.Keys];

    private static Dictionary<string, Func<GroFrame, GroFrame>> Differing { get; } = new()
    {
        ["acknowledgement"] = f => f with { Acknowledgment = 2 },
        ["window"] = f => f with { Window = 501 },
        ["timestamp"] = f => f with { Timestamp = 8 },
        ["no options"] = f => f with { Timestamp = null },
        ["ECE"] = f => f with { Flags = TcpFlags.Ack | TcpFlags.Ece },
        ["CWR"] = f => f with { Flags = TcpFlags.Ack | TcpFlags.Cwr },
        ["URG"] = f => f with { Flags = TcpFlags.Ack | TcpFlags.Urg },
        ["gap"] = f => f with { Sequence = f.Sequence + 1 },
        ["overlap"] = f => f with { Sequence = f.Sequence - 1 },
        ["longer"] = f => f with { Payload = 1001 },
        ["empty"] = f => f with { Payload = 0 },
        ["TTL"] = f => f with { Ttl = 63 },
        ["TOS"] = f => f with { Tos = 3 },
        ["DF"] = f => f with { DontFragment = false },
        ["identification"] = f => f with { Id = (ushort)(f.Id + 1) },
        ["padding"] = f => f with { Padding = 4 },
        ["checksum"] = f => f with { BadChecksum = true },
    };

    [Fact]
    public void Segments_of_a_train_become_one_packet_that_stands_for_them()
    {
        Assert.Equal(GroResult.Held, _bench.Receive(First));
        Assert.Equal(GroResult.Merged, _bench.Receive(First.Next()));
        Assert.Equal(GroResult.Merged, _bench.Receive(First.Next().Next()));
        Assert.Equal((1, 0, 2L), (_bench.Engine.Held, _bench.Engine.Up, _bench.Engine.Merged));

        var up = Assert.Single(_bench.End());
        var whole = First with { Payload = 3000 };
        var expected = whole.ToBytes();
        Assert.Equal((1000, 3, ChecksumState.Partial), (up.GsoSize, up.GsoSegs, up.Summed));
        Assert.Equal(expected[..50], up.Frame[..50]); // all headers up to TCP's checksum
        Assert.Equal(expected[52..], up.Frame[52..]);
        Assert.Equal(0, _bench.Pool.Outstanding);
    }

    [Theory]
    [MemberData(nameof(Differences))]
    public void A_segment_that_differs_completes_the_train_and_is_not_merged(string what)
    {
        _bench.Receive(First);
        var other = Differing[what](First.Next());
        Assert.NotEqual(GroResult.Merged, _bench.Receive(other));
        var up = _bench.TakeUp();
        if (what != "checksum") Assert.Equal(First.ToBytes(), up[0].Frame); // a bad one goes up before anybody looks at its flow
        up.AddRange(_bench.End());
        Assert.Equal(2, up.Count);
        Assert.All(up, u => Assert.Equal((0, 0), (u.GsoSize, u.GsoSegs)));
    }

    [Theory]
    [InlineData(TcpFlags.Psh)]
    [InlineData(TcpFlags.Fin)]
    public void Push_and_fin_are_merged_and_end_the_train(TcpFlags flag)
    {
        _bench.Receive(First);
        Assert.Equal(GroResult.Merged, _bench.Receive(First.Next() with { Flags = TcpFlags.Ack | flag }));
        var up = Assert.Single(_bench.TakeUp());
        Assert.Equal((2, (byte)(TcpFlags.Ack | flag)), (up.GsoSegs, up.Frame[47]));
    }

    [Fact]
    public void A_shorter_segment_is_merged_and_ends_the_train()
    {
        _bench.Receive(First);
        Assert.Equal(GroResult.Merged, _bench.Receive(First.Next() with { Payload = 10 }));
        Assert.Equal(1010, Assert.Single(_bench.TakeUp()).Frame.Length - 66);
    }

    [Theory]
    [InlineData(TcpFlags.Ack, 0)]
    [InlineData(TcpFlags.Ack | TcpFlags.Psh, 100)]
    [InlineData(TcpFlags.Syn, 0)]
    [InlineData(TcpFlags.Rst, 0)]
    [InlineData(TcpFlags.Ack | TcpFlags.Fin, 100)]
    [InlineData(TcpFlags.Ack | TcpFlags.Urg, 100)]
    public void What_ends_a_train_never_begins_one(TcpFlags flags, int payload)
    {
        Assert.Equal(GroResult.Normal, _bench.Receive(First with { Flags = flags, Payload = payload }));
        Assert.Equal(0, _bench.Engine.Held);
    }

    [Fact]
    public void The_identification_may_stand_still_from_the_second_packet_on_if_fragmenting_is_forbidden()
    {
        _bench.Receive(First);
        Assert.Equal(GroResult.Merged, _bench.Receive(First.Next() with { Id = 0 }));
        Assert.Equal(GroResult.Merged, _bench.Receive(First.Next().Next() with { Id = 0 }));
        Assert.NotEqual(GroResult.Merged, _bench.Receive(First.Next().Next().Next())); // 3
        _bench.End();
        _bench.Receive(First with { DontFragment = false });
        Assert.NotEqual(GroResult.Merged, _bench.Receive(First.Next() with { DontFragment = false, Id = 0 }));
    }

    [Fact]
    public void Version_3_10_wants_identifications_that_count_and_DF()
    {
        var old = new GroBench(KernelVersion.V310);
        old.Receive(First);
        Assert.Equal(GroResult.Merged, old.Receive(First.Next()));
        Assert.NotEqual(GroResult.Merged, old.Receive(First.Next().Next() with { Id = 1 }));
        old.End();
        Assert.Equal(GroResult.Normal, old.Receive(First with { DontFragment = false }));
    }

    [Theory]
    [InlineData(4, false)] // options
    [InlineData(0, true)] // a fragment
    public void Headers_with_options_and_fragments_pass_by_and_complete_nothing(int options, bool fragment)
    {
        _bench.Receive(First);
        Assert.Equal(GroResult.Normal, _bench.Receive(First.Next() with { IpOptions = options, MoreFragments = fragment }));
        Assert.Equal(1, _bench.Engine.Held);
    }

    [Fact]
    public void Nothing_is_merged_beyond_65535_bytes()
    {
        var frame = First with { Payload = 1448 };
        for (var i = 0; i < 60; i++, frame = frame.Next()) _bench.Receive(frame);
        var up = _bench.End();
        Assert.Equal([45, 15], up.Select(u => u.GsoSegs)); // 45 * 1448 + 52 = 65212; one more would be 66660
    }

    [Fact]
    public void A_merged_packet_is_charged_for_its_pages_and_every_eighteenth_sk_buff()
    {
        var frame = First;
        for (var i = 0; i < 20; i++, frame = frame.Next()) _bench.Receive(frame);
        var up = Assert.Single(_bench.End());
        var single = _bench.Pool.Rent()!;
        var (whole, page) = (single.TrueSize, single.TrueSize - SkBuff.StructBytes);
        single.Free(SkbDropReason.CONSUMED);
        Assert.Equal(whole + (17 * page) + whole + page, up.TrueSize); // the 19th is chained, with its head; the 20th is a page of it
    }

    [Fact]
    public void Flows_do_not_disturb_each_other()
    {
        var other = First with { SourcePort = 2000 };
        _bench.Receive(First);
        _bench.Receive(other);
        Assert.Equal(GroResult.Merged, _bench.Receive(First.Next()));
        Assert.Equal(GroResult.Merged, _bench.Receive(other.Next()));
        Assert.Equal([2, 2], _bench.End().Select(u => u.GsoSegs));
    }

    [Fact]
    public void A_ninth_flow_of_a_bucket_sends_the_oldest_up()
    {
        for (var i = 0; i < 8; i++) _bench.Receive(First with { SourcePort = (ushort)i });
        _bench.Hash = 1; // another bucket has room
        Assert.Equal(GroResult.Held, _bench.Receive(First with { SourcePort = 50 }));
        Assert.Empty(_bench.TakeUp());
        _bench.Hash = 8; // the first bucket again
        Assert.Equal(GroResult.Held, _bench.Receive(First with { SourcePort = 51 }));
        Assert.Equal((First with { SourcePort = 0 }).ToBytes(), Assert.Single(_bench.TakeUp()).Frame);
        Assert.Equal(9, _bench.Engine.Held);
    }

    [Fact]
    public void A_segment_whose_sender_reduced_its_window_may_begin_a_train_of_3_10_but_not_of_6_18()
    {
        var reduced = First with { Flags = TcpFlags.Ack | TcpFlags.Cwr };
        var old = new GroBench(KernelVersion.V310);
        old.Receive(reduced);
        Assert.Equal(GroResult.Merged, old.Receive(First.Next()));
        Assert.NotEqual(GroResult.Merged, old.Receive(reduced.Next().Next()));
        _bench.Receive(reduced);
        Assert.NotEqual(GroResult.Merged, _bench.Receive(First.Next()));
    }

    [Fact]
    public void Version_3_10_passes_the_ninth_flow_by()
    {
        var old = new GroBench(KernelVersion.V310);
        for (var i = 0; i < 8; i++) old.Receive(First with { SourcePort = (ushort)i });
        Assert.Equal(GroResult.Normal, old.Receive(First with { SourcePort = 9 }));
        Assert.Equal((8, 1), (old.Engine.Held, old.Engine.Up));
    }

    [Fact]
    public void Another_hash_or_device_is_another_flow()
    {
        _bench.Receive(First);
        _bench.Hash = 8;
        Assert.Equal(GroResult.Held, _bench.Receive(First.Next()));
        Assert.Equal(GroResult.Held, _bench.Receive(First.Next().Next().ToBytes(), ifIndex: 2));
    }

    [Fact]
    public void Off_means_that_every_packet_goes_up_alone()
    {
        _bench.IsOn = false;
        Assert.Equal(GroResult.Normal, _bench.Receive(First));
        Assert.Equal(GroResult.Normal, _bench.Receive(First.Next()));
        Assert.Equal(2, _bench.TakeUp().Count);
    }

    [Fact]
    public void At_the_weight_what_is_of_this_jiffy_stays_when_jiffies_are_short()
    {
        foreach (var (hz, stays) in new[] { (1000, true), (250, false), (0, true) })
        {
            var bench = new GroBench(hz: hz) { Now = KernelTime.FromMilliseconds(8) };
            bench.Receive(First);
            bench.Engine.FlushAtWeight(bench.Now + KernelTime.FromMicroseconds(900));
            Assert.Equal(stays ? 1 : 0, bench.Engine.Held);
            bench.Engine.FlushAtWeight(bench.Now + KernelTime.FromMicroseconds(1000));
            Assert.Equal(0, bench.Engine.Held);
        }
    }

    [Fact]
    public void A_batch_counts_the_segments_that_packets_stand_for()
    {
        for (var i = 0; i < 7; i++) _bench.Receive(First with { Payload = 0, SourcePort = (ushort)i });
        Assert.False(_bench.Engine.IsUpDue(8));
        _bench.Receive(First);
        Assert.False(_bench.Engine.IsUpDue(8));
        _bench.Receive(First.Next() with { Flags = TcpFlags.Ack | TcpFlags.Psh });
        Assert.True(_bench.Engine.IsUpDue(8));
        Assert.Equal(8, _bench.TakeUp().Count);
        Assert.False(_bench.Engine.IsUpDue(8));
        var old = new GroBench(KernelVersion.V310);
        old.Receive(First with { Payload = 0 });
        Assert.True(old.Engine.IsUpDue(8));
    }
}
