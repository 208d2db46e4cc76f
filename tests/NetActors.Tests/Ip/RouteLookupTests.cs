using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Sockets;
using static NetActors.Buffers.SkbDropReason;
using static NetActors.Tests.Ip.TestNet;

namespace NetActors.Tests.Ip;

public class RouteLookupTests
{
    [Theory]
    [InlineData("224.1.1.1", Me, IP_INVALID_SOURCE)]
    [InlineData("255.255.255.255", Me, IP_INVALID_SOURCE)]
    [InlineData("0.0.0.0", Me, IP_INVALID_SOURCE)]
    [InlineData(Peer, "0.0.0.0", IP_INVALID_DEST)]
    [InlineData(Peer, "127.0.0.1", IP_LOCALNET)]
    [InlineData("127.0.0.1", Me, IP_LOCALNET)]
    [InlineData(Me, Me, IP_LOCAL_SOURCE)]
    [InlineData("192.168.1.1", "10.0.0.255", IP_LOCAL_SOURCE)]
    [InlineData(Peer, "224.9.9.9", NOT_SPECIFIED)] // a group nobody joined
    [InlineData("127.0.0.1", "224.0.0.1", IP_LOCALNET)]
    [InlineData("224.0.0.5", "224.0.0.1", IP_INVALID_SOURCE)]
    [InlineData("0.0.0.0", "224.0.0.1", NOT_DROPPED_YET)]
    public void Martians_are_dropped_with_their_reason(string source, string destination, SkbDropReason reason) =>
        Assert.Equal(reason, Input(source, destination, out _));

    [Theory]
    [InlineData(Peer, Me, RouteType.Local)]
    [InlineData(Peer, "192.168.1.1", RouteType.Local)] // the weak host model
    [InlineData(Peer, "10.0.0.255", RouteType.Broadcast)]
    [InlineData(Peer, "255.255.255.255", RouteType.Broadcast)]
    [InlineData("0.0.0.0", "255.255.255.255", RouteType.Broadcast)] // DHCP
    [InlineData("0.0.0.0", "0.0.0.0", RouteType.Broadcast)]
    [InlineData(Peer, "224.0.0.1", RouteType.Multicast)]
    public void What_is_for_us_is_delivered(string source, string destination, RouteType type)
    {
        Assert.Equal(NOT_DROPPED_YET, Input(source, destination, out var route));
        Assert.Equal((type, true), (route.Type, route.IsLocal));
    }

    [Fact]
    public void Without_forwarding_everything_else_is_host_unreachable()
    {
        Input(Peer, "8.8.8.8", out var route);
        Assert.Equal((RouteType.Unreachable, Errno.EHOSTUNREACH), (route.Type, route.Error));
    }

    [Fact]
    public void With_forwarding_a_packet_goes_to_the_next_hop_or_is_refused_as_the_route_says()
    {
        static InetDevice Router(InetDevice d) => d with { Forwarding = true };
        Assert.Equal(NOT_DROPPED_YET, Input(Peer, "192.168.1.9", out var route, Router));
        Assert.Equal((RouteType.Unicast, 3, Addr("192.168.1.9")), (route.Type, route.IfIndex, route.NextHop));
        Input(Peer, "8.8.8.8", out route, Router);
        Assert.Equal((2, Addr("10.0.0.254")), (route.IfIndex, route.NextHop));
        Input(Peer, "8.8.8.8", out route, Router, Via("10.0.0.0/8"));
        Assert.Equal((RouteType.Unreachable, Errno.ENETUNREACH), (route.Type, route.Error));
        Input(Peer, "8.8.8.8", out route, Router, Via("8.0.0.0/8", 0, type: RouteType.Prohibit));
        Assert.Equal(Errno.EACCES, route.Error);
        Assert.Equal(IP_LOCAL_SOURCE, Input(Me, "8.8.8.8", out _, Router));
    }

