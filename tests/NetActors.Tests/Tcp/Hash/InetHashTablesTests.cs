using CsCheck;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;
using static NetActors.Tests.Tcp.Hash.Tables;

namespace NetActors.Tests.Tcp.Hash;

/// <summary>Lookups: <c>__inet_lookup_established</c>, <c>__inet_lookup_listener</c>, <c>compute_score</c>.</summary>
public class InetHashTablesTests
{
    private readonly Tables _ = new();

    [Fact]
    public void A_connection_is_found_before_its_listener_and_only_by_all_four()
    {
        var listener = _.Listening(0, 80);
        var child = _.Child(listener, 1000);
        Assert.Same(child, _.It.Lookup(new TcpLookup(Peer, 1000, A, 80)));
        Assert.Same(listener, _.It.Lookup(new TcpLookup(Peer, 1001, A, 80)));
        Assert.Same(listener, _.It.Lookup(new TcpLookup(Peer, 1000, B, 80)));
        Assert.Same(listener, _.It.Lookup(new TcpLookup(B, 1000, A, 80)));
        Assert.Null(_.It.Lookup(new TcpLookup(Peer, 1000, A, 81)));
        Assert.Equal((A, Peer, (ushort)1000, (ushort)80), (child.LocalAddress, child.RemoteAddress, child.RemotePort, child.LocalPort));
    }

    /// <summary>inet_sk_bound_dev_eq.</summary>
    [Fact]
    public void A_connection_on_a_device_takes_its_segments_only()
    {
        var child = _.Child(_.Listening(A, 80, device: 3), 1000);
        Assert.Same(child, _.Find(child, device: 3));
        Assert.Null(_.Find(child, device: 2));
    }

    [Fact]
    public void A_listener_on_the_address_beats_any_even_on_a_device()
    {
        var any = _.Listening(0, 80, reusePort: true, device: 1);
        var exact = _.Listening(B, 80, reusePort: true);
        Assert.Same(exact, _.Listener(B, 80));
        Assert.Same(any, _.Listener(A, 80));
        Assert.Null(_.Listener(A, 80, device: 2));
    }

    /// <summary>compute_score: a device counts one, SO_INCOMING_CPU counts one, the youngest of equals wins.</summary>
    [Fact]
    public void Among_listeners_of_an_address_device_and_cpu_count_one_each()
    {
        var plain = _.Listening(A, 80, reusePort: true, uid: 0);
        var onDevice = _.Listening(A, 80, reusePort: true, device: 1);
        _.It.Unhash(plain); // out of the way, and last in again: it is the youngest now
        Assert.Equal(Errno.None, _.It.Listen(plain));
        Assert.Same(plain, _.Listener(A, 80, device: 2));
        Assert.Equal(3, InetHashTables.Score(onDevice, new TcpLookup(Peer, 1, A, 80, 1, 5), A));
        Assert.Equal(2, InetHashTables.Score(plain, new TcpLookup(Peer, 1, A, 80, 1, 5), A));
        plain.IncomingCpu = 5;
        Assert.Equal(3, InetHashTables.Score(plain, new TcpLookup(Peer, 1, A, 80, 1, 5), A));
        Assert.Equal(-1, InetHashTables.Score(onDevice, new TcpLookup(Peer, 1, A, 80, 2, 5), A));
        Assert.Equal(-1, InetHashTables.Score(plain, new TcpLookup(Peer, 1, A, 81, 1, 5), A));
    }

