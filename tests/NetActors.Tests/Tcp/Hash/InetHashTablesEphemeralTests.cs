using NetActors.Sockets;
using NetActors.Tcp;
using static NetActors.Tests.Tcp.Hash.Tables;

namespace NetActors.Tests.Tcp.Hash;

/// <summary>Ports chosen by the host: <c>inet_csk_find_open_port</c> for bind, <c>__inet_hash_connect</c> for connect.</summary>
public class InetHashTablesEphemeralTests
{
    private static readonly InetPortSettings Small = new() { Low = 40000, High = 40009 };

    private static ushort BindAny(Tables tables, bool reuse = false)
    {
        var sk = New(reuse);
        Assert.Equal(Errno.None, tables.It.BindEphemeral(sk, 0));
        return sk.LocalPort;
    }

    /// <summary>ip_local_port_range 32768 60999: bind takes odd ports first, connect even ones.</summary>
    [Fact]
    public void Bind_prefers_odd_ports_and_connect_even_ones()
    {
        var tables = new Tables();
        for (var i = 0; i < 200; i++)
        {
            var bound = BindAny(tables);
            Assert.True(bound % 2 == 1 && bound is >= 32768 and <= 60999, $"bind took {bound}");
            var connected = tables.Connected(port: (ushort)(i + 1)).LocalPort;
            Assert.True(connected % 2 == 0 && connected is >= 32768 and <= 60999, $"connect took {connected}");
        }
    }

    [Fact]
    public void Bind_takes_every_port_of_the_range_odd_ones_first_and_then_EADDRINUSE()
    {
        var tables = new Tables(ports: Small);
        var ports = Enumerable.Range(0, 10).Select(_ => BindAny(tables)).ToArray();
        Assert.All(ports[..5], port => Assert.Equal(1, port % 2));
        Assert.Equal(Enumerable.Range(40000, 10), ports.Select(port => (int)port).Order());
        var last = New();
        Assert.Equal(Errno.EADDRINUSE, tables.It.BindEphemeral(last, A));
        Assert.Equal((0u, false), (last.LocalAddress, last.IsBound));
    }

    /// <summary>With SO_REUSEADDR the lower half comes first (attempt_half).</summary>
    [Fact]
    public void Bind_with_SO_REUSEADDR_fills_the_lower_half_first()
    {
        var tables = new Tables(ports: Small);
        var ports = Enumerable.Range(0, 10).Select(_ => (int)BindAny(tables, reuse: true)).ToArray();
        Assert.Equal(Enumerable.Range(40000, 4), ports[..4].Order()); // half = low + ((10 >> 2) << 1)
        Assert.Equal(Enumerable.Range(40004, 6), ports[4..].Order());
    }

    /// <summary>ip_autobind_reuse: only when all ports are taken, and only among SO_REUSEADDR.</summary>
    [Fact]
    public void Bind_shares_a_port_only_with_ip_autobind_reuse()
    {
        var tables = new Tables(ports: Small);
        for (var i = 0; i < 10; i++) BindAny(tables, reuse: true);
        Assert.Equal(Errno.EADDRINUSE, tables.It.BindEphemeral(New(reuse: true), 0));
        tables.It.Ports = Small with { AutobindReuse = true };
        Assert.Equal(Errno.EADDRINUSE, tables.It.BindEphemeral(New(), 0));
        Assert.InRange(BindAny(tables, reuse: true), 40000, 40009);
    }

    [Fact]
    public void Reserved_ports_are_not_chosen_but_can_be_bound_by_number()
    {
        Assert.True(PortSet.TryParse("40001-40008", out var reserved));
        var tables = new Tables(ports: Small with { Reserved = reserved });
        Assert.Equal([40000, 40009], new[] { (int)BindAny(tables), BindAny(tables) }.Order());
        Assert.Equal(Errno.EADDRINUSE, tables.It.BindEphemeral(New(), 0));
        Assert.Equal(Errno.EADDRNOTAVAIL, tables.Connect(New()));
        tables.Bound(A, 40005);
    }

    [Fact]
    public void A_listener_that_was_not_bound_gets_a_port()
    {
        var tables = new Tables();
        var sk = New();
        Assert.Equal(Errno.None, tables.It.Listen(sk));
        Assert.Same(sk, tables.Listener(A, sk.LocalPort));
    }

