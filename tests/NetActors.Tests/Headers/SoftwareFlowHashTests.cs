using CsCheck;
using NetActors.Buffers;
using NetActors.Headers;
using static NetActors.Tests.Headers.Packets;

namespace NetActors.Tests.Headers;

public class SoftwareFlowHashTests
{
    private static readonly SoftwareFlowHash Six = new(KernelVersion.V6, 42);
    private static readonly SoftwareFlowHash Three = new(KernelVersion.V310, 42);

    [Theory]
    [InlineData(KernelVersion.V6)]
    [InlineData(KernelVersion.V310)]
    public void The_two_directions_of_a_connection_have_one_hash(KernelVersion version)
    {
        var hash = new SoftwareFlowHash(version, 7);
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UShort, Gen.UShort).Sample((a, b, p, q) =>
            Hash(hash, Udp4(a, b, p, q)) == Hash(hash, Udp4(b, a, q, p)) && Hash(hash, Udp4(a, b, p, q)) != 0);
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UShort, Gen.UShort).Sample((a, b, p, q) =>
            Hash6(hash, Udp6(a, b, p, q)) == Hash6(hash, Udp6(b, a, q, p)));
    }

    [Fact]
    public void Swapped_ports_collide_in_6_and_not_in_3_10()
    {
        Assert.Equal(Hash(Six, Udp4(1, 2, 1000, 2000)), Hash(Six, Udp4(1, 2, 2000, 1000)));
        Assert.NotEqual(Hash(Three, Udp4(1, 2, 1000, 2000)), Hash(Three, Udp4(1, 2, 2000, 1000)));
        Assert.Equal(Hash(Three, Udp4(1, 1, 1000, 2000)), Hash(Three, Udp4(1, 1, 2000, 1000)));
    }

    [Fact]
    public void The_protocol_counts_in_6_only()
    {
        var tcp = Ipv4(1, 2, IpProtocols.Tcp, Ports(1000, 2000));
        Assert.NotEqual(Hash(Six, Udp4(1, 2, 1000, 2000)), Hash(Six, tcp));
        Assert.Equal(Hash(Three, Udp4(1, 2, 1000, 2000)), Hash(Three, tcp));
    }

    [Fact]
    public void The_tag_counts_in_6_only()
    {
        var packet = Udp4(1, 2, 1000, 2000);
        Assert.NotEqual(Six.Compute(packet, EtherTypes.Ipv4, null, out _), Six.Compute(packet, EtherTypes.Ipv4, 5, out _));
        Assert.Equal(Three.Compute(packet, EtherTypes.Ipv4, null, out _), Three.Compute(packet, EtherTypes.Ipv4, 5, out _));
    }

    [Fact]
    public void All_ARP_has_one_hash_in_6_and_none_in_3_10()
    {
        var request = Six.Compute(Captures.Network(Captures.ArpRequest), EtherTypes.Arp, null, out var l4);
        Assert.Equal(request, Six.Compute(Captures.Network(Captures.ArpReply), EtherTypes.Arp, null, out _));
        Assert.True(request != 0 && !l4);
        Assert.Equal(0u, Three.Compute(Captures.Network(Captures.ArpRequest), EtherTypes.Arp, null, out l4));
        Assert.False(l4);
    }

    [Fact]
    public void Ports_or_a_flow_label_make_the_hash_one_of_a_connection()
    {
        Six.Compute(Udp4(1, 2, 1000, 2000), EtherTypes.Ipv4, null, out var ports);
        Six.Compute(Udp6(1, 2, 1000, 2000, label: 5), EtherTypes.Ipv6, null, out var label);
        Six.Compute(Ipv4(1, 2, IpProtocols.Udp, Ports(1000, 2000), 0x2000), EtherTypes.Ipv4, null, out var fragment);
        Assert.True(ports && label && !fragment);
    }

    [Fact]
    public void IPv6_addresses_are_folded_in_3_10()
    {
        var folded = (UInt128)1 << 96;
        Assert.Equal(Hash6(Three, Udp6(1, 2, 5, 6)), Hash6(Three, Udp6(folded, 2, 5, 6)));
        Assert.NotEqual(Hash6(Six, Udp6(1, 2, 5, 6)), Hash6(Six, Udp6(folded, 2, 5, 6)));
    }

    [Fact]
    public void The_seed_decides_and_the_same_seed_gives_the_same_hash()
    {
        var packet = Udp4(1, 2, 1000, 2000);
        Assert.Equal(Hash(Six, packet), Hash(new SoftwareFlowHash(KernelVersion.V6, Six.Seed), packet));
        Assert.NotEqual(Hash(Six, packet), Hash(new SoftwareFlowHash(KernelVersion.V6, 43), packet));
        Assert.NotEqual(Hash(Three, packet), Hash(new SoftwareFlowHash(KernelVersion.V310, 43), packet));
    }

    [Theory]
    [InlineData(KernelVersion.V6)]
    [InlineData(KernelVersion.V310)]
    public void Flows_spread_evenly_over_16_CPUs(KernelVersion version)
    {
        var hash = new SoftwareFlowHash(version, 3);
        var cpus = new int[16];
        for (var port = 0; port < 16_000; port++) cpus[(int)((ulong)Hash(hash, Udp4(1, 2, (ushort)(1024 + port), 80)) * 16 >> 32)]++;
        Assert.All(cpus, flows => Assert.InRange(flows, 850, 1150));
    }

    [Fact]
    public void A_hash_of_ports_is_used_again_and_one_of_addresses_is_replaced()
    {
        var skb = Rent(Udp4(1, 2, 1000, 2000));
        (skb.Hash, skb.L4Hash) = (0x1234, true);
        Assert.Equal(0x1234u, Six.GetHash(skb));
        skb.L4Hash = false;
        Assert.Equal(Hash(Six, Udp4(1, 2, 1000, 2000)), Six.GetHash(skb));
        Assert.True(skb.L4Hash && skb.SwHash);
        skb.Free(SkbDropReason.CONSUMED);
    }

    [Fact]
    public void An_undissected_packet_keeps_the_devices_hash_in_3_10()
    {
        var skb = Rent(Captures.Network(Captures.ArpRequest));
        (skb.Protocol, skb.Hash) = (EtherTypes.Arp, 0x77);
        Assert.Equal(0x77u, Three.GetHash(skb));
        Assert.False(skb.SwHash);
        skb.Free(SkbDropReason.CONSUMED);
    }

    private static uint Hash(SoftwareFlowHash hash, ReadOnlySpan<byte> packet) => hash.Compute(packet, EtherTypes.Ipv4, null, out _);

    private static uint Hash6(SoftwareFlowHash hash, ReadOnlySpan<byte> packet) => hash.Compute(packet, EtherTypes.Ipv6, null, out _);

    private static SkBuff Rent(byte[] packet)
    {
        var skb = new SkbPool(256, 1).Rent();
        Assert.NotNull(skb);
        packet.CopyTo(skb.Put(packet.Length));
        skb.Protocol = EtherTypes.Ipv4;
        return skb;
    }
}
