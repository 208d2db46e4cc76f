using CsCheck;
using NetActors.Sockets;
using NetActors.Udp;

namespace NetActors.Tests.Udp;

public class UdpHashTableTests
{
    private const uint A = 0x0A00_0001, B = 0x0A00_0002, Peer = 0x0A00_0009;
    private readonly UdpHashTable _table = new(7);

    [Fact]
    public void An_exact_address_beats_any()
    {
        var any = Bound(0, 53, reuse: true);
        var exact = Bound(A, 53, reuse: true);
        Assert.Same(exact, Find(A, 53));
        Assert.Same(any, Find(B, 53));
        Assert.Null(Find(A, 54));
    }

    [Fact]
    public void A_connected_socket_takes_only_its_peer_and_beats_others()
    {
        var listener = Bound(A, 53, reuse: true);
        var connected = Bound(A, 53, reuse: true);
        Assert.Equal(Errno.None, _table.Connect(connected, A, Peer, 1000));
        Assert.Same(connected, Find(A, 53, Peer, 1000));
        Assert.Same(listener, Find(A, 53, Peer, 1001));
        Assert.Same(listener, Find(A, 53, B, 1000));
    }

    [Fact]
    public void Connecting_a_wildcard_socket_takes_the_route_s_source_and_disconnecting_gives_it_back()
    {
        var socket = Bound(0, 53);
        _table.Connect(socket, A, Peer, 9);
        Assert.Equal(A, socket.LocalAddress);
        Assert.Null(Find(B, 53, Peer, 9));
        _table.Disconnect(socket, addressLocked: false, portLocked: true);
        Assert.Same(socket, Find(B, 53));
        _table.Disconnect(socket, addressLocked: false, portLocked: false);
        Assert.False(socket.IsBound);
        Assert.Equal(Errno.EINVAL, _table.Connect(socket, A, Peer, 9));
    }

    [Fact]
    public void A_device_must_match_and_counts()
    {
        var plain = Bound(A, 53, reuse: true);
        var onEth = New(reuse: true, device: 2);
        Assert.Equal(Errno.None, _table.Bind(onEth, A, 53));
        Bound(A, 53, reuse: true); // younger, but scores less than the device
        Assert.Same(onEth, Find(A, 53, device: 2));
        Assert.NotSame(onEth, Find(A, 53, device: 3));
        Assert.NotNull(plain);
    }

    [Fact]
    public void Among_equals_the_youngest_wins_but_SO_INCOMING_CPU_counts_one()
    {
        var old = Bound(A, 53, reuse: true);
        var young = Bound(A, 53, reuse: true);
        Assert.Same(young, Find(A, 53, cpu: 3));
        old.IncomingCpu = 3;
        Assert.Same(old, Find(A, 53, cpu: 3));
        Assert.Same(young, Find(A, 53, cpu: 4));
    }

    [Theory]
    [InlineData(A, A, false, false, false, Errno.EADDRINUSE)]
    [InlineData(A, B, false, false, false, Errno.None)]
    [InlineData(A, 0u, false, false, false, Errno.EADDRINUSE)] // any conflicts with each
    [InlineData(0u, B, false, false, false, Errno.EADDRINUSE)]
    [InlineData(A, A, true, false, false, Errno.None)]
    [InlineData(A, A, false, true, false, Errno.None)]
    [InlineData(A, A, false, true, true, Errno.EADDRINUSE)] // another user's
    [InlineData(0u, A, false, true, false, Errno.None)]
    public void Bind_conflicts(uint first, uint second, bool reuseAddress, bool reusePort, bool otherUser, Errno error)
    {
        Assert.Equal(Errno.None, _table.Bind(New(reuseAddress, reusePort), first, 53));
        Assert.Equal(error, _table.Bind(New(reuseAddress, reusePort, uid: otherUser ? 1 : 0), second, 53));
    }

    [Fact]
    public void Both_must_ask_for_sharing_and_devices_keep_apart()
    {
        Bound(A, 53);
        Assert.Equal(Errno.EADDRINUSE, _table.Bind(New(reuse: true), A, 53));
        Assert.Equal(Errno.EADDRINUSE, _table.Bind(New(reusePort: true), A, 53));
        Assert.Equal(Errno.None, _table.Bind(New(device: 1), B, 53));
        Assert.Equal(Errno.None, _table.Bind(New(device: 2), B, 53));
        Assert.Equal(Errno.EADDRINUSE, _table.Bind(New(), B, 53));
        var bound = Bound(A, 54);
        Assert.Equal(Errno.EINVAL, _table.Bind(bound, A, 55));
        Assert.Equal(Errno.EINVAL, _table.Bind(New(), A, 0));
    }

