using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Observe;

namespace NetActors.Tests.Hosts;

/// <summary>SYN cookies on a whole host: what more than one copy of the last segment of a handshake does.</summary>
public class TcpCookieHostTests
{
    private const int Ip = EthernetHeader.Size, Tcp = Ip + Ipv4Header.Size;

    /// <summary>
    /// Both copies find the listener, since neither has made a connection yet; the one that is second finds the first's child in the
    /// table and makes none (kernel: <c>inet_ehash_nolisten</c> with <c>found_dup_sk</c>, in <c>tcp_v4_syn_recv_sock</c>).
    /// </summary>
    [Theory]
    [InlineData(1, 0)] // in one batch
    [InlineData(2, 0)]
    [InlineData(3, 200)]
    [InlineData(2, 100_000)]
    public void Copies_of_a_cookie_make_one_connection(int copies, long gapNanoseconds)
    {
        var syn = Segment(1000, 0, TcpFlags.Syn);
        uint isn;
        using (var run = Run([(1000, syn)]))
        {
            run.Until(10_000);
            var answer = Assert.Single(run.Captured.Sent(), f => f.Length > Tcp + 13 && f[Tcp + 13] == (byte)(TcpFlags.Syn | TcpFlags.Ack));
            isn = BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(Tcp + 4));
        }

        var frames = new List<(long, byte[])> { (1000, syn) };
        for (var i = 0; i < copies; i++) frames.Add((5_000_000 + (i * gapNanoseconds), Segment(1001, isn + 1, TcpFlags.Ack)));
        using var again = Run(frames);
        again.Until(10_000);
        Assert.Equal(1, again.Mib[TcpMib.PassiveOpens]);
        Assert.Equal(1, again.Mib[TcpMib.CurrEstab]);
        Assert.Equal(1, again.Snapshot.Hosts[0].TcpSockets.Count(s => s.State == "ESTAB"));
        Assert.Equal(1, again.Snapshot.Hosts[0].TcpSockets.Single(s => s.State == "LISTEN").RecvQ);
        Assert.InRange(again.Mib[LinuxMib.SyncookiesRecv], 1, copies);
        Assert.Equal(0, again.Mib[LinuxMib.SyncookiesFailed]);
    }

    private static byte[] Segment(uint sequence, uint acknowledgment, TcpFlags flags)
    {
        var frame = new byte[200];
        return frame[..FrameBuilder.WriteTcp(frame, HostFrames.Ends(), new TcpSegment(40_000, 9000, sequence, acknowledgment, flags, 20_000), [], [])];
    }

    private static Running Run(IEnumerable<(long At, byte[] Frame)> frames) => new(
        Yaml.Server(sysctl: "net.ipv4.tcp_syncookies: 2"),
        frames: frames.SelectMany(f => HostFrames.ToServer(f.At, 0, f.Frame)),
        capture: true,
        prepare: plan => TcpSteps.AddTo(plan.Hosts[0], "server", p => p.Socket(), p => p.Bind(9000), p => p.Listen(8)));
}
