using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Neighbours;
using NetActors.Time;
using static NetActors.Tests.Ip.TestNet;

namespace NetActors.Tests.Neighbours;

public class ArpTests
{
    private static readonly MacAddress PeerMac = MacAddress.Local(99);
    private static readonly MacAddress OtherMac = MacAddress.Local(98);
    private static readonly KernelTime Now = KernelTime.FromSeconds(100);
    private readonly SkbPool _pool = new(2048, 16);
    private readonly NeighbourTable _table = new(new NeighbourTableSettings(), 3);

    [Fact]
    public void A_question_for_us_is_answered_and_its_asker_remembered_as_stale()
    {
        var result = Receive(ArpPacket.Request, PeerMac, Peer, Me);
        Assert.True(result.SendReply);
        Assert.Equal((PeerMac, NudState.Stale), (result.Updated!.HardwareAddress, result.Updated.Nud.State));
        var reply = ArpOutput.Reply(result, Eth0, _pool)!;
        Assert.True(EthernetHeader.TryParse(reply.Data, out var ethernet));
        Assert.True(ArpPacket.TryParse(ethernet.Payload, out var arp));
        Assert.Equal((PeerMac, Eth0.HardwareAddress, EtherTypes.Arp), (ethernet.Destination, ethernet.Source, ethernet.EtherType));
        Assert.Equal((ArpPacket.Reply, Addr(Me), Addr(Peer)), (arp.Operation, arp.SenderAddress, arp.TargetAddress));
        Assert.Equal((Eth0.HardwareAddress, PeerMac), (arp.SenderMac, arp.TargetMac));
        reply.Free(SkbDropReason.CONSUMED);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void A_question_for_another_makes_no_entry() => Assert.Equal(default, Receive(ArpPacket.Request, PeerMac, Peer, "10.0.0.77"));

    [Fact]
    public void A_question_for_another_refreshes_a_known_asker()
    {
        Receive(ArpPacket.Request, PeerMac, Peer, Me);
        var later = Receive(ArpPacket.Request, OtherMac, Peer, "10.0.0.77", now: Now + KernelTime.FromSeconds(2));
        Assert.Equal(OtherMac, later.Updated!.HardwareAddress);
    }

    [Fact]
    public void An_answer_completes_the_resolution()
    {
        var n = _table.LookupOrCreate(2, Addr(Peer), Now)!;
        _table.Output(n, _pool.Rent()!, Now);
        var result = Receive(ArpPacket.Reply, PeerMac, Peer, Me);
        Assert.Equal((n, NudState.Reachable), (result.Updated, n.Nud.State));
        Assert.True(result.Effects.HasFlag(NudEffects.SendQueue));
        Assert.True(n.TryDequeue(out var skb));
        skb.Free(SkbDropReason.CONSUMED);
    }

    [Fact]
    public void An_unsolicited_answer_makes_no_entry_unless_accepted()
    {
        Assert.Null(Receive(ArpPacket.Reply, PeerMac, Peer, Me).Updated);
        Assert.Null(Receive(ArpPacket.Reply, PeerMac, "10.9.9.9", Me, d => d with { ArpAccept = 2 }).Updated);
        Assert.NotNull(Receive(ArpPacket.Reply, PeerMac, Peer, Me, d => d with { ArpAccept = 2 }).Updated);
        Assert.NotNull(Receive(ArpPacket.Reply, PeerMac, "10.9.9.9", Me, d => d with { ArpAccept = 1 }).Updated);
    }

    [Fact]
    public void A_broadcast_answer_proves_no_reachability()
    {
        _table.LookupOrCreate(2, Addr(Peer), Now);
        Assert.Equal(NudState.Stale, Receive(ArpPacket.Reply, PeerMac, Peer, Me, type: PacketType.Broadcast).Updated!.Nud.State);
    }

    [Fact]
    public void The_first_of_two_answers_wins_within_locktime_but_a_gratuitous_one_overrides()
    {
        _table.LookupOrCreate(2, Addr(Peer), Now);
        Receive(ArpPacket.Reply, PeerMac, Peer, Me);
        Assert.Equal(PeerMac, Receive(ArpPacket.Reply, OtherMac, Peer, Me).Updated!.HardwareAddress);
        Assert.Equal(OtherMac, Receive(ArpPacket.Request, OtherMac, Peer, Peer).Updated!.HardwareAddress);
    }

    [Fact]
    public void A_probe_for_our_address_is_answered_without_an_entry()
    {
        var result = Receive(ArpPacket.Request, PeerMac, "0.0.0.0", Me);
        Assert.True(result.SendReply);
        Assert.Null(result.Updated);
        Assert.Equal(0, _table.Count);
    }

    [Theory]
    [InlineData(0, "192.168.1.1", Peer, true)] // any local address
    [InlineData(1, "192.168.1.1", Peer, false)] // only this device's
    [InlineData(1, Me, Peer, true)]
    [InlineData(2, Me, "10.99.0.2", false)] // and only to its subnet
    [InlineData(2, Me, Peer, true)]
    [InlineData(8, Me, Peer, false)]
    public void Arp_ignore_says_who_is_answered(int ignore, string target, string sender, bool answered) =>
        Assert.Equal(answered, Receive(ArpPacket.Request, PeerMac, sender, target, d => d with { ArpIgnore = ignore }).SendReply);

    [Theory]
    [InlineData(ArpPacket.Request, Peer, "224.0.0.1")]
    [InlineData(ArpPacket.Request, Peer, "127.0.0.1")]
    [InlineData((ushort)3, Peer, Me)]
    [InlineData(ArpPacket.Request, "192.168.1.1", Me)] // our own address as asker is a martian
    public void Nonsense_is_used_up_in_silence(ushort operation, string sender, string target) =>
        Assert.False(Receive(operation, PeerMac, sender, target).SendReply);

    [Fact]
    public void What_is_for_another_host_is_ignored_and_what_is_short_is_broken()
    {
        Assert.False(Receive(ArpPacket.Request, PeerMac, Peer, Me, type: PacketType.OtherHost).SendReply);
        var skb = _pool.Rent()!;
        skb.Put(20);
        Assert.Equal(SkbDropReason.NOT_SPECIFIED, ArpInput.Receive(skb, Snapshot(), Eth0, _table, Now, out _));
        skb.Free(SkbDropReason.NOT_SPECIFIED);
    }

    [Fact]
    public void A_full_table_leaves_the_asker_without_answer()
    {
        var full = new NeighbourTable(new NeighbourTableSettings { GcThresh2 = 0, GcThresh3 = 0 }, 3);
        Assert.False(Receive(ArpPacket.Request, PeerMac, Peer, Me, table: full).SendReply);
        Assert.Equal(1, full.Stats.TableFulls);
    }

    [Fact]
    public void A_question_goes_to_everybody_until_the_address_is_known_then_to_the_neighbour()
    {
        var route = new Route(RouteType.Unicast, 2, Addr(Peer), Addr(Me), Addr(Peer), 1500, false);
        var n = ArpOutput.Resolve(_table, route, Eth0, Now)!;
        var waiting = _pool.Rent()!;
        waiting.Cb.SourceAddress = Addr(Me);
        _table.Output(n, waiting, Now);
        var question = ArpOutput.Solicit(n, Snapshot(), Eth0, _pool)!;
        Assert.True(EthernetHeader.TryParse(question.Data, out var ethernet));
        Assert.True(ArpPacket.TryParse(ethernet.Payload, out var arp));
        Assert.Equal((MacAddress.Broadcast, MacAddress.Zero), (ethernet.Destination, arp.TargetMac));
        Assert.Equal((Addr(Me), Addr(Peer)), (arp.SenderAddress, arp.TargetAddress));
        question.Free(SkbDropReason.CONSUMED);

        _table.Update(n, PeerMac, NudState.Probe, NudUpdateFlags.None, Now, out _);
        Assert.True(_table.TryTakeDue(Now, out _, out _));
        question = ArpOutput.Solicit(n, Snapshot(), Eth0, _pool)!;
        Assert.True(EthernetHeader.TryParse(question.Data, out ethernet));
        Assert.Equal(PeerMac, ethernet.Destination);
        question.Free(SkbDropReason.CONSUMED);
        _table.Remove(n);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void Groups_broadcasts_and_loopback_need_no_resolution()
    {
        var multicast = new Route(RouteType.Multicast, 2, Addr("224.1.2.3"), Addr(Me), Addr("224.1.2.3"), 1500, false);
        Assert.Equal("01:00:5e:01:02:03", ArpOutput.Resolve(_table, multicast, Eth0, Now)!.HardwareAddress.ToString());
        var broadcast = new Route(RouteType.Broadcast, 2, Addr("10.0.0.255"), Addr(Me), Addr("10.0.0.255"), 1500, true);
        var n = ArpOutput.Resolve(_table, broadcast, Eth0, Now)!;
        Assert.Equal((MacAddress.Broadcast, NudState.NoArp), (n.HardwareAddress, n.Nud.State));
        var local = new Route(RouteType.Local, 1, Addr(Me), Addr(Me), Addr(Me), 65536, true);
        Assert.Equal(NudState.NoArp, ArpOutput.Resolve(_table, local, Lo, Now)!.Nud.State);
        Assert.Equal(2, _table.GcEntries);
    }

    private ArpResult Receive(
        ushort operation, MacAddress senderMac, string sender, string target, Func<InetDevice, InetDevice>? eth0 = null,
        PacketType type = PacketType.Host, KernelTime? now = null, NeighbourTable? table = null)
    {
        var net = Snapshot(eth0);
        var skb = _pool.Rent()!;
        Assert.True(ArpPacket.TryCreate(skb.Put(46), out var arp)); // padded as on the wire
        (arp.Operation, arp.SenderMac, arp.SenderAddress, arp.TargetAddress) = (operation, senderMac, Addr(sender), Addr(target));
        arp.TargetMac = MacAddress.Zero;
        skb.PacketType = type;
        Assert.Equal(SkbDropReason.CONSUMED, ArpInput.Receive(skb, net, net.Device(2)!, table ?? _table, now ?? Now, out var result));
        skb.Free(SkbDropReason.CONSUMED);
        return result;
    }
}
