using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>Every reason for which the receive path drops, with its counter (specification section 10).</summary>
public sealed class Ipv4DropTests
{
    private const int Ip = EthernetHeader.Size;

    [Fact]
    public void Otherhost_counts_no_InReceives()
    {
        using var run = Receive(HostFrames.Udp(ends: HostFrames.Ends(mac: MacAddress.Local(99))), "queues: 1, promisc: on");
        Check(run, SkbDropReason.OTHERHOST);
        Assert.Equal((0, 1), (run.Mib[IpMib.InReceives], run.Device("eth0").Stats.RxOtherhostDropped));
    }

    [Fact]
    public void Version_5_is_a_header_error() => Header(HostFrames.Udp().Ip(f => f[Ip] = 0x55, checksum: false));

    [Fact]
    public void Header_of_16_bytes_is_a_header_error() => Header(HostFrames.Udp().Ip(f => f[Ip] = 0x44, checksum: false));

    [Fact]
    public void Header_longer_than_the_frame_is_a_header_error() =>
        Header(HostFrames.Udp().Ip(f => f[Ip] = 0x4F, checksum: false));

    [Fact]
    public void Total_length_below_the_header_is_a_header_error() => Header(HostFrames.Udp().Ip(f => (f[Ip + 2], f[Ip + 3]) = (0, 19)));

    [Fact]
    public void Wrong_header_checksum_counts_InCsumErrors_and_InHdrErrors()
    {
        using var run = Receive(HostFrames.Udp().Ip(f => f[Ip + 10] ^= 0xFF, checksum: false));
        Check(run, SkbDropReason.IP_CSUM);
        Assert.Equal((1, 1), (run.Mib[IpExtMib.InCsumErrors], run.Mib[IpMib.InHdrErrors]));
    }

    [Fact]
    public void Total_length_above_the_frame_is_truncated()
    {
        using var run = Receive(HostFrames.Udp().Ip(f => f[Ip + 3] = 200));
        Check(run, SkbDropReason.PKT_TOO_SMALL);
        Assert.Equal((1, 0), (run.Mib[IpExtMib.InTruncatedPkts], run.Mib[IpMib.InHdrErrors]));
    }

    [Theory]
    [InlineData("127.0.0.1", SkbDropReason.IP_LOCALNET)]
    [InlineData("10.0.0.1", SkbDropReason.IP_LOCAL_SOURCE)]
    [InlineData("255.255.255.255", SkbDropReason.IP_INVALID_SOURCE)]
    [InlineData("224.0.0.1", SkbDropReason.IP_INVALID_SOURCE)]
    [InlineData("0.0.0.0", SkbDropReason.IP_INVALID_SOURCE)]
    public void Impossible_sources_are_martians(string source, SkbDropReason reason)
    {
        using var run = Receive(HostFrames.Udp(ends: HostFrames.Ends(source)));
        Check(run, reason);
    }

    [Theory]
    [InlineData("0.0.0.0", SkbDropReason.IP_INVALID_DEST)]
    [InlineData("127.0.0.1", SkbDropReason.IP_LOCALNET)]
    public void Impossible_destinations_are_martians(string destination, SkbDropReason reason)
    {
        using var run = Receive(HostFrames.Udp(ends: HostFrames.Ends(destination: destination)));
        Check(run, reason);
    }

    [Fact]
    public void Strange_destination_is_an_address_error_on_a_host()
    {
        using var run = Receive(HostFrames.Udp(ends: HostFrames.Ends(destination: "10.0.0.77")));
        Check(run, SkbDropReason.IP_INADDRERRORS);
        Assert.Equal(1, run.Mib[IpMib.InAddrErrors]);
    }

    [Fact]
    public void Source_that_would_not_be_reached_that_way_fails_the_reverse_path_check()
    {
        using var run = Receive(HostFrames.Udp(ends: HostFrames.Ends("192.0.2.1")), sysctl: "net.ipv4.conf.all.rp_filter: 1");
        Check(run, SkbDropReason.IP_RPFILTER);
        Assert.Equal(1, run.Mib[LinuxMib.IPReversePathFilter]);
    }

    [Fact]
    public void Unknown_protocol_is_answered_with_protocol_unreachable()
    {
        using var run = Receive(HostFrames.Udp().Ip(f => f[Ip + 9] = 200));
        Check(run, SkbDropReason.IP_NOPROTO, answers: 1);
        Assert.Equal(1, run.Mib[IpMib.InUnknownProtos]);
        Assert.Equal(2, run.Captured.Sent().Single()[35]); // code
    }

