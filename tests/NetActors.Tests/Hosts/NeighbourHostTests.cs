using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Links;
using NetActors.Neighbours;

namespace NetActors.Tests.Hosts;

/// <summary>ARP between whole hosts (RFC 826; net/core/neighbour.c, net/ipv4/arp.c).</summary>
public sealed class NeighbourHostTests
{
    private const string OneDatagram = """{ name: asker, program: packet-flood, destination: "10.0.0.1:9000", rate: 1pps, stop: 10ms }""";

    [Fact]
    public void First_packet_waits_for_the_answer_and_is_delivered()
    {
        using var run = new Running(Yaml.Pair(OneDatagram, Yaml.Sink()), capture: true);
        run.Until(1000);
        Assert.Equal(1, run.Socket("sink").Delivered);
        Assert.Equal(1, run.Plan.Hosts[0].Stack.Neighbours.Lookup(2, Ipv4Address.Parse("10.0.0.1")) is { Nud.State: NudState.Reachable } ? 1 : 0);

        var client = run.Captured.Frames.Where(f => run.Captured.Interfaces[f.Interface] == "client/eth0").ToList();
        Assert.Equal(
            [(CaptureDirection.Outbound, EtherTypes.Arp), (CaptureDirection.Inbound, EtherTypes.Arp), (CaptureDirection.Outbound, EtherTypes.Ipv4)],
            client.Select(f => (f.Direction, TypeOf(f.Frame))));
        Assert.InRange(client[2].At.Nanoseconds, 10_000, 11_000); // there and back over 5 us each
    }

    [Fact]
    public void Asked_host_learns_the_asker_and_need_not_ask()
    {
        using var run = new Running(Yaml.Pair(
            """{ name: asker, program: udp-closed-loop, connect: "10.0.0.1:9000", stop: 5ms }""", """{ name: echo, program: udp-echo, bind: "0.0.0.0:9000" }"""), capture: true);
        run.Until(10_000);
        Assert.True(run.Socket("echo").Delivered > 100);
        Assert.Equal(1, run.Captured.Frames.Count(f => TypeOf(f.Frame) == EtherTypes.Arp && f.Direction == CaptureDirection.Outbound && f.Frame[0] == 0xFF));
    }

    [Fact]
    public void Silence_fails_the_neighbour_after_three_questions_a_second_apart_and_drops_what_waits()
    {
        // Nobody has 10.0.0.9.
        using var run = new Running(
            Yaml.Pair("""{ name: asker, program: packet-flood, destination: "10.0.0.9:9000", rate: 1000pps, stop: 10ms }"""), capture: true);
        run.Until(2_990_000);
        Assert.Equal(0, run.Dropped(SkbDropReason.NEIGH_FAILED));
        run.Until(3_120_000);
        Assert.Equal(10, run.Dropped(SkbDropReason.NEIGH_FAILED));
        var questions = run.Captured.Frames.Where(f => f.Direction == CaptureDirection.Outbound).ToList();
        Assert.Equal(3, questions.Count);
        for (var i = 0; i < 3; i++) Assert.InRange(questions[i].At.Nanoseconds, i * 1_000_000_000L, i * 1_040_000_000L); // 250 jiffies lie in buckets of 8
    }

    [Fact]
    public void Full_unresolved_queue_drops_its_oldest()
    {
        // 20 bytes of payload are charged 832 bytes: two of them fit into 2000.
        using var run = new Running(Yaml.Pair(
            """{ name: asker, program: packet-flood, destination: "10.0.0.9:9000", rate: 1000pps, stop: 10ms, size: 20 }""",
            clientSysctl: "net.ipv4.neigh.default.unres_qlen_bytes: 2000"));
        run.Until(100_000);
        Assert.Equal(8, run.Dropped(SkbDropReason.NEIGH_QUEUEFULL));
        run.Until(4_000_000);
        Assert.Equal((8, 2), (run.Dropped(SkbDropReason.NEIGH_QUEUEFULL), run.Dropped(SkbDropReason.NEIGH_FAILED)));
    }

    [Fact]
    public void Question_for_our_address_is_answered_and_one_for_another_is_not()
    {
        byte[] mine = new byte[64], other = new byte[64];
        mine = mine[..FrameBuilder.WriteArpRequest(mine, HostFrames.Peer, HostFrames.PeerAddress, HostFrames.ServerAddress)];
        other = other[..FrameBuilder.WriteArpRequest(other, HostFrames.Peer, HostFrames.PeerAddress, Ipv4Address.Parse("10.0.0.77"))];
        using var run = new Running(Yaml.Server(), frames: HostFrames.ToServer(mine, other), capture: true);
        run.Until(1000);
        var answer = Assert.Single(run.Captured.Sent());
        Assert.True(ArpPacket.TryCreate(answer.AsSpan(EthernetHeader.Size), out _));
        Assert.Equal(0x02, answer[EthernetHeader.Size + 7]); // a reply
        Assert.Equal(HostFrames.Peer.Value, NetActors.Nic.MacFilter.Read(answer));
    }

    private static ushort TypeOf(byte[] frame) => (ushort)((frame[12] << 8) | frame[13]);
}