    /// <summary>Specification section 11.1: i = (phash * n) >> 32 over the members in the order of listening.</summary>
    [Fact]
    public void A_reuseport_group_spreads_flows_evenly_and_keeps_each_on_one_member()
    {
        var members = Enumerable.Range(0, 4).Select(_ => this._.Listening(A, 80, reusePort: true)).ToArray();
        Assert.Equal(4, members[0].Group!.Count);
        var counts = new int[4];
        for (ushort port = 1; port <= 4000; port++)
        {
            var found = _.Listener(A, 80, port)!;
            var hash = _.It.EstablishedHash(new TcpLookup(Peer, port, A, 80));
            Assert.Same(members[(int)((ulong)hash * 4 >> 32)], found);
            counts[Array.IndexOf(members, found)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    /// <summary>Live: members {0,1,0,1}, CPU 0: the two members that want it, balanced; none: the hashed one.</summary>
    [Fact]
    public void SO_INCOMING_CPU_picks_members_of_the_CPU_only()
    {
        var members = Enumerable.Range(0, 4).Select(_ => this._.Listening(A, 80, reusePort: true)).ToArray();
        for (var i = 0; i < 4; i++) members[i].IncomingCpu = i % 2;
        var found = Enumerable.Range(1, 2000).Select(port => _.Listener(A, 80, (ushort)port, cpu: 0)!).ToArray();
        Assert.All(found, sk => Assert.Equal(0, sk.IncomingCpu));
        Assert.InRange(found.Count(sk => sk == members[0]), 850, 1150);
        Assert.Equal(4, Enumerable.Range(1, 200).Select(port => _.Listener(A, 80, (ushort)port, cpu: 9)).Distinct().Count());
    }

    [Fact]
    public void A_member_that_stops_listening_leaves_its_place_to_the_last()
    {
        var members = Enumerable.Range(0, 4).Select(_ => this._.Listening(A, 80, reusePort: true)).ToArray();
        var group = members[0].Group!;
        _.It.Unhash(members[1]);
        Assert.Equal([members[0], members[3], members[2]], group.Members.ToArray());
        Assert.Equal((false, true, 3), (members[1].IsListening, members[1].IsBound, _.It.ListenerCount));
        Assert.Null(members[1].Group);
    }

    [Fact]
    public void Groups_are_of_one_address_device_and_user()
    {
        var first = _.Listening(A, 80, reusePort: true);
        Assert.NotSame(first.Group, _.Listening(B, 80, reusePort: true).Group);
        Assert.NotSame(first.Group, _.Listening(0, 80, reusePort: true).Group);
        Assert.NotSame(first.Group, _.Listening(A, 80, reusePort: true, device: 1).Group);
        Assert.Same(first.Group, _.Listening(A, 80, reusePort: true).Group);
        Assert.Null(_.Listening(A, 81).Group);
    }

    /// <summary>inet_ehash_nolisten with found_dup_sk.</summary>
    [Fact]
    public void A_second_child_of_the_same_flow_is_refused()
    {
        var listener = _.Listening(0, 80);
        _.Child(listener, 1000);
        var second = New();
        Assert.False(_.It.AddChild(listener, second, A, Peer, 1000));
        Assert.Equal((1, false, false), (_.It.EstablishedCount, second.IsBound, second.IsEstablishedHashed));
    }

    [Fact]
    public void A_child_takes_over_device_user_and_reuse()
    {
        var child = _.Child(_.Listening(A, 80, reuse: true, reusePort: true, device: 2, uid: 7), 1);
        Assert.Equal((true, true, 2, 7, true), (child.ReuseAddress, child.ReusePort, child.BoundDevice, child.Uid, child.IsBound));
        Assert.Null(child.Group);
    }

    [Fact]
    public void A_walk_meets_listeners_first_and_everything_once()
    {
        var listeners = new[] { _.Listening(0, 80), _.Listening(A, 22) };
        var children = Enumerable.Range(1, 20).Select(port => _.Child(listeners[0], (ushort)port)).ToArray();
        var timeWait = _.TimeWait(children[0]);
        var walked = _.It.Walk().ToArray();
        Assert.Equal(listeners.ToHashSet<SockCommon>(), walked[..2].ToHashSet());
        Assert.Equal(children[1..].Append<SockCommon>(timeWait).ToHashSet(), walked[2..].ToHashSet());
        Assert.Equal(22, walked.Length);
    }

    [Fact]
    public void Lookups_allocate_nothing()
    {
        var members = Enumerable.Range(0, 4).Select(_ => this._.Listening(A, 80, reusePort: true)).ToArray();
        _.Child(members[0], 1000);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (ushort port = 990; port < 1010; port++) _.It.Lookup(new TcpLookup(Peer, port, A, 80));
        }));
    }

