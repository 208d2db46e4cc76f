using CsCheck;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;
using static NetActors.Tests.Tcp.Hash.Tables;

namespace NetActors.Tests.Tcp.Hash;

/// <summary>net/ipv4/inet_timewait_sock.c and the reuse of <c>__inet_check_established</c>.</summary>
public class TimeWaitTableTests
{
    private readonly Tables _ = new();

    [Fact]
    public void An_entry_takes_the_place_of_its_socket_for_60_seconds()
    {
        var sk = _.Connected();
        var port = sk.LocalPort;
        var entry = _.TimeWait(sk, at: 5);
        var key = new TcpLookup(Peer, 80, A, port);
        Assert.Same(entry, _.It.Lookup(key));
        Assert.Equal((1, 1, false, false), (_.It.EstablishedCount, _.It.TimeWaits.Count, sk.IsBound, sk.IsEstablishedHashed));
        Assert.Equal(KernelTime.FromSeconds(65), _.It.TimeWaits.Deadline);
        Assert.False(_.It.TimeWaits.TryExpire(KernelTime.FromSeconds(64.999), out var none));
        Assert.Null(none);
        Assert.True(_.It.TimeWaits.TryExpire(KernelTime.FromSeconds(65), out var ended));
        Assert.Same(entry, ended);
        Assert.Null(_.It.Lookup(key));
        Assert.Equal((0, 0), (_.It.EstablishedCount, _.It.TimeWaits.Count));
        Assert.True(_.It.TimeWaits.Deadline.IsNever && entry.Deadline.IsNever);
        Assert.Equal((1L, 0L), (_.Mib[LinuxMib.TW], _.Mib[LinuxMib.TWKilled]));
    }

    /// <summary>__inet_twsk_schedule: what lasts 4 s or less counts as killed.</summary>
    [Theory]
    [InlineData(4, LinuxMib.TWKilled)]
    [InlineData(4.001, LinuxMib.TW)]
    public void A_short_one_counts_as_killed(double seconds, LinuxMib counter)
    {
        _.TimeWait(_.Connected(), seconds);
        Assert.Equal(1, _.Mib[counter]);
        Assert.Equal(1, _.Mib[LinuxMib.TW] + _.Mib[LinuxMib.TWKilled]);
    }

    /// <summary>tcp_max_tw_buckets: the connection just closes.</summary>
    [Fact]
    public void Beyond_tcp_max_tw_buckets_connections_close_at_once()
    {
        _.It.TimeWaits.MaxBuckets = 2;
        _.TimeWait(_.Connected());
        _.TimeWait(_.Connected());
        var third = _.Connected();
        Assert.Null(_.It.TimeWaits.Enter(third, new object(), TimeWaitTable.Length, _.Mib, KernelTime.Zero));
        Assert.Equal((1L, 2L), (_.Mib[LinuxMib.TCPTimeWaitOverflow], _.Mib[LinuxMib.TW]));
        Assert.Equal((2, false, false), (_.It.EstablishedCount, third.IsBound, third.IsEstablishedHashed));
        Assert.Equal(512, new Tables().It.TimeWaits.MaxBuckets); // half the slots, as tcp_sk_init has it
    }

    [Fact]
    public void A_segment_puts_the_end_off_and_a_kill_ends_it()
    {
        var entry = _.TimeWait(_.Connected());
        _.It.TimeWaits.Reschedule(entry, TimeWaitTable.Length, KernelTime.FromSeconds(30));
        Assert.Equal(KernelTime.FromSeconds(90), _.It.TimeWaits.Deadline);
        _.It.TimeWaits.Kill(entry);
        _.It.TimeWaits.Kill(entry);
        _.It.TimeWaits.Reschedule(entry, TimeWaitTable.Length, KernelTime.FromSeconds(40));
        Assert.Equal((0, 0, 1L), (_.It.EstablishedCount, _.It.TimeWaits.Count, _.Mib[LinuxMib.TW]));
    }

    /// <summary>tcp_tw_reuse: connect takes the place over and counts TWRecycled.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Connect_takes_an_entrys_place_when_the_hook_allows_it(bool allowed)
    {
        var tables = new Tables(ports: new InetPortSettings { Low = 40000, High = 40000 }) { Reuses = allowed };
        var entry = tables.TimeWait(tables.Connected());
        var sk = New();
        Assert.Equal(allowed ? Errno.None : Errno.EADDRNOTAVAIL, tables.Connect(sk));
        Assert.Equal((sk, entry, false), tables.Asked);
        Assert.Equal(allowed ? (1L, 0) : (0L, 1), (tables.Mib[LinuxMib.TWRecycled], tables.It.TimeWaits.Count));
        Assert.Equal(1, tables.It.EstablishedCount);
        Assert.Equal(allowed, sk.IsBound);
    }

    [Fact]
    public void The_hook_hears_that_the_port_was_bound()
    {
        _.Reuses = true;
        var first = _.Bound(A, 5000, reuse: true);
        _.Connect(first);
        _.TimeWait(first);
        _.It.PutPort(first);
        var second = _.Bound(A, 5000, reuse: true);
        Assert.Equal(Errno.None, _.Connect(second));
        Assert.True(_.Asked!.Value.PortWasBound);
        Assert.Same(second, _.Find(second));
    }

    /// <summary>Many entries with many ends leave in the order of their deadlines, ties in the order they came.</summary>
    [Fact]
    public void Entries_end_in_the_order_of_their_deadlines() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[0, 3]).Array[1, 80].Sample(
            steps =>
            {
                var tables = new Tables();
                var model = new List<(int End, int Order, TimeWaitSock Entry)>();
                for (var n = 0; n < steps.Length; n++)
                {
                    var (seconds, action) = steps[n];
                    if (action == 0 && model.Count > 0)
                    {
                        tables.It.TimeWaits.Kill(model[0].Entry);
                        model.RemoveAt(0);
                    }
                    else if (action == 1 && model.Count > 0)
                    {
                        var entry = model[^1].Entry;
                        tables.It.TimeWaits.Reschedule(entry, KernelTime.FromSeconds(seconds), KernelTime.Zero);
                        model[^1] = (seconds, n, entry);
                    }
                    else
                    {
                        model.Add((seconds, n, tables.TimeWait(tables.Connected((uint)n + 1), seconds)));
                    }
                }

                var expected = model.OrderBy(entry => (entry.End, entry.Order)).ToArray();
                foreach (var (end, _, entry) in expected)
                {
                    Assert.Equal(KernelTime.FromSeconds(end), tables.It.TimeWaits.Deadline);
                    Assert.True(tables.It.TimeWaits.TryExpire(KernelTime.FromSeconds(end), out var ended));
                    Assert.Same(entry, ended);
                }

                Assert.Equal((0, 0), (tables.It.TimeWaits.Count, tables.It.EstablishedCount));
            },
            iter: 300);
}