    [Fact]
    public void A_group_spreads_flows_evenly_and_keeps_each_on_one_member()
    {
        var members = Enumerable.Range(0, 4).Select(_ => Bound(A, 53, reusePort: true)).ToArray();
        Assert.Equal(4, members[0].Group!.Count);
        var counts = new int[4];
        for (ushort port = 1; port <= 4000; port++)
        {
            var found = Find(A, 53, Peer, port)!;
            Assert.Same(found, Find(A, 53, Peer, port, cpu: 5));
            counts[Array.IndexOf(members, found)]++;
        }

        Assert.All(counts, c => Assert.InRange(c, 850, 1150));
    }

    [Fact]
    public void Leaving_a_group_moves_the_last_member_into_the_gap()
    {
        var members = Enumerable.Range(0, 4).Select(_ => Bound(A, 53, reusePort: true)).ToArray();
        var group = members[0].Group!;
        _table.Unbind(members[1]);
        Assert.Equal([members[0], members[3], members[2]], group.Members.ToArray());
        Assert.Null(members[1].Group);
        foreach (var i in new[] { 0, 2, 3 }) _table.Unbind(members[i]);
        Assert.Equal((0, 0), (group.Count, _table.Count));
    }

    /// <summary>Specification section 11.1: i = (phash * n) >> 32, so that half of the flows move when a fifth member comes.</summary>
    [Fact]
    public void A_new_member_changes_where_most_flows_go()
    {
        for (var i = 0; i < 4; i++) Bound(A, 53, reusePort: true);
        var before = Enumerable.Range(1, 4000).Select(p => Find(A, 53, Peer, (ushort)p)).ToList();
        Bound(A, 53, reusePort: true);
        var moved = Enumerable.Range(1, 4000).Count(p => Find(A, 53, Peer, (ushort)p) != before[p - 1]);
        Assert.InRange(moved, 1850, 2150);
    }

    [Fact]
    public void Members_that_want_the_CPU_are_chosen_circularly_else_the_hashed_one()
    {
        var members = Enumerable.Range(0, 4).Select(i => Bound(A, 53, reusePort: true)).ToArray();
        for (var i = 0; i < 4; i++) members[i].IncomingCpu = i % 2;
        for (ushort port = 1; port < 200; port++)
        {
            Assert.Equal(0, Find(A, 53, Peer, port, cpu: 0)!.IncomingCpu);
            Assert.NotNull(Find(A, 53, Peer, port, cpu: 9));
        }

        var distinct = Enumerable.Range(1, 200).Select(p => Find(A, 53, Peer, (ushort)p, cpu: 0)).Distinct().Count();
        Assert.Equal(2, distinct);
    }

    [Fact]
    public void Connected_members_are_skipped_by_the_hash_but_found_by_their_peer()
    {
        var members = Enumerable.Range(0, 3).Select(_ => Bound(A, 53, reusePort: true)).ToArray();
        _table.Connect(members[1], A, Peer, 1000);
        Assert.Same(members[1], Find(A, 53, Peer, 1000));
        for (ushort port = 1; port < 200; port++) Assert.NotSame(members[1], Find(A, 53, B, port));
    }

    [Fact]
    public void Linux_3_10_picks_by_a_stepped_hash_and_has_no_groups()
    {
        var old = new UdpHashTable(7, version: KernelVersion.V310);
        var members = Enumerable.Range(0, 2).Select(_ => New(reusePort: true)).ToArray();
        foreach (var member in members) old.Bind(member, A, 53);
        Assert.Null(members[0].Group);
        var found = Enumerable.Range(1, 2000).Select(p => old.Lookup(new UdpLookup(Peer, (ushort)p, A, 53, 2, 0))).ToArray();
        Assert.All(members, m => Assert.InRange(found.Count(f => f == m), 1, 2000));
    }

    [Fact]
    public void Every_socket_of_the_port_gets_a_group_s_datagram()
    {
        var first = Bound(0, 53, reuse: true);
        var second = Bound(0, 53, reuse: true);
        var bound = Bound(A, 53, reuse: true);
        var connected = Bound(0, 53, reuse: true);
        _table.Connect(connected, A, B, 1);
        var key = new UdpLookup(Peer, 9, 0xE000_0001, 53, 2, 0);
        var found = new List<UdpEndpoint>();
        for (var e = _table.NextGroupReceiver(key, null); e is not null; e = _table.NextGroupReceiver(key, e)) found.Add(e);
        Assert.Equal([second, first], found);
        Assert.NotNull(bound);
    }

