using CsCheck;
using NetActors.Sockets;
using NetActors.Tcp;
using static NetActors.Tests.Tcp.Hash.Tables;

namespace NetActors.Tests.Tcp.Hash;

/// <summary>Who may share a port: <c>inet_csk_bind_conflict</c>; socket(7) SO_REUSEADDR and SO_REUSEPORT.</summary>
public class InetHashTablesBindTests
{
    private readonly Tables _ = new();

    [Theory]
    [InlineData(A, A, Errno.EADDRINUSE)]
    [InlineData(A, B, Errno.None)]
    [InlineData(A, 0u, Errno.EADDRINUSE)] // any overlaps with each
    [InlineData(0u, B, Errno.EADDRINUSE)]
    [InlineData(0u, 0u, Errno.EADDRINUSE)]
    public void Without_options_overlapping_addresses_conflict(uint first, uint second, Errno error)
    {
        _.Bound(first, 80);
        Assert.Equal(error, _.It.Bind(New(), second, 80));
        Assert.Equal(Errno.None, _.It.Bind(New(), second, 81));
    }

    [Theory]
    [InlineData(true, true, false, Errno.None)]
    [InlineData(true, false, false, Errno.EADDRINUSE)] // both must ask for it
    [InlineData(false, true, false, Errno.EADDRINUSE)]
    [InlineData(true, true, true, Errno.EADDRINUSE)] // not beside a listener
    public void SO_REUSEADDR_shares_a_port_while_nobody_listens(bool first, bool second, bool listens, Errno error)
    {
        var sk = _.Bound(A, 80, reuse: first);
        if (listens) _.It.Listen(sk);
        Assert.Equal(error, _.It.Bind(New(reuse: second), A, 80));
    }

    /// <summary>inet_csk_listen_start asks get_port again: the second to listen fails, and keeps its port.</summary>
    [Fact]
    public void Of_two_that_share_by_SO_REUSEADDR_only_one_may_listen()
    {
        var first = _.Bound(A, 80, reuse: true);
        var second = _.Bound(A, 80, reuse: true);
        Assert.Equal(Errno.None, _.It.Listen(first));
        Assert.Equal(Errno.EADDRINUSE, _.It.Listen(second));
        Assert.Equal((false, true), (second.IsListening, second.IsBound));
        _.It.Unhash(first);
        Assert.Equal(Errno.None, _.It.Listen(second));
    }

    [Theory]
    [InlineData(true, true, 0, Errno.None)]
    [InlineData(true, false, 0, Errno.EADDRINUSE)]
    [InlineData(false, true, 0, Errno.EADDRINUSE)]
    [InlineData(true, true, 1, Errno.EADDRINUSE)] // another user's
    public void SO_REUSEPORT_shares_a_port_of_one_user_even_with_listeners(bool first, bool second, int uid, Errno error)
    {
        _.Listening(A, 80, reusePort: first);
        Assert.Equal(error, _.It.Bind(New(reusePort: second, uid: uid), 0, 80));
    }

    [Fact]
    public void Devices_keep_apart_but_no_device_overlaps_with_each()
    {
        _.Bound(A, 80, device: 1);
        Assert.Equal(Errno.None, _.It.Bind(New(device: 2), A, 80));
        Assert.Equal(Errno.EADDRINUSE, _.It.Bind(New(), A, 80));
        Assert.Equal(Errno.EADDRINUSE, _.It.Bind(New(device: 1), A, 80));
    }

    /// <summary>The reason for SO_REUSEADDR in every server: TIME_WAIT and children hold the port after the listener is gone.</summary>
    [Theory]
    [InlineData(false, Errno.EADDRINUSE)]
    [InlineData(true, Errno.None)]
    public void A_restarted_server_needs_SO_REUSEADDR_beside_TIME_WAIT_and_children(bool reuse, Errno error)
    {
        var listener = _.Listening(0, 80, reuse);
        _.TimeWait(_.Child(listener, 1));
        _.Child(listener, 2);
        _.It.Unhash(listener);
        _.It.PutPort(listener);
        Assert.Equal(error, _.It.Bind(New(reuse), 0, 80));
    }

    /// <summary>The user of a TIME_WAIT entry is not looked at.</summary>
    [Fact]
    public void SO_REUSEPORT_shares_with_TIME_WAIT_of_any_user()
    {
        var listener = _.Listening(0, 80, reusePort: true, uid: 1);
        var child = _.Child(listener, 1);
        _.It.Unhash(listener);
        _.It.PutPort(listener);
        Assert.Equal(Errno.EADDRINUSE, _.It.Bind(New(reusePort: true, uid: 2), 0, 80));
        _.TimeWait(child);
        Assert.Equal(Errno.None, _.It.Bind(New(reusePort: true, uid: 2), 0, 80));
    }

