using CsCheck;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Sockets;
using static NetActors.Tests.Ip.TestNet;

namespace NetActors.Tests.Ip;

public class FibTableTests
{
    [Fact]
    public void The_longest_prefix_wins_then_the_local_table_then_the_metric()
    {
        var fib = FibTable.Create([
            Via("10.0.0.0/8") with { Metric = 1 },
            Via("10.1.0.0/16", 3) with { Metric = 20 },
            Via("10.1.0.0/16", 2) with { Metric = 10 },
            Via("10.1.0.0/16", 9) with { Metric = 99, Table = RouteTable.Local, Type = RouteType.Local },
            DefaultRoute]);
        Assert.Equal(9, Found(fib, "10.1.2.3").IfIndex);
        fib = fib.Remove(r => r.Table == RouteTable.Local);
        Assert.Equal(10u, Found(fib, "10.1.2.3").Metric);
        Assert.Equal(8, Found(fib, "10.2.0.0").Prefix.Length);
        Assert.Equal(0, Found(fib, "8.8.8.8").Prefix.Length);
    }

    [Fact]
    public void A_device_by_name_skips_routes_over_others()
    {
        var fib = FibTable.Create([Via("10.1.0.0/16", 3), Via("10.0.0.0/8", 2)]);
        Assert.Equal(Errno.None, fib.Lookup(Addr("10.1.0.1"), 2, RouteScope.Universe, out var route));
        Assert.Equal(8, route!.Prefix.Length);
    }

    [Theory]
    [InlineData(RouteType.Unreachable, Errno.EHOSTUNREACH)]
    [InlineData(RouteType.Prohibit, Errno.EACCES)]
    [InlineData(RouteType.Blackhole, Errno.EINVAL)]
    public void A_route_that_refuses_ends_the_search(RouteType type, Errno error)
    {
        var fib = FibTable.Create([Via("10.1.0.0/16", 0, type: type), DefaultRoute]);
        Assert.Equal(error, fib.Lookup(Addr("10.1.0.1"), 0, RouteScope.Universe, out _));
    }

    [Fact]
    public void No_route_is_net_unreachable_and_a_scope_excludes_far_routes()
    {
        Assert.Equal(Errno.ENETUNREACH, FibTable.Empty.Lookup(1, 0, RouteScope.Universe, out _));
        var fib = FibTable.Create([DefaultRoute]);
        Assert.Equal(Errno.ENETUNREACH, fib.Lookup(Addr("8.8.8.8"), 0, RouteScope.Link, out _));
    }

    [Fact]
    public void The_same_route_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => FibTable.Create([DefaultRoute]).Add(DefaultRoute));

    [Fact]
    public void An_address_brings_local_broadcast_and_connected_routes()
    {
        var routes = FibFrontend.RoutesOf(Eth0).Select(r => $"{r.Type} {r.Prefix} {r.Table} {r.Scope}").ToArray();
        Assert.Equal(
            ["Local 10.0.0.1/32 Local Host", "Unicast 10.0.0.0/24 Main Link", "Broadcast 10.0.0.255/32 Local Link"], routes);
        Assert.Contains(FibFrontend.RoutesOf(Eth0, KernelVersion.V310), r => r.Prefix.ToString() == "10.0.0.0/32");
    }

    [Fact]
    public void Loopback_owns_its_whole_network() =>
        Assert.Contains(FibFrontend.RoutesOf(Lo), r => r is { Type: RouteType.Local } && r.Prefix.ToString() == "127.0.0.0/8");

    [Theory]
    [InlineData("10.0.0.1/31", 2)] // no broadcast on a point-to-point link (RFC 3021)
    [InlineData("10.0.0.1/32", 1)]
    public void Short_networks_have_no_broadcast(string prefix, int routes) =>
        Assert.Equal(routes, FibFrontend.RoutesOf(Eth0 with { Addresses = [Address(prefix)] }).Count());

    [Fact]
    public void A_device_that_is_down_keeps_only_its_local_route()
    {
        var down = Snapshot(d => d with { Up = false });
        Assert.Equal(RouteType.Local, down.Fib.AddressType(Addr(Me)));
        Assert.False(down.Fib.TryLookup(Addr("8.8.8.8"), out _));
    }

    [Fact]
    public void Addresses_have_types()
    {
        var fib = Snapshot().Fib;
        Assert.Equal(RouteType.Local, fib.AddressType(Addr(Me)));
        Assert.Equal(RouteType.Broadcast, fib.AddressType(Addr("10.0.0.255")));
        Assert.Equal(RouteType.Broadcast, fib.AddressType(uint.MaxValue));
        Assert.Equal(RouteType.Multicast, fib.AddressType(Addr("224.0.0.9")));
        Assert.Equal(RouteType.Unicast, fib.AddressType(Addr("8.8.8.8")));
    }

    [Fact]
    public void It_agrees_with_a_linear_search()
    {
        var prefix = Gen.Select(Gen.UInt[0x0A00_0000, 0x0A00_00FF], Gen.Int[20, 32], (a, l) => new Ipv4Prefix(a, l).Masked);
        var route = Gen.Select(prefix, Gen.Int[1, 3], Gen.UInt[0, 3], Gen.Bool, (p, dev, metric, local) => new FibRoute
        {
            Prefix = p,
            IfIndex = dev,
            Metric = metric,
            Table = local ? RouteTable.Local : RouteTable.Main,
        });
        Gen.Select(route.Array[0, 40], Gen.UInt[0x0A00_0000, 0x0A00_01FF], Gen.Int[0, 3]).Sample((routes, destination, device) =>
        {
            var expected = routes
                .Where(r => r.Prefix.Contains(destination) && (device == 0 || r.IfIndex == device))
                .OrderByDescending(r => r.Prefix.Length).ThenByDescending(r => r.Table).ThenBy(r => r.Metric).FirstOrDefault();
            FibTable.Create(routes).Lookup(destination, device, RouteScope.Universe, out var found);
            return found == expected;
        });
    }

    [Fact]
    public void Lookups_allocate_nothing()
    {
        var fib = FibTable.Create(Enumerable.Range(0, 1000).Select(i => Via("10.0.0.0/8") with
        {
            Prefix = new Ipv4Prefix((uint)i << 12, 20 + (i % 13)),
        }).DistinctBy(r => r.Prefix.Masked));
        fib.TryLookup(5, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0u; i < 1000; i++) fib.TryLookup(i << 12, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static FibRoute Found(FibTable fib, string destination)
    {
        Assert.True(fib.TryLookup(Addr(destination), out var route));
        return route;
    }
}