    [Fact]
    public void Ephemeral_ports_come_from_the_range_until_it_is_spent()
    {
        for (var i = 0; i < 100; i++)
        {
            var socket = New();
            Assert.Equal(Errno.None, _table.BindEphemeral(socket, A, 40000, 40099, (uint)i * 0x9E3779B1));
            Assert.InRange(socket.LocalPort, 40000, 40099);
        }

        Assert.Equal(Errno.EADDRINUSE, _table.BindEphemeral(New(), A, 40000, 40099, 5));
        Assert.Equal(Errno.EAGAIN, _table.BindEphemeral(New(), A, 40000, 40099, 5, autobind: true));
        Assert.Equal(Errno.None, _table.BindEphemeral(New(), B, 40000, 40099, 5));
        Assert.Equal(101, _table.Count);
    }

    [Fact]
    public void The_same_random_bits_choose_the_same_port()
    {
        var (one, two) = (New(), New());
        _table.BindEphemeral(one, A, 32768, 60999, 123456);
        new UdpHashTable(99).BindEphemeral(two, A, 32768, 60999, 123456);
        Assert.Equal(one.LocalPort, two.LocalPort);
    }

    [Fact]
    public void Lookups_agree_with_a_naive_scorer()
    {
        var address = Of(0u, A, B);
        var socket = Gen.Select(address, Gen.UShort[50, 52], Gen.Int[0, 2], Of(0u, Peer, B), Gen.UShort[0, 2]);
        var key = Gen.Select(
            Of(Peer, B), Gen.UShort[1, 2], Of(A, B), Gen.UShort[50, 52], Gen.Int[1, 2],
            (src, sp, dst, dp, dev) => new UdpLookup(src, sp, dst, dp, dev, 0));
        Gen.Select(socket.Array[0, 12], key.Array[1, 8]).Sample((sockets, keys) =>
        {
            var table = new UdpHashTable(3);
            var all = new List<UdpEndpoint>();
            foreach (var (local, port, device, remote, remotePort) in sockets)
            {
                var endpoint = New(reuse: true, device: device);
                Assert.Equal(Errno.None, table.Bind(endpoint, local, port));
                if (remote != 0 && remotePort != 0) table.Connect(endpoint, A, remote, remotePort);
                all.Add(endpoint);
            }

            return keys.All(k => table.Lookup(k) is var found && Rank(found, k) == all.Select(e => Rank(e, k)).DefaultIfEmpty(-1).Max());
        });

        static Gen<uint> Of(params uint[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

        static int Rank(UdpEndpoint? e, UdpLookup k)
        {
            if (e is null || e.LocalPort != k.DestinationPort) return -1;
            if (e.LocalAddress != 0 && e.LocalAddress != k.Destination) return -1;
            if (e.RemoteAddress != 0 && (e.RemoteAddress, e.RemotePort) != (k.Source, k.SourcePort)) return -1;
            if (e.BoundDevice != 0 && e.BoundDevice != k.IfIndex) return -1;
            return (e.LocalAddress != 0 ? 100 : 0) + (e.RemoteAddress != 0 ? 8 : 0) + (e.BoundDevice != 0 ? 4 : 0) + 2;
        }
    }

    [Fact]
    public void Lookups_allocate_nothing()
    {
        for (var i = 0; i < 4; i++) Bound(A, 53, reusePort: true);
        var key = new UdpLookup(Peer, 1, A, 53, 2, 0);
        _table.Lookup(key);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _table.Lookup(key);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static UdpEndpoint New(bool reuse = false, bool reusePort = false, int device = 0, int uid = 0) =>
        new(new object()) { ReuseAddress = reuse, ReusePort = reusePort, BoundDevice = device, Uid = uid };

    private UdpEndpoint Bound(uint address, ushort port, bool reuse = false, bool reusePort = false)
    {
        var endpoint = New(reuse, reusePort);
        Assert.Equal(Errno.None, _table.Bind(endpoint, address, port));
        return endpoint;
    }

    private UdpEndpoint? Find(uint address, ushort port, uint source = Peer, ushort sourcePort = 9, int device = 2, int cpu = 0) =>
        _table.Lookup(new UdpLookup(source, sourcePort, address, port, device, cpu));
}