    /// <summary>Kernel: hlist_nulls; entries leave and come back in another chain, and a lookup misses none that stays.</summary>
    [Fact]
    public void A_lookup_beside_changes_by_another_cpu_misses_nothing_that_stays()
    {
        var random = new KernelRandom(1);
        var tables = new InetHashTables(random, new SecureSequence(random), 2); // long chains
        var staying = Enumerable.Range(1, 8).Select(n => Entry(n)).ToArray();
        foreach (var sk in staying) Assert.True(tables.TryInsert(sk));
        var done = false;
        var writer = new Thread(() =>
        {
            var moving = Enumerable.Range(100, 64).Select(n => Entry(n)).ToArray();
            for (var n = 0; n < 300_000; n++)
            {
                var sk = moving[n & 63];
                tables.Remove(sk);
                sk.RemotePort = (ushort)(1000 + (n * 7 % 5000)); // another chain next time
                tables.TryInsert(sk);
            }

            Volatile.Write(ref done, true);
        });
        writer.Start();
        var missed = 0;
        while (!Volatile.Read(ref done))
        {
            foreach (var sk in staying)
            {
                var key = new TcpLookup(sk.RemoteAddress, sk.RemotePort, sk.LocalAddress, sk.LocalPort);
                if (tables.LookupEstablished(key) != sk) missed++;
            }
        }

        writer.Join();
        Assert.Equal(0, missed);
    }

    private static TcpEndpoint Entry(int port) =>
        new(new object()) { LocalAddress = A, LocalPort = 80, RemoteAddress = Peer, RemotePort = (ushort)port };

    private enum Step
    {
        Listen,
        Close,
        Child,
        End,
        TimeWait,
        Kill,
    }

    /// <summary>Random listens, children, closes and TIME_WAITs: every lookup answers as a list of all sockets would.</summary>
    [Fact]
    public void The_tables_answer_as_a_plain_list_does() =>
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 3], Gen.Int[0, 5]).Array[1, 120].Sample(RunAgainstModel, iter: 300);

    private static void RunAgainstModel((Step Step, int Address, int Number)[] steps)
    {
        var tables = new Tables();
        var (listeners, connections) = (new List<TcpEndpoint>(), new List<SockCommon>());
        foreach (var (step, at, number) in steps)
        {
            var address = at == 0 ? 0 : A + (uint)at;
            var listener = listeners.Find(sk => sk.LocalAddress == address);
            var local = A + (uint)Math.Max(at, 1);
            var known = connections.Find(sk => sk.LocalAddress == local && sk.RemotePort == number + 1);
            switch (step)
            {
                case Step.Listen when listener is null:
                    var sk = New(reusePort: true);
                    if (tables.It.Bind(sk, address, 80) == Errno.None && tables.It.Listen(sk) == Errno.None) listeners.Add(sk);
                    break;
                case Step.Close when listener is not null:
                    tables.It.Unhash(listener);
                    tables.It.PutPort(listener);
                    listeners.Remove(listener);
                    break;
                case Step.Child when listener is not null:
                    var child = New();
                    var added = tables.It.AddChild(listener, child, local, Peer, (ushort)(number + 1));
                    Assert.Equal(known is null, added);
                    if (added) connections.Add(child);
                    break;
                case Step.End when known is TcpEndpoint open:
                    tables.It.OnClosed(open);
                    connections.Remove(open);
                    break;
                case Step.TimeWait when known is TcpEndpoint open:
                    connections[connections.IndexOf(open)] = tables.TimeWait(open);
                    break;
                case Step.Kill when known is TimeWaitSock old:
                    tables.It.TimeWaits.Kill(old);
                    connections.Remove(old);
                    break;
            }

            Check(tables, listeners, connections);
        }
    }

    private static void Check(Tables tables, List<TcpEndpoint> listeners, List<SockCommon> connections)
    {
        Assert.Equal((listeners.Count, connections.Count), (tables.It.ListenerCount, tables.It.EstablishedCount));
        for (var local = A + 1; local <= A + 3; local++)
        {
            for (ushort remote = 1; remote <= 6; remote++)
            {
                var expected = connections.Find(sk => sk.LocalAddress == local && sk.RemotePort == remote)
                    ?? listeners.Find(sk => sk.LocalAddress == local) ?? listeners.Find(sk => sk.LocalAddress == 0);
                Assert.Same(expected, tables.It.Lookup(new TcpLookup(Peer, remote, local, 80)));
            }
        }
    }
}
