using NetActors.Headers;
using static NetActors.Tests.Headers.Packets;

namespace NetActors.Tests.Headers;

public class FlowDissectorTests
{
    private const uint A = 0x0A000001;
    private const uint B = 0x0A000002;

    [Theory]
    [InlineData(KernelVersion.V6)]
    [InlineData(KernelVersion.V310)]
    public void A_datagram_has_addresses_protocol_and_ports(KernelVersion version)
    {
        AssertInner(Udp4(A, B, 1000, 2000), EtherTypes.Ipv4, version);
        var keys = Found(Udp4(A, B, 1000, 2000), EtherTypes.Ipv4, version);
        Assert.Equal((EtherTypes.Ipv4, 20, false), (keys.NetworkProtocol, keys.TransportOffset, keys.IsEncapsulated));
    }

    [Theory]
    [InlineData(0x2000, KernelVersion.V6, true)]
    [InlineData(0x2000, KernelVersion.V310, true)]
    [InlineData(0x0001, KernelVersion.V6, false)]
    [InlineData(0x0001, KernelVersion.V310, false)]
    public void A_fragment_of_any_kind_has_no_ports(ushort flagsAndOffset, KernelVersion version, bool first)
    {
        var keys = Found(Ipv4(A, B, IpProtocols.Udp, Ports(1000, 2000), flagsAndOffset), EtherTypes.Ipv4, version);
        Assert.True(keys.IsFragment && !keys.HasL4);
        Assert.Equal(first, keys.IsFirstFragment);
        Assert.Equal(version == KernelVersion.V6 ? IpProtocols.Udp : 0, keys.IpProtocol);
        Assert.Equal((UInt128)A, keys.Source);
    }

    [Fact]
    public void A_flow_label_ends_dissection_in_6_but_not_in_3_10()
    {
        var packet = Udp6(1, 2, 1000, 2000, label: 0x12345);
        var keys = Found(packet, EtherTypes.Ipv6, KernelVersion.V6);
        Assert.Equal((0x12345u, 0, 0), (keys.FlowLabel, keys.SourcePort, keys.DestinationPort));
        Assert.True(keys.HasL4);
        keys = Found(packet, EtherTypes.Ipv6, KernelVersion.V310);
        Assert.Equal((0u, 1000, 2000), (keys.FlowLabel, keys.SourcePort, keys.DestinationPort));
    }

    [Fact]
    public void IPv6_extension_headers_are_followed_in_6_only()
    {
        byte[] options = [17, 0, 0, 0, 0, 0, 0, 0, .. Ports(1000, 2000)];
        var packet = Ipv6(1, 2, IpProtocols.HopByHop, options);
        Assert.Equal(1000, Found(packet, EtherTypes.Ipv6, KernelVersion.V6).SourcePort);
        Assert.Equal(0, Found(packet, EtherTypes.Ipv6, KernelVersion.V310).SourcePort);
    }

    [Fact]
    public void An_IPv6_fragment_has_no_ports()
    {
        byte[] fragment = [17, 0, 0, 1, 0, 0, 0, 9, .. Ports(1000, 2000)];
        var keys = Found(Ipv6(1, 2, IpProtocols.Fragment, fragment), EtherTypes.Ipv6, KernelVersion.V6);
        Assert.True(keys.IsFragment && keys.IsFirstFragment && !keys.HasL4);
        Assert.Equal(IpProtocols.Udp, keys.IpProtocol);
    }

    [Theory]
    [InlineData(KernelVersion.V6)]
    [InlineData(KernelVersion.V310)]
    public void Tunnels_and_tags_are_followed_inwards(KernelVersion version)
    {
        var inner = Udp4(A, B, 1000, 2000);
        AssertInner(Vlan(5, EtherTypes.Ipv4, inner), EtherTypes.Vlan, version);
        AssertInner(Vlan(5, EtherTypes.Vlan, Vlan(6, EtherTypes.Ipv4, inner)), EtherTypes.VlanServiceTag, version);
        AssertInner(Pppoe(0x21, inner), EtherTypes.PppoeSession, version);
        AssertInner(Ipv4(7, 8, IpProtocols.IpIp, inner), EtherTypes.Ipv4, version);
        AssertInner(Ipv6(7, 8, IpProtocols.IpIp, inner), EtherTypes.Ipv6, version);
        AssertInner(Ipv4(7, 8, IpProtocols.Gre, Gre(0, EtherTypes.Ipv4, [], inner)), EtherTypes.Ipv4, version);
        AssertInner(Ipv4(7, 8, IpProtocols.Gre, Gre(0xB000, EtherTypes.Ipv4, [0, 0, 0, 9, 0, 1], inner)), EtherTypes.Ipv4, version);

        byte[] ethernet = [.. new byte[12], 8, 0, .. inner];
        AssertInner(Ipv4(7, 8, IpProtocols.Gre, Gre(0, EtherTypes.TransparentBridging, [], ethernet)), EtherTypes.Ipv4, version);
        var six = Found(Ipv4(7, 8, IpProtocols.Ipv6, Udp6(1, 2, 1000, 2000)), EtherTypes.Ipv4, version);
        Assert.Equal((FlowAddressType.Ipv6, 1000), (six.AddressType, six.SourcePort));
    }

    [Fact]
    public void A_GRE_key_and_the_outermost_tag_are_part_of_the_flow_in_6()
    {
        var keyed = Gre(0x2000, EtherTypes.Ipv4, [1, 9], Udp4(A, B, 1, 2));
        Assert.Equal(0x0001_0009u, Found(Ipv4(7, 8, IpProtocols.Gre, keyed), EtherTypes.Ipv4, KernelVersion.V6).GreKey);
        var packet = Vlan(0x6005, EtherTypes.Vlan, Vlan(6, EtherTypes.Ipv4, Udp4(A, B, 1, 2)));
        var tagged = Found(packet, EtherTypes.VlanServiceTag, KernelVersion.V6);
        Assert.Equal((5, 3, EtherTypes.VlanServiceTag, EtherTypes.Vlan),
            (tagged.VlanId, tagged.VlanPriority, tagged.VlanTpid, tagged.VlanEtherType));
    }

