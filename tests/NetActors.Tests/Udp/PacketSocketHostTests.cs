using NetActors.Buffers;
using NetActors.Filters;
using NetActors.Links;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tests.Hosts;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Tests.Udp;

/// <summary>Packet sockets on a card: what tcpdump would see there (kernel: net/packet/af_packet.c).</summary>
public sealed class PacketSocketHostTests
{
    private const string Asker = """{ name: asker, program: udp-closed-loop, connect: "10.0.0.1:7", stop: 1ms }""";
    private const string Echo = """{ name: echo, program: udp-echo, bind: "0.0.0.0:7" }""";

    [Fact]
    public void Packet_socket_sees_each_frame_that_the_wire_sees()
    {
        PacketSocket tap = null!;
        using var run = new Running(Yaml.Pair(Asker, Echo), capture: true, prepare: plan =>
        {
            tap = plan.Hosts[0].NewPacket(isCooked: false, protocol: 3);
            tap.Buffer.ForceRcvBuf(1 << 28);
        });
        run.Until(10_000);
        var seen = Take(tap);
        var device = run.Captured.Interfaces.FindIndex(name => name.Contains("client", StringComparison.Ordinal));
        var captured = run.Captured.Frames.Where(f => f.Interface == device).ToList();
        Assert.True(captured.Count > 100);
        foreach (var direction in (CaptureDirection[])[CaptureDirection.Outbound, CaptureDirection.Inbound])
        {
            var isOut = direction == CaptureDirection.Outbound;
            Assert.Equal(
                captured.Where(f => f.Direction == direction).Select(f => Convert.ToHexString(f.Frame)),
                seen.Where(s => (s.Type == PacketType.Outgoing) == isOut).Select(s => Convert.ToHexString(s.Frame)));
        }
    }

    [Fact]
    public void Full_packet_socket_loses_copies_and_no_packet()
    {
        PacketSocket tap = null!;
        using var run = new Running(Yaml.Pair(Asker, Echo), prepare: plan => tap = plan.Hosts[0].NewPacket(isCooked: true, protocol: 3));
        run.Until(10_000);
        Assert.True(tap.Buffer.Drops > 0);
        Assert.Equal(tap.Buffer.Drops, run.Dropped(SkbDropReason.SOCKET_RCVBUFF));
        var client = (NetActors.Apps.UdpClientProgram)run.Host.Tasks[0].Program;
        Assert.Equal(client.Asked, client.Answered);
        Take(tap);
    }

    [Fact]
    public void Filter_chooses_and_cuts_before_memory_is_charged()
    {
        BpfInstruction[] udpOnly = [new(0x30, 0, 0, 23), new(0x15, 0, 1, 17), new(0x06, 0, 0, 42), new(0x06, 0, 0, 0)]; // tcpdump -s 42 udp
        PacketSocket tap = null!;
        using var run = new Running(Yaml.Pair(Asker, Echo), prepare: plan =>
        {
            tap = plan.Hosts[0].NewPacket(isCooked: false, protocol: 3);
            tap.Buffer.ForceRcvBuf(1 << 28);
            byte[] program = [.. udpOnly.SelectMany(i => (byte[])[.. BitConverter.GetBytes(i.Code), i.Jt, i.Jf, .. BitConverter.GetBytes(i.K)])];
            Assert.Equal(Errno.None, SocketFilter.TryCreate(program, out var filter));
            tap.Filter = filter;
        });
        run.Until(10_000);
        var seen = Take(tap);
        var client = (NetActors.Apps.UdpClientProgram)run.Host.Tasks[0].Program;
        Assert.Equal(2 * client.Answered, seen.Count); // no ARP
        Assert.All(seen, s => Assert.Equal((42, 17), (s.Frame.Length, s.Frame[23])));
        Assert.Equal(0, tap.Buffer.Drops);
    }

    /// <summary>dev_queue_xmit_nit runs in dev_hard_start_xmit: a frame shows when it leaves the queue, and one that the queue drops never does.</summary>
    [Fact]
    public void Packet_socket_sees_what_leaves_the_qdisc_when_it_leaves()
    {
        PacketSocket tap = null!;
        const string Flood = """{ name: flood, program: packet-flood, destination: "10.0.0.1:9000", rate: 100kpps, stop: 20ms, batch: 32 }""";
        var yaml = Transmit.Path.Yaml("qdisc add dev eth0 root pfifo limit 5", Flood, Transmit.Path.Sink("sink", 9000), "rate: 10Mbit, delay: 10us", "queues: 1, ring: { rx: 64, tx: 64 }");
        using var run = new Running(yaml, capture: true, prepare: plan =>
        {
            tap = plan.Hosts[0].NewPacket(isCooked: false, protocol: 3);
            tap.Buffer.ForceRcvBuf(1 << 28);
        });
        run.Until(5_000_000);
        Assert.True(run.Device("eth0").Qdiscs[0].Drops > 500);
        var sender = run.Captured.Interfaces.FindIndex(name => name.Contains(run.Host.Name, StringComparison.Ordinal));
        var left = run.Captured.Frames.Where(f => f.Interface == sender && f.Direction == CaptureDirection.Outbound).ToList();
        var seen = Take(tap).Where(s => s.Type == PacketType.Outgoing).ToList();
        Assert.Equal(left.Select(f => Convert.ToHexString(f.Frame)), seen.Select(s => Convert.ToHexString(s.Frame)));
        Assert.All(left.Zip(seen), pair => Assert.InRange((pair.First.At - pair.Second.Time).Nanoseconds, 0, 500)); // the descriptor is written in between
    }

    /// <summary>validate_xmit_skb comes before: what the card cuts is seen whole, what it does not is seen in frames.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("tso: off", false)]
    public void Packet_socket_sees_large_packets_as_the_card_gets_them(string features, bool seesLarge)
    {
        PacketSocket tap = null!;
        const string Stream = """{ name: stream, program: tcp-stream, connect: "10.0.0.1:5001", bytes: 1000000B, stop: 100ms }""";
        const string Sink = """{ name: sink, program: tcp-server, does: discard, bind: "0.0.0.0:5001" }""";
        var yaml = Yaml.Pair(Stream, Sink, "delay: 5us, rate: 1Gbit").Replace("queues: 1, mac: \"02:00:00:00:00:02\"", $$"""queues: 1, mac: "02:00:00:00:00:02", features: { {{features}} }""", StringComparison.Ordinal);
        using var run = new Running(yaml, prepare: plan =>
        {
            tap = plan.Hosts[0].NewPacket(isCooked: false, protocol: 3);
            tap.Buffer.ForceRcvBuf(1 << 28);
        });
        run.Until(100_000);
        var lengths = Take(tap).Where(s => s.Type == PacketType.Outgoing).Select(s => s.Frame.Length).ToList();
        Assert.Equal(seesLarge, lengths.Max() > 1514);
        if (!seesLarge) Assert.True(lengths.Count(length => length == 1514) > 600);
    }

    private static List<(byte[] Frame, PacketType Type, KernelTime Time)> Take(PacketSocket tap)
    {
        List<(byte[], PacketType, KernelTime)> seen = [];
        var mib = new MibSet();
        while (tap.TryDequeue(KernelTime.Never, out var skb))
        {
            tap.Receive(skb, mib);
            seen.Add((skb.Data.ToArray(), skb.PacketType, skb.VisibleFrom));
            skb.Free(SkbDropReason.CONSUMED);
        }

        return seen;
    }
}
