using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Ip;

namespace NetActors.Tests.Ip;

/// <summary>A host with lo, eth0 10.0.0.1/24 and eth1 192.168.1.1/24, a default gateway 10.0.0.254, and packets for it.</summary>
internal static class TestNet
{
    public const string Me = "10.0.0.1";
    public const string Peer = "10.0.0.2";

    public static uint Addr(string text) => Ipv4Address.Parse(text);

    public static InetAddress Address(string prefix) => new() { Local = Ipv4Prefix.Parse(prefix) };

    public static InetDevice Lo { get; } = new()
    {
        IfIndex = 1,
        Name = "lo",
        Loopback = true,
        Mtu = 65536,
        Addresses = [Address("127.0.0.1/8") with { Scope = RouteScope.Host }],
    };

    public static InetDevice Eth0 { get; } = new()
    {
        IfIndex = 2,
        Name = "eth0",
        HardwareAddress = MacAddress.Local(1),
        Addresses = [Address("10.0.0.1/24")],
    };

    public static InetDevice Eth1 { get; } = new()
    {
        IfIndex = 3,
        Name = "eth1",
        HardwareAddress = MacAddress.Local(2),
        Addresses = [Address("192.168.1.1/24")],
    };

    public static FibRoute DefaultRoute { get; } = new() { Prefix = Ipv4Prefix.Default, IfIndex = 2, Gateway = Addr("10.0.0.254") };

    public static FibRoute Via(string prefix, int ifIndex = 2, string? gateway = null, RouteType type = RouteType.Unicast) => new()
    {
        Prefix = Ipv4Prefix.Parse(prefix),
        IfIndex = ifIndex,
        Gateway = gateway is null ? 0 : Addr(gateway),
        Type = type,
        Scope = gateway is null ? RouteScope.Link : RouteScope.Universe,
    };

    public static Ipv4Snapshot Snapshot(Func<InetDevice, InetDevice>? eth0 = null, params FibRoute[] routes) => Ipv4Snapshot.Create(
        [Lo, eth0 is null ? Eth0 : eth0(Eth0), Eth1], routes.Length == 0 ? [DefaultRoute] : routes);

    /// <summary>A packet whose data starts at its IPv4 header, with a payload of <paramref name="payload"/> bytes.</summary>
    public static SkBuff Packet(
        SkbPool pool, string source, string destination, byte protocol = IpProtocols.Udp, int payload = 16, byte[]? options = null)
    {
        var skb = pool.Rent()!;
        skb.Reserve(64);
        var headerLength = Ipv4Header.Size + (options?.Length ?? 0);
        var bytes = skb.Put(headerLength + payload);
        bytes.Clear();
        options?.CopyTo(bytes[Ipv4Header.Size..]);
        Assert.True(Ipv4Header.TryOverlay(bytes, out var ip));
        (ip.Version, ip.Ihl, ip.Ttl, ip.Protocol) = (4, (byte)(headerLength / 4), 64, protocol);
        ip.TotalLength = (ushort)bytes.Length;
        (ip.SourceAddress, ip.DestinationAddress) = (Addr(source), Addr(destination));
        ip.FillChecksum();
        skb.IfIndex = 2;
        return skb;
    }

    /// <summary>A UDP datagram in a packet whose data starts at its IPv4 header.</summary>
    public static SkBuff Datagram(
        SkbPool pool, string source, ushort sourcePort, string destination, ushort destinationPort, int payload = 16)
    {
        var skb = Packet(pool, source, destination, IpProtocols.Udp, UdpHeader.Size + payload);
        var bytes = skb.Data[Ipv4Header.Size..];
        for (var i = 0; i < payload; i++) bytes[UdpHeader.Size + i] = (byte)i;
        Assert.True(UdpHeader.TryOverlay(bytes, out var udp));
        (udp.SourcePort, udp.DestinationPort, udp.Length) = (sourcePort, destinationPort, (ushort)bytes.Length);
        udp.FillChecksum(Addr(source), Addr(destination));
        return skb;
    }
}