    [Fact]
    public void A_tag_that_the_device_took_off_counts_in_6()
    {
        Assert.True(FlowDissector.Dissect(Udp4(A, B, 1, 2), EtherTypes.Ipv4, 0x2007, KernelVersion.V6, out var keys));
        Assert.Equal((7, 1, EtherTypes.Vlan, EtherTypes.Ipv4), (keys.VlanId, keys.VlanPriority, keys.VlanTpid, keys.VlanEtherType));
        Assert.Equal(1, keys.SourcePort);
    }

    [Fact]
    public void PPTP_is_followed_in_6_and_its_key_is_the_call()
    {
        byte[] ppp = [0xFF, 0x03, 0x00, 0x21, .. Udp4(A, B, 1000, 2000)];
        var packet = Ipv4(7, 8, IpProtocols.Gre, Gre(0x2001, EtherTypes.PptpPpp, [99, 9], ppp));
        AssertInner(packet, EtherTypes.Ipv4, KernelVersion.V6);
        Assert.Equal(9u, Found(packet, EtherTypes.Ipv4, KernelVersion.V6).GreKey);
        Assert.Equal((UInt128)7, Found(packet, EtherTypes.Ipv4, KernelVersion.V310).Source);
    }

    [Fact]
    public void GRE_with_routing_is_not_looked_into()
    {
        var packet = Ipv4(7, 8, IpProtocols.Gre, Gre(0x4000, EtherTypes.Ipv4, [], Udp4(A, B, 1, 2)));
        Assert.Equal((UInt128)7, Found(packet, EtherTypes.Ipv4, KernelVersion.V6).Source);
        Assert.Equal((UInt128)7, Found(packet, EtherTypes.Ipv4, KernelVersion.V310).Source);
    }

    [Fact]
    public void An_SPI_stands_for_ports()
    {
        Assert.Equal(1000, Found(Ipv4(A, B, IpProtocols.Esp, Ports(1000, 2000)), EtherTypes.Ipv4, KernelVersion.V6).SourcePort);
        byte[] ah = [17, 4, 0, 0, .. Ports(1000, 2000)];
        Assert.Equal(1000, Found(Ipv4(A, B, IpProtocols.Ah, ah), EtherTypes.Ipv4, KernelVersion.V6).SourcePort);
    }

    [Theory]
    [InlineData(KernelVersion.V6, EtherTypes.Arp, true)]
    [InlineData(KernelVersion.V310, EtherTypes.Arp, false)]
    [InlineData(KernelVersion.V6, EtherTypes.MplsUnicast, true)] // the kernel stops at the label
    [InlineData(KernelVersion.V310, EtherTypes.MplsUnicast, false)]
    [InlineData(KernelVersion.V6, EtherTypes.Lldp, false)]
    [InlineData(KernelVersion.V310, EtherTypes.Lldp, false)]
    public void Frames_without_IP_have_no_addresses(KernelVersion version, ushort protocol, bool found)
    {
        Assert.Equal(found, FlowDissector.Dissect(new byte[60], protocol, null, version, out var keys));
        Assert.Equal((FlowAddressType.None, protocol), (keys.AddressType, keys.NetworkProtocol));
    }

    [Theory]
    [InlineData(KernelVersion.V6)]
    [InlineData(KernelVersion.V310)]
    public void A_broken_or_short_header_is_not_found(KernelVersion version)
    {
        var packet = Udp4(A, B, 1, 2);
        Assert.False(FlowDissector.Dissect(packet.AsSpan(0, 19), EtherTypes.Ipv4, null, version, out _));
        packet[0] = 0x44;
        Assert.False(FlowDissector.Dissect(packet, EtherTypes.Ipv4, null, version, out _));
        Assert.False(FlowDissector.Dissect(new byte[3], EtherTypes.Vlan, null, version, out _));
        Assert.False(FlowDissector.Dissect(Pppoe(0x22, packet), EtherTypes.PppoeSession, null, version, out _));
    }

    [Fact]
    public void More_than_15_headers_are_not_followed_in_6()
    {
        var packet = Udp4(A, B, 1000, 2000);
        for (var i = 0; i < 15; i++) packet = Vlan(1, i == 0 ? EtherTypes.Ipv4 : EtherTypes.Vlan, packet);
        Assert.Equal(1000, Found(packet, EtherTypes.Vlan, KernelVersion.V6).SourcePort);
        packet = Vlan(1, EtherTypes.Vlan, packet);
        Assert.Equal(FlowAddressType.None, Found(packet, EtherTypes.Vlan, KernelVersion.V6).AddressType);
    }

    private static FlowKeys Found(ReadOnlySpan<byte> packet, ushort protocol, KernelVersion version)
    {
        Assert.True(FlowDissector.Dissect(packet, protocol, null, version, out var keys));
        return keys;
    }

    private static void AssertInner(ReadOnlySpan<byte> packet, ushort protocol, KernelVersion version)
    {
        var keys = Found(packet, protocol, version);
        Assert.Equal((FlowAddressType.Ipv4, (UInt128)A, (UInt128)B), (keys.AddressType, keys.Source, keys.Destination));
        Assert.Equal((IpProtocols.Udp, 1000, 2000), (keys.IpProtocol, keys.SourcePort, keys.DestinationPort));
    }
}