    [Theory]
    [InlineData(1, "192.168.1.9", IP_RPFILTER)] // strict: the way back is another device
    [InlineData(2, "192.168.1.9", NOT_DROPPED_YET)] // loose: some way back
    [InlineData(0, "192.168.1.9", NOT_DROPPED_YET)]
    [InlineData(1, Peer, NOT_DROPPED_YET)]
    [InlineData(2, "9.9.9.9", IP_RPFILTER)] // no way back at all
    [InlineData(1, "10.0.0.255", IP_INVALID_SOURCE)] // a broadcast address as source
    [InlineData(1, Me, IP_LOCAL_SOURCE)]
    public void The_reverse_path_filter_is_strict_or_loose(int filter, string source, SkbDropReason reason) =>
        Assert.Equal(reason, Input(source, Me, out _, d => d with { RpFilter = filter }, Via("172.16.0.0/12")));

    [Fact]
    public void Exceptions_are_settings()
    {
        Assert.Equal(NOT_DROPPED_YET, Input(Me, Me, out _, d => d with { AcceptLocal = true }));
        Assert.Equal(NOT_DROPPED_YET, Input(Me, Me, out _, d => d with { AcceptLocal = true, RpFilter = 2 }));
        Assert.Equal(NOT_DROPPED_YET, Input(Peer, "127.0.0.1", out _, d => d with { RouteLocalnet = true }));
        Assert.Equal(NOT_DROPPED_YET, Input(Peer, "224.9.9.9", out _, d => d with { Groups = [Addr("224.9.9.9")] }));
    }

    [Fact]
    public void Linux_3_10_knows_a_whole_network_of_zeros()
    {
        var net = Ipv4Snapshot.Create([Lo, Eth0], [], KernelVersion.V310);
        Assert.Equal(IP_INVALID_SOURCE, RouteLookup.Input(net, Eth0, Addr(Me), Addr("0.1.2.3"), 17, out _));
        Assert.Equal(NOT_DROPPED_YET, Input("0.1.2.3", Me, out _));
    }

    [Fact]
    public void What_we_sent_to_ourselves_is_not_a_martian()
    {
        var net = Snapshot();
        Assert.Equal(NOT_DROPPED_YET, RouteLookup.Input(net, Lo, Addr(Me), Addr(Me), 17, out _));
        Assert.Equal(NOT_DROPPED_YET, RouteLookup.Input(net, Eth0, Addr("10.0.0.255"), Addr(Me), 17, out _, looped: true));
    }

    [Theory]
    [InlineData(Peer, Me, 2, Peer, RouteType.Unicast)]
    [InlineData("8.8.8.8", Me, 2, "10.0.0.254", RouteType.Unicast)]
    [InlineData("192.168.1.7", "192.168.1.1", 3, "192.168.1.7", RouteType.Unicast)]
    [InlineData(Me, Me, 1, Me, RouteType.Local)]
    [InlineData("127.0.0.5", "127.0.0.1", 1, "127.0.0.5", RouteType.Local)]
    [InlineData("0.0.0.0", "127.0.0.1", 1, "127.0.0.1", RouteType.Local)]
    [InlineData("224.0.0.9", Me, 2, "224.0.0.9", RouteType.Multicast)]
    public void The_source_device_and_next_hop_are_chosen(string destination, string source, int device, string nextHop, RouteType type)
    {
        Assert.Equal(Errno.None, RouteLookup.Output(Snapshot(), new RouteQuery(Addr(destination)), out var route));
        Assert.Equal((Addr(source), device, Addr(nextHop), type), (route.Source, route.IfIndex, route.NextHop, route.Type));
    }

    [Fact]
    public void Prefsrc_and_route_mtu_are_taken()
    {
        var routes = new[] { DefaultRoute with { PrefSrc = Addr("192.168.1.1"), Mtu = 1400 } };
        RouteLookup.Output(Snapshot(null, routes), new RouteQuery(Addr("8.8.8.8")), out var route);
        Assert.Equal((Addr("192.168.1.1"), 1400), (route.Source, route.Mtu));
    }