    [Fact]
    public void Unknown_ethertype_is_dropped_by_the_device()
    {
        var frame = HostFrames.Udp();
        (frame[12], frame[13]) = (0x88, 0xB5); // for experiments
        using var run = Receive(frame);
        Check(run, SkbDropReason.UNHANDLED_PROTO);
        Assert.Equal((0, 1), (run.Mib[IpMib.InReceives], run.Device("eth0").Stats.RxDropped));
    }

    [Fact]
    public void Ipv6_is_disabled()
    {
        var frame = HostFrames.Udp();
        (frame[12], frame[13]) = (0x86, 0xDD);
        using var run = Receive(frame);
        Check(run, SkbDropReason.IPV6DISABLED);
    }

    [Fact]
    public void Udp_length_above_the_packet_is_too_small()
    {
        using var run = Receive(Patch(HostFrames.Udp(), Ip + 24, 0x02));
        Check(run, SkbDropReason.PKT_TOO_SMALL);
        Assert.Equal(1, run.Mib[UdpMib.InErrors]);
    }

    [Fact]
    public void Wrong_udp_checksum_of_a_short_datagram_is_found_in_the_softirq()
    {
        using var run = Receive(Patch(HostFrames.Udp(), Ip + 28, 0xFF));
        Check(run, SkbDropReason.UDP_CSUM);
        Assert.Equal((1, 1), (run.Mib[UdpMib.InCsumErrors], run.Mib[UdpMib.InErrors]));
        Assert.Equal(0, run.Socket("sink").RxPackets);
    }

    [Fact]
    public void Wrong_udp_checksum_of_a_long_datagram_is_found_by_the_reader()
    {
        using var run = Receive(Patch(HostFrames.Udp(payload: 500), Ip + 28, 0xFF));
        Check(run, SkbDropReason.UDP_CSUM);
        Assert.Equal((1, 1), (run.Mib[UdpMib.InCsumErrors], run.Mib[UdpMib.InErrors]));
        Assert.Equal((1, 0), (run.Socket("sink").RxPackets, run.Socket("sink").Delivered));
    }

    [Fact]
    public void No_socket_counts_NoPorts()
    {
        using var run = Receive(HostFrames.Udp(port: 4242));
        Check(run, SkbDropReason.NO_SOCKET, answers: 1);
        Assert.Equal(1, run.Mib[UdpMib.NoPorts]);
    }

    [Fact]
    public void Wrong_icmp_checksum_counts_InCsumErrors_and_InErrors()
    {
        using var run = Receive(Patch(HostFrames.Echo(), Ip + 30, 0xFF));
        Check(run, SkbDropReason.ICMP_CSUM);
        Assert.Equal((1, 1), (run.Mib[IcmpMib.InCsumErrors], run.Mib[IcmpMib.InErrors]));
    }

    [Fact]
    public void Echo_to_the_broadcast_address_is_ignored()
    {
        using var run = Receive(HostFrames.Echo(ends: HostFrames.Ends(destination: "10.0.0.255", mac: MacAddress.Broadcast)));
        Check(run, SkbDropReason.INVALID_PROTO);
    }

    [Fact]
    public void Vlan_tag_of_nobody_makes_the_packet_somebody_elses()
    {
        var plain = HostFrames.Udp();
        byte[] tagged = [.. plain[..12], 0x81, 0x00, 0x00, 0x05, .. plain[12..]];
        using var run = Receive(tagged);
        Check(run, SkbDropReason.OTHERHOST);
    }

    private static byte[] Patch(byte[] frame, int offset, byte mask)
    {
        frame[offset] ^= mask;
        return frame;
    }

    private static void Header(byte[] frame)
    {
        using var run = Receive(frame);
        Check(run, SkbDropReason.IP_INHDR);
        Assert.Equal(1, run.Mib[IpMib.InHdrErrors]);
    }

    private static Running Receive(byte[] frame, string device = "queues: 1", string sysctl = "") =>
        new Running(Yaml.Server(device: device, sysctl: sysctl, tasks: Yaml.Sink()), frames: HostFrames.ToServer(frame), capture: true).Until(1000);

    private static void Check(Running run, SkbDropReason reason, int answers = 0)
    {
        var drop = Assert.Single(run.Snapshot.Hosts[0].Drops);
        Assert.Equal((reason, 1), (drop.Reason, drop.Count));
        Assert.Equal(answers, run.Captured.Sent().Count());
        Assert.Equal(0, run.Socket("sink").Delivered);
    }
}
