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

    private static List<(byte[] Frame, PacketType Type)> Take(PacketSocket tap)
    {
        List<(byte[], PacketType)> seen = [];
        var mib = new MibSet();
        while (tap.TryDequeue(KernelTime.Never, out var skb))
        {
            tap.Receive(skb, mib);
            seen.Add((skb.Data.ToArray(), skb.PacketType));
            skb.Free(SkbDropReason.CONSUMED);
        }

        return seen;
    }
}