    [Theory]
    [InlineData("10.0.0.255")]
    [InlineData("255.255.255.255")]
    public void A_broadcast_needs_the_socket_to_allow_it(string destination)
    {
        var net = Snapshot();
        var query = new RouteQuery(Addr(destination), IfIndex: 2);
        Assert.Equal(Errno.EACCES, RouteLookup.Output(net, query, out _));
        Assert.Equal(Errno.None, RouteLookup.Output(net, query with { AllowBroadcast = true }, out var route));
        Assert.Equal((RouteType.Broadcast, Addr(Me), true), (route.Type, route.Source, route.IsLocal));
    }

    [Theory]
    [InlineData("8.8.8.8", "224.0.0.1", 0, Errno.EINVAL)]
    [InlineData("8.8.8.8", "255.255.255.255", 0, Errno.EINVAL)]
    [InlineData("8.8.8.8", "1.2.3.4", 0, Errno.ENETUNREACH)] // not our address
    [InlineData("8.8.8.8", "127.0.0.1", 0, Errno.EINVAL)] // loopback may not leave
    [InlineData("8.8.8.8", "0.0.0.0", 77, Errno.ENODEV)]
    [InlineData("255.255.255.255", "0.0.0.0", 0, Errno.ENETUNREACH)] // no device and no default route
    [InlineData("99.1.1.1", "0.0.0.0", 0, Errno.ENETUNREACH)]
    [InlineData("98.0.0.1", "0.0.0.0", 0, Errno.EHOSTUNREACH)]
    [InlineData("97.0.0.1", "0.0.0.0", 0, Errno.EACCES)]
    [InlineData("96.0.0.1", "0.0.0.0", 0, Errno.EINVAL)]
    public void Errors_have_Linux_s_numbers(string destination, string source, int device, Errno error)
    {
        var net = Snapshot(
            null, Via("8.0.0.0/8", gateway: "10.0.0.254"), Via("98.0.0.0/8", 0, type: RouteType.Unreachable),
            Via("97.0.0.0/8", 0, type: RouteType.Prohibit), Via("96.0.0.0/8", 0, type: RouteType.Blackhole));
        Assert.Equal(error, RouteLookup.Output(net, new RouteQuery(Addr(destination), Addr(source), device), out _));
    }

    [Fact]
    public void A_device_by_name_takes_any_destination_to_be_on_its_link()
    {
        Assert.Equal(Errno.None, RouteLookup.Output(Snapshot(), new RouteQuery(Addr("9.9.9.9"), IfIndex: 3), out var route));
        Assert.Equal((3, Addr("9.9.9.9"), Addr("192.168.1.1")), (route.IfIndex, route.NextHop, route.Source));
        var down = Snapshot(d => d with { Up = false });
        Assert.Equal(Errno.ENETUNREACH, RouteLookup.Output(down, new RouteQuery(Addr("9.9.9.9"), IfIndex: 2), out _));
    }

    [Fact]
    public void Routing_allocates_nothing()
    {
        var net = Snapshot();
        var query = new RouteQuery(Addr("8.8.8.8"));
        RouteLookup.Output(net, query, out _);
        RouteLookup.Input(net, Eth0, Addr(Me), Addr(Peer), 17, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            RouteLookup.Output(net, query, out _);
            RouteLookup.Input(net, Eth0, Addr(Me), Addr(Peer), 17, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static SkbDropReason Input(
        string source, string destination, out Route route, Func<InetDevice, InetDevice>? eth0 = null, params FibRoute[] routes)
    {
        var net = Snapshot(eth0, routes);
        return RouteLookup.Input(net, net.Device(2)!, Addr(destination), Addr(source), IpProtocols.Udp, out route);
    }
}
