using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Observe;
using NetActors.Time;
using static NetActors.Tests.Ip.TestNet;

namespace NetActors.Tests.Ip;

public sealed class IpReassemblyTests : IDisposable
{
    private static readonly KernelTime Now = KernelTime.FromSeconds(100);
    private readonly SkbPool _pool = new(2048, 64);
    private readonly SkbPool _large = new(70_000, 4);
    private readonly MibSet _mib = new();
    private readonly IpReassembly _reassembly;
    private SkBuff? _whole;

    public IpReassemblyTests() => _reassembly = new IpReassembly(new IpFragSettings(), _large);

    public void Dispose()
    {
        _whole?.Free(SkbDropReason.CONSUMED);
        _reassembly.Clear(SkbDropReason.HOST_SHUTDOWN);
        Assert.Equal((0L, 0L, 0, 0), (_pool.Outstanding, _large.Outstanding, _reassembly.Memory, _reassembly.InUse));
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 0)]
    [InlineData(1, 0, 2)]
    public void Fragments_join_in_any_order(params int[] order)
    {
        var original = Datagram(_large, Peer, 1, Me, 2, 4000);
        var expected = original.Data.ToArray();
        var fragments = new List<SkBuff>();
        var fragmenter = new IpFragmenter(original, 1500, 16, _pool, new MibSet());
        while (fragmenter.TryNext(out var fragment)) fragments.Add(fragment);
        original.Free(SkbDropReason.CONSUMED);
        foreach (var i in order) Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Receive(fragments[i]));
        Assert.Equal(expected, _whole!.Data.ToArray());
        Assert.Equal((4008, 3 * SkBuff.TrueSizeOf(1516)), (_whole.Cb.PayloadLength, _whole.TrueSize));
        Assert.Equal((3L, 1L, 0L), (_mib[IpMib.ReasmReqds], _mib[IpMib.ReasmOKs], _mib[IpMib.ReasmFails]));
        Assert.Equal(KernelTime.Never, _reassembly.Deadline);
    }

    [Fact]
    public void A_fragment_that_was_there_already_is_dropped_alone()
    {
        Receive(Piece(0, 16, more: true));
        Assert.Equal(SkbDropReason.DUP_FRAG, Receive(Piece(8, 8, more: true)));
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Receive(Piece(16, 5, more: false)));
        Assert.Equal(41, _whole!.Length);
    }

    [Fact]
    public void An_overlap_gives_the_datagram_up()
    {
        Receive(Piece(0, 16, more: true));
        Assert.Equal(SkbDropReason.NOT_SPECIFIED, Receive(Piece(8, 16, more: true)));
        Assert.Equal((1L, 1L, 0), (_mib[IpExtMib.ReasmOverlaps], _mib[IpMib.ReasmFails], _reassembly.InUse));
    }

    [Fact]
    public void Contradictions_about_the_end_give_the_datagram_up()
    {
        Receive(Piece(16, 8, more: false));
        Assert.Equal(SkbDropReason.NOT_SPECIFIED, Receive(Piece(24, 8, more: true)));
        Receive(Piece(16, 8, more: true));
        Assert.Equal(SkbDropReason.NOT_SPECIFIED, Receive(Piece(0, 8, more: false)));
        Assert.Equal((2L, 0), (_mib[IpMib.ReasmFails], _reassembly.InUse));
    }

    [Fact]
    public void A_datagram_above_65535_bytes_is_refused()
    {
        for (var offset = 0; offset < 65_528; offset += 1480) Receive(Piece(offset, Math.Min(1480, 65_528 - offset), more: true));
        Receive(Piece(65_528, 100, more: false));
        Assert.Null(_whole);
        Assert.Equal((1L, 0), (_mib[IpMib.ReasmFails], _reassembly.InUse));
    }

    [Fact]
    public void After_30_s_it_is_given_up_and_its_first_fragment_handed_out()
    {
        Receive(Piece(0, 16, more: true));
        Receive(Piece(8, 8, more: false, id: 8));
        Assert.Equal(Now + KernelTime.FromSeconds(30), _reassembly.Deadline);
        Assert.False(_reassembly.TryExpire(Now + KernelTime.FromSeconds(29), _mib, out _));
        Assert.True(_reassembly.TryExpire(_reassembly.Deadline, _mib, out var first));
        Assert.Equal(36, first!.From(first.NetworkHeader).Length);
        first.Free(SkbDropReason.FRAG_REASM_TIMEOUT);
        Assert.True(_reassembly.TryExpire(_reassembly.Deadline, _mib, out first));
        Assert.Null(first); // without the header there is nobody to tell
        Assert.Equal((2L, 2L), (_mib[IpMib.ReasmTimeout], _mib[IpMib.ReasmFails]));
    }

    [Fact]
    public void Above_the_bound_nothing_new_is_begun()
    {
        _reassembly.Settings = new IpFragSettings { HighThresh = 1 };
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Receive(Piece(0, 16, more: true)));
        Assert.Equal(SkbDropReason.NOMEM, Receive(Piece(0, 16, more: true, id: 8)));
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, Receive(Piece(16, 16, more: false)));
        Assert.Equal((1L, 1L), (_mib[IpMib.ReasmOKs], _mib[IpMib.ReasmFails]));
    }

    [Theory]
    [InlineData(2, 3, 3)]
    [InlineData(2, 1, 2)]
    [InlineData(0, 3, -1)]
    [InlineData(0, 2, -1)]
    [InlineData(0, 0, 0)]
    public void Congestion_seen_by_one_piece_holds_for_all(byte first, byte second, int joined)
    {
        Receive(Piece(0, 16, more: true, ecn: first));
        Receive(Piece(16, 16, more: false, ecn: second));
        Assert.Equal(joined, _whole is null ? -1 : _whole.Data[1] & 3);
    }

    private SkBuff Piece(int offset, int length, bool more, ushort id = 7, byte ecn = 0)
    {
        var skb = Packet(_pool, Peer, Me, payload: length);
        Assert.True(Ipv4Header.TryOverlay(skb.Data, out var ip));
        (ip.FragmentOffset, ip.MoreFragments, ip.Id, ip.Ecn) = (offset, more, id, ecn);
        ip.FillChecksum();
        return skb;
    }

    private SkbDropReason Receive(SkBuff skb)
    {
        Assert.Equal(SkbDropReason.NOT_DROPPED_YET, IpInput.ReceiveCore(skb, new MibSet()));
        var reason = _reassembly.Receive(skb, _mib, Now, out var whole);
        if (reason != SkbDropReason.NOT_DROPPED_YET) skb.Free(reason);
        _whole = whole ?? _whole;
        return reason;
    }
}
