using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>ICMP on whole hosts: echo, errors and their limits (RFC 792, RFC 1122 section 3.2.2).</summary>
public sealed class IcmpHostTests
{
    [Fact]
    public void Echo_is_answered_by_the_softirq_with_the_same_bytes()
    {
        var question = HostFrames.Echo(5);
        using var run = new Running(Yaml.Server(), frames: HostFrames.ToServer(question), capture: true);
        run.Until(1000);
        var answer = Assert.Single(run.Captured.Sent());
        Assert.Equal(question.Length, answer.Length);
        Assert.Equal(HostFrames.Peer.Value, NetActors.Nic.MacFilter.Read(answer));
        Assert.True(IcmpHeader.TryParse(answer.AsSpan(34), out var icmp));
        Assert.Equal((IcmpTypes.EchoReply, (ushort)77, (ushort)5), (icmp.Type, icmp.Identifier, icmp.Sequence));
        Assert.True(icmp.IsChecksumValid);
        Assert.Equal((1, 1), (run.Mib[IcmpMib.InEchos], run.Mib[IcmpMib.OutEchoReps]));
    }

    [Fact]
    public void Echo_is_ignored_when_told_to()
    {
        using var run = new Running(Yaml.Server(sysctl: "net.ipv4.icmp_echo_ignore_all: 1"), frames: HostFrames.ToServer(HostFrames.Echo()), capture: true);
        run.Until(1000);
        Assert.Empty(run.Captured.Sent());
        Assert.Equal(1, run.Mib[IcmpMib.InEchos]);
    }

    [Fact]
    public void Closed_port_is_answered_with_port_unreachable_that_quotes_the_datagram()
    {
        var datagram = HostFrames.Udp(port: 4242);
        using var run = new Running(Yaml.Server(), frames: HostFrames.ToServer(datagram), capture: true);
        run.Until(1000);
        var answer = Assert.Single(run.Captured.Sent());
        Assert.True(IcmpHeader.TryParse(answer.AsSpan(34), out var icmp));
        Assert.Equal((IcmpTypes.DestinationUnreachable, (byte)3), (icmp.Type, icmp.Code));
        Assert.True(icmp.Payload[..28].SequenceEqual(datagram.AsSpan(14, 28)));
        Assert.Equal((1, 1), (run.Mib[UdpMib.NoPorts], run.Mib[IcmpMib.OutDestUnreachs]));
    }

    [Fact]
    public void Port_unreachable_is_limited_to_a_burst_of_six_and_one_a_second_to_a_host()
    {
        byte[][] datagrams = [.. Enumerable.Range(0, 100).Select(i => HostFrames.Udp(port: 4242, sourcePort: (ushort)(2000 + i)))];
        using var run = new Running(Yaml.Server(), frames: HostFrames.ToServer(1000, 50_000_000, datagrams)); // 20 a second for 5 s
        run.Until(6_000_000);
        Assert.Equal(100, run.Mib[UdpMib.NoPorts]);
        var sent = run.Mib[IcmpMib.OutDestUnreachs];
        Assert.InRange(sent, 6, 11); // XRLIM_BURST_FACTOR 6, then one a second
        Assert.Equal(100 - sent, run.Mib[IcmpMib.OutRateLimitHost] + run.Mib[IcmpMib.OutRateLimitGlobal]);
    }

    [Fact]
    public void Port_unreachable_of_all_hosts_together_is_limited_by_msgs_per_sec()
    {
        byte[][] datagrams = [.. Enumerable.Range(3, 200).Select(i => HostFrames.Udp(port: 4242, ends: HostFrames.Ends($"10.0.0.{i}")))];
        using var run = new Running(
            Yaml.Server(sysctl: "net.ipv4.icmp_msgs_per_sec: 1000, net.ipv4.icmp_msgs_burst: 50"), frames: HostFrames.ToServer(1000, 1000, datagrams));
        run.Until(10_000);
        Assert.InRange(run.Mib[IcmpMib.OutDestUnreachs], 30, 52); // the bucket of 50, less up to two credits a message
        Assert.Equal(200 - run.Mib[IcmpMib.OutDestUnreachs], run.Mib[IcmpMib.OutRateLimitGlobal]);
    }

    [Fact]
    public void Connected_socket_gets_ECONNREFUSED_and_asks_on()
    {
        using var run = new Running(Yaml.Pair("""{ name: asker, program: udp-closed-loop, connect: "10.0.0.1:4242", timeout: 1ms, stop: 3ms }"""));
        run.Until(10_000);
        var program = (NetActors.Apps.UdpClientProgram)run.Host.Tasks[0].Program;
        Assert.True(program.Errors > 0);
        Assert.Equal(0, program.Answered);
        Assert.Equal(run.Snapshot.Hosts[1].Mib[IcmpMib.OutDestUnreachs], run.Mib[IcmpMib.InDestUnreachs]);
    }
}
