using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;

namespace NetActors.Tests.Hosts;

/// <summary>Fast Open of a server as a whole host: its listener counts children whose handshakes go on (RFC 7413 section 5.1).</summary>
public class TcpFastOpenHostTests
{
    private const int Tcp = EthernetHeader.Size + Ipv4Header.Size;
    private const string NoCookies = "net.ipv4.tcp_fastopen: 0x602"; // server, without cookies, every listener

    [Fact]
    public void A_child_counts_until_its_handshake_is_done()
    {
        var isns = Isns();
        using var run = Run([Syn(0), Syn(1), (5_000_000, Segment(40_000, 1101, isns[40_000] + 1, TcpFlags.Ack, 0))]);
        run.Until(4_000);
        Assert.Equal((2, 2), Counts(run));
        run.Until(6_000);
        Assert.Equal((1, 2), Counts(run));
        Assert.Equal(2, run.Mib[LinuxMib.TCPFastOpenPassive]);
    }

    [Fact]
    public void A_child_that_was_reset_before_accept_counts_no_longer()
    {
        var isns = Isns();
        using var run = Run([Syn(0), (5_000_000, Segment(40_000, 1101, isns[40_000] + 1, TcpFlags.Rst | TcpFlags.Ack, 0))]);
        run.Until(6_000);
        Assert.Equal(0, Counts(run).FastOpen);
    }

    /// <summary>Backlog 1 bounds the queue (TFO_SERVER_WO_SOCKOPT1): the second SYN gets an ordinary handshake.</summary>
    [Fact]
    public void A_full_queue_makes_ordinary_handshakes()
    {
        using var run = Run([Syn(0), Syn(1)], backlog: 1);
        run.Until(4_000);
        Assert.Equal((1, 1), Counts(run));
        Assert.Equal((1L, 1L), (run.Mib[LinuxMib.TCPFastOpenPassive], run.Mib[LinuxMib.TCPFastOpenListenOverflow]));
        var acks = run.Captured.Sent().Where(IsSynAck).Select(f => BinaryPrimitives.ReadUInt32BigEndian(f.AsSpan(Tcp + 8)));
        Assert.Equal([1101u, 1001u], acks);
    }

    private static Dictionary<ushort, uint> Isns()
    {
        using var run = Run([Syn(0), Syn(1)]);
        run.Until(4_000);
        return run.Captured.Sent().Where(IsSynAck).ToDictionary(
            f => BinaryPrimitives.ReadUInt16BigEndian(f.AsSpan(Tcp + 2)), f => BinaryPrimitives.ReadUInt32BigEndian(f.AsSpan(Tcp + 4)));
    }

    private static bool IsSynAck(byte[] frame) => frame.Length > Tcp + 13 && frame[Tcp + 13] == (byte)(TcpFlags.Syn | TcpFlags.Ack);

    private static (int FastOpen, int Accept) Counts(Running run)
    {
        foreach (var entry in run.Host.Stack.Tcp.Tables.Walk())
        {
            if (entry is TcpEndpoint { Owner: TcpSocket { Listener: { } listener } }) return (listener.FastOpen.Length, listener.AcceptQueueLength);
        }

        throw new InvalidOperationException("no listener");
    }

    private static (long At, byte[] Frame) Syn(int number) => (1000 + (number * 1000), Segment((ushort)(40_000 + number), 1000, 0, TcpFlags.Syn, 100));

    private static byte[] Segment(ushort port, uint sequence, uint acknowledgment, TcpFlags flags, int payload)
    {
        var frame = new byte[400];
        var segment = new TcpSegment(port, 9000, sequence, acknowledgment, flags, 20_000);
        return frame[..FrameBuilder.WriteTcp(frame, HostFrames.Ends(), segment, [], new byte[payload])];
    }

    private static Running Run(IEnumerable<(long At, byte[] Frame)> frames, int backlog = 8) => new(
        Yaml.Server(sysctl: NoCookies),
        frames: frames.SelectMany(f => HostFrames.ToServer(f.At, 0, f.Frame)),
        capture: true,
        prepare: plan => TcpSteps.AddTo(plan.Hosts[0], "server", p => p.Socket(), p => p.Bind(9000), p => p.Listen(backlog)));
}
