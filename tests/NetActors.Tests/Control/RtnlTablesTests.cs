using NetActors.Control;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Sockets;

namespace NetActors.Tests.Control;

/// <summary>What <c>ip route</c>, <c>ip addr</c> and <c>ip link</c> answer (net/ipv4/fib_semantics.c, devinet.c).</summary>
public sealed class RtnlTablesTests
{
    private const int Eth0 = 2;
    private readonly RtnlTables _tables = new(
        [
            new InetDevice { IfIndex = 1, Name = "lo", Loopback = true, Addresses = [At("127.0.0.1", 8)] },
            new InetDevice { IfIndex = Eth0, Name = "eth0", Addresses = [At("10.0.0.1", 24)] },
        ],
        [],
        KernelVersion.V6);

    [Fact]
    public void Route_over_a_neighbour_leads_there_and_ends_when_it_is_deleted()
    {
        Assert.Equal(Errno.ENETUNREACH, Lookup("192.0.2.1", out _));
        Assert.Equal(Errno.None, _tables.AddRoute(Via("192.0.2.0", 24, "10.0.0.9")));
        Assert.Equal(Errno.None, Lookup("192.0.2.1", out var route));
        Assert.Equal((Eth0, Ip("10.0.0.9"), Ip("10.0.0.1")), (route.IfIndex, route.NextHop, route.Source));
        Assert.Equal(Errno.None, _tables.DeleteRoute(Via("192.0.2.0", 24, "10.0.0.9")));
        Assert.Equal(Errno.ENETUNREACH, Lookup("192.0.2.1", out _));
        Assert.Equal(Errno.ESRCH, _tables.DeleteRoute(Via("192.0.2.0", 24, "10.0.0.9")));
    }

    [Fact]
    public void Route_that_is_there_is_refused_but_can_be_replaced()
    {
        _tables.AddRoute(Via("192.0.2.0", 24, "10.0.0.9"));
        Assert.Equal(Errno.EEXIST, _tables.AddRoute(Via("192.0.2.0", 24, "10.0.0.8")));
        Assert.Equal(Errno.None, _tables.AddRoute(Via("192.0.2.0", 24, "10.0.0.8"), replace: true));
        Lookup("192.0.2.1", out var route);
        Assert.Equal(Ip("10.0.0.8"), route.NextHop);
    }

    [Theory]
    [InlineData("10.0.1.9", Eth0, Errno.ENETUNREACH)] // not on the link
    [InlineData("10.0.0.1", Eth0, Errno.EINVAL)] // ourselves
    [InlineData("10.0.0.9", 7, Errno.ENODEV)]
    public void Gateway_must_be_a_neighbour(string gateway, int device, Errno error) =>
        Assert.Equal(error, _tables.AddRoute(Via("192.0.2.0", 24, gateway) with { IfIndex = device }));

    [Fact]
    public void Second_address_of_a_network_is_secondary_and_goes_with_the_first()
    {
        Assert.Equal(Errno.None, _tables.AddAddress(Eth0, At("10.0.0.2", 24)));
        Assert.Equal(Errno.EEXIST, _tables.AddAddress(Eth0, At("10.0.0.2", 24)));
        Assert.True(_tables.Snapshot.Device(Eth0)!.Addresses[1].Secondary);
        Assert.True(_tables.Snapshot.IsOwnAddress(Ip("10.0.0.2")));
        Assert.Equal(Errno.None, _tables.DeleteAddress(Eth0, new Ipv4Prefix(Ip("10.0.0.1"), 24)));
        Assert.Empty(_tables.Snapshot.Device(Eth0)!.Addresses);
        Assert.Equal(Errno.EADDRNOTAVAIL, _tables.DeleteAddress(Eth0, new Ipv4Prefix(Ip("10.0.0.1"), 24)));
    }

    [Fact]
    public void Device_that_goes_down_loses_its_routes_for_good()
    {
        _tables.AddRoute(Via("192.0.2.0", 24, "10.0.0.9"));
        Assert.Equal(Errno.None, _tables.SetLink(Eth0, up: false));
        Assert.Equal(Errno.ENETUNREACH, Lookup("10.0.0.9", out _));
        Assert.Equal(Errno.ENETDOWN, _tables.AddRoute(Via("192.0.2.0", 24, "10.0.0.9")));
        _tables.SetLink(Eth0, up: true);
        Assert.Equal(Errno.None, Lookup("10.0.0.9", out _)); // its address brings this one back
        Assert.Equal(Errno.ENETUNREACH, Lookup("192.0.2.1", out _));
    }

    [Fact]
    public void Mtu_of_a_link_is_that_of_its_routes()
    {
        Assert.Equal(Errno.EINVAL, _tables.SetLink(Eth0, mtu: 67));
        Assert.Equal(Errno.None, _tables.SetLink(Eth0, mtu: 1200));
        Lookup("10.0.0.9", out var route);
        Assert.Equal(1200, route.Mtu);
    }

    private Errno Lookup(string destination, out Route route) => RouteLookup.Output(_tables.Snapshot, new RouteQuery(Ip(destination)), out route);

    private static FibRoute Via(string network, int length, string gateway) =>
        new() { Prefix = new Ipv4Prefix(Ip(network), length), IfIndex = Eth0, Gateway = Ip(gateway) };

    private static InetAddress At(string address, int length) => new() { Local = new Ipv4Prefix(Ip(address), length) };

    private static uint Ip(string text) => Ipv4Address.TryParse(text, out var address) ? address : throw new FormatException(text);
}