    /// <summary>The port is unique per destination only: 10 ports carry 10 connections to each of many peers.</summary>
    [Fact]
    public void Connect_uses_every_port_for_every_destination_and_then_EADDRNOTAVAIL()
    {
        var tables = new Tables(ports: Small);
        for (uint peer = 1; peer <= 20; peer++)
        {
            var ports = Enumerable.Range(0, 10).Select(_ => (int)tables.Connected(peer).LocalPort).ToArray();
            Assert.All(ports[..5], port => Assert.Equal(0, port % 2));
            Assert.Equal(Enumerable.Range(40000, 10), ports.Order());
            var last = New();
            Assert.Equal(Errno.EADDRNOTAVAIL, tables.Connect(last, peer));
            Assert.Equal((0u, 0u, false, false), (last.LocalAddress, last.RemoteAddress, last.IsBound, last.IsEstablishedHashed));
        }

        Assert.Equal(200, tables.It.EstablishedCount);
    }

    /// <summary>A bucket that bind made has fastreuse 0 or more: connect passes it over, whatever the destination.</summary>
    [Fact]
    public void Connect_passes_over_ports_that_bind_holds()
    {
        var tables = new Tables(ports: Small);
        for (ushort port = 40000; port < 40009; port++) tables.Bound(B, port, reuse: true);
        Assert.Equal(40009, tables.Connected().LocalPort);
        Assert.Equal(Errno.EADDRNOTAVAIL, tables.Connect(New()));
    }

    /// <summary>6.18, inet_bind_bucket_destroy: without its owner by bind a port is again one of connect's.</summary>
    [Fact]
    public void A_port_that_bind_shared_with_connect_is_connects_again_when_bind_leaves()
    {
        var tables = new Tables(ports: Small with { High = 40000 });
        var first = tables.Connected();
        var bound = tables.Bound(B, 40000);
        Assert.Equal(Errno.EADDRNOTAVAIL, tables.Connect(New(), remote: 5));
        tables.It.PutPort(bound);
        Assert.Equal(Errno.None, tables.Connect(New(), remote: 5));
        Assert.Equal(40000, first.LocalPort);
    }

    [Fact]
    public void A_bound_socket_connects_from_its_port_unless_the_flow_is_taken()
    {
        var tables = new Tables();
        var first = tables.Bound(A, 5000, reuse: true);
        var second = tables.Bound(A, 5000, reuse: true);
        Assert.Equal(Errno.None, tables.Connect(first));
        Assert.Equal(Errno.EISCONN, tables.Connect(first));
        Assert.Equal(Errno.EADDRNOTAVAIL, tables.Connect(second));
        Assert.Equal(Errno.None, tables.Connect(second, port: 81));
        Assert.Equal((5000, 5000), (first.LocalPort, (int)second.LocalPort));
    }

    /// <summary>IP_LOCAL_PORT_RANGE: every port of the narrower range, without regard to parity.</summary>
    [Fact]
    public void A_range_of_the_sockets_own_narrows_the_hosts()
    {
        var tables = new Tables();
        var ports = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            var sk = New();
            sk.PortRange = (40000, 40003);
            Assert.Equal(Errno.None, tables.Connect(sk));
            ports.Add(sk.LocalPort);
        }

        Assert.Equal([40000, 40001, 40002, 40003], ports.Order());
        var outside = New();
        outside.PortRange = (1, 40000); // a low end outside the host's range does not count
        Assert.Equal(Errno.None, tables.Connect(outside, port: 81));
        Assert.InRange(outside.LocalPort, 32768, 40000);
    }

    /// <summary>RFC 6056 section 3.3.4: each destination has its own sequence; ports go up by a random little.</summary>
    [Fact]
    public void Ports_to_one_destination_go_up_and_other_destinations_do_not_show_it()
    {
        var tables = new Tables();
        var ports = Enumerable.Range(0, 50).Select(_ => (int)tables.Connected().LocalPort).ToArray();
        var steps = ports.Zip(ports.Skip(1), (a, b) => ((b - a) + 28232) % 28232).ToArray();
        Assert.All(steps, step => Assert.InRange(step, 2, 16)); // max(i, 0 to 7 times 2) + 2
        Assert.True(steps.Distinct().Count() > 3);
        Assert.NotEqual(ports[0], (int)tables.Connected(port: 81).LocalPort);
    }

    [Fact]
    public void The_same_seed_gives_the_same_ports()
    {
        static int[] Ports(ulong seed)
        {
            var tables = new Tables(seed);
            return [.. Enumerable.Range(1, 20).Select(n => n % 2 == 0 ? BindAny(tables) : (int)tables.Connected((uint)n).LocalPort)];
        }

        Assert.Equal(Ports(5), Ports(5));
        Assert.NotEqual(Ports(5), Ports(6));
    }

    [Fact]
    public void Connections_come_and_go_without_allocation()
    {
        var tables = new Tables();
        var sk = New();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                tables.Connect(sk);
                tables.It.Disconnect(sk);
            }
        }));
    }
}