    [Fact]
    public void A_port_is_free_again_when_its_last_owner_leaves()
    {
        var listener = _.Listening(0, 80);
        var timeWait = _.TimeWait(_.Child(listener, 1));
        _.It.Unhash(listener);
        _.It.PutPort(listener);
        Assert.Equal(Errno.EADDRINUSE, _.It.Bind(New(), A, 80));
        _.It.TimeWaits.Kill(timeWait);
        Assert.Equal(Errno.None, _.It.Bind(New(), A, 80));
    }

    [Fact]
    public void A_bound_socket_is_not_bound_again_and_a_failure_leaves_no_trace()
    {
        var sk = _.Bound(A, 80);
        Assert.Equal(Errno.EINVAL, _.It.Bind(sk, A, 81));
        Assert.Equal(Errno.EINVAL, _.It.Bind(New(), A, 0));
        Assert.Equal(Errno.EINVAL, _.It.BindEphemeral(sk, A));
        var loser = New();
        Assert.Equal(Errno.EADDRINUSE, _.It.Bind(loser, A, 80));
        Assert.Equal((0u, (ushort)0, false), (loser.LocalAddress, loser.LocalPort, loser.IsBound));
    }

    /// <summary>tcp_set_state keeps a port that bind was given (SOCK_BINDPORT_LOCK).</summary>
    [Fact]
    public void Closing_a_connection_keeps_a_port_that_was_bound_by_number_only()
    {
        var given = _.Bound(0, 5000);
        Assert.Equal(Errno.None, _.Connect(given));
        Assert.Equal(A, given.LocalAddress);
        _.It.Disconnect(given);
        Assert.Equal((true, 0u, (ushort)5000, 0u), (given.IsBound, given.LocalAddress, given.LocalPort, given.RemoteAddress));
        var chosen = _.Connected();
        _.It.Disconnect(chosen);
        Assert.Equal((false, (ushort)0, 0u), (chosen.IsBound, chosen.LocalPort, chosen.LocalAddress));
    }

    private sealed record Holder(uint Address, int Device, bool Reuse, bool ReusePort, int Uid)
    {
        public bool Listens { get; set; }

        /// <summary>Socket(7)'s rules, said without buckets.</summary>
        internal bool ConflictsWith(Holder other)
        {
            if (Device != 0 && other.Device != 0 && Device != other.Device) return false;
            if (Address != other.Address && Address != 0 && other.Address != 0) return false;
            if (Reuse && other.Reuse && !other.Listens) return false;
            return !(ReusePort && other.ReusePort && Uid == other.Uid);
        }
    }

    /// <summary>Random binds, listens and closes of one port against the rules over a plain list.</summary>
    [Fact]
    public void Binding_answers_as_the_rules_over_a_list_do()
    {
        var holder = Gen.Select(Gen.UInt[0, 2], Gen.Int[0, 2], Gen.Bool, Gen.Bool, Gen.Int[0, 1], (address, device, reuse, port, uid) =>
            new Holder(address == 0 ? 0 : A + address, device, reuse, port, uid));
        Gen.Select(holder, Gen.Int[0, 9]).Array[1, 60].Sample(
            steps =>
            {
                var tables = new Tables();
                var held = new List<(Holder Model, TcpEndpoint Sk)>();
                foreach (var (model, action) in steps)
                {
                    if (action < 3 && held.Count > 0)
                    {
                        var (old, sk) = held[action % held.Count];
                        if (action == 0)
                        {
                            tables.It.Unhash(sk);
                            tables.It.PutPort(sk);
                            held.RemoveAt(action % held.Count);
                            continue;
                        }

                        var may = old.Listens || !held.Exists(other => other.Sk != sk && old.ConflictsWith(other.Model));
                        Assert.Equal(may ? Errno.None : Errno.EADDRINUSE, tables.It.Listen(sk));
                        old.Listens = may;
                        continue;
                    }

                    var fresh = model with { };
                    var endpoint = New(fresh.Reuse, fresh.ReusePort, fresh.Device, fresh.Uid);
                    var free = !held.Exists(other => fresh.ConflictsWith(other.Model));
                    Assert.Equal(free ? Errno.None : Errno.EADDRINUSE, tables.It.Bind(endpoint, fresh.Address, 80));
                    if (free) held.Add((fresh, endpoint));
                }
            },
            iter: 500);
    }
}
