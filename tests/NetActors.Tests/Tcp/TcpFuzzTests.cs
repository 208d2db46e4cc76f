using CsCheck;
using NetActors.Headers;
using NetActors.Ip;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>Whatever comes in whatever state: no exception, and what must never happen does not.</summary>
public class TcpFuzzTests
{
    private static readonly Func<TcpPeer>[] States =
    [
        () => TcpSocks.Closed(), () => TcpSocks.SynSent(), () => TcpSocks.SynRecv(), () => TcpSocks.Established(), TcpSocks.FinWait1, TcpSocks.FinWait2,
        TcpSocks.Closing, TcpSocks.CloseWait, TcpSocks.LastAck,
        () => TcpSocks.Established(
            TcpSocks.Sysctls with { TcpTimestamps = 1 }, synOptions: "mss 1000,sackOK,TS val 5000 ecr 0,nop,wscale 7", ackOptions: "nop,nop,TS val 5100 ecr 100", ecn: true),
        () => TcpSocks.Established(synOptions: "mss 1000,sackOK").Writes(12000),
        () => TcpSocks.SynRecv(fastOpen: true),
    ];

    private static readonly Gen<uint> NearNumber = Gen.Frequency(
        (6, Gen.Int[-3, 30].Select(step => (uint)(step * 500))), (3, Gen.Int[-2, 3].Select(step => (uint)step)), (2, Gen.Int[60_000, 70_000].Select(step => (uint)step)),
        (1, Gen.UInt));

    private static readonly Gen<TcpFlags> Flags = Gen.Frequency(
        (8, Gen.Const(TcpFlags.Ack)), (3, Gen.Const(TcpFlags.Ack | TcpFlags.Psh)), (2, Gen.Const(TcpFlags.Ack | TcpFlags.Fin)),
        (4, Gen.Int[0, 0x1FF].Select(bits => (TcpFlags)bits & ~TcpFlags.Rst)), (1, Gen.Int[0, 0x1FF].Select(bits => (TcpFlags)bits)));

    private static readonly Gen<(TcpFlags Flags, uint Seq, uint Ack, ushort Window, int Length, byte Options, ushort Extra)> Segment =
        Gen.Select(Flags, NearNumber, NearNumber, Gen.UShort, Gen.Frequency((3, Gen.Int[0, 1]), (5, Gen.Int[2, 3000]), (1, Gen.Int[3000, 65000])), Gen.Byte, Gen.UShort);

    [Fact]
    public void Random_segments_calls_and_times_in_every_state_break_nothing() => Gen
        .Select(Gen.Int[0, States.Length - 1], Gen.Select(Segment, Gen.Int[0, 15]).Array[1, 60])
        .Sample((state, steps) => Play(States[state](), steps), iter: 3000, print: _ => "");

    private static void Play(TcpPeer peer, ((TcpFlags, uint, uint, ushort, int, byte, ushort) Segment, int What)[] steps)
    {
        var sock = peer.Sock;
        var now = peer.Now;
        var buffer = new byte[4000];
        var edge = sock.RcvNxt + sock.ReceiveWindow;
        var started = sock.State is not (TcpState.Close or TcpState.SynSent or TcpState.SynRecv);
        var closed = false;
        foreach (var (segment, what) in steps)
        {
            now += KernelTime.FromMicroseconds(segment.Item7 * 50L);
            switch (what)
            {
                case 0:
                    sock.Send(buffer, (TcpSendFlags)(segment.Item6 & 1), now, out _, out _);
                    break;
                case 1:
                    sock.Receive(buffer, (TcpReceiveFlags)(segment.Item6 & 3), now, out _, out _);
                    break;
                case 2 when segment.Item6 < 20:
                    closed = true;
                    sock.Close(now);
                    break;
                case 3 when segment.Item6 < 30:
                    sock.Shutdown((segment.Item6 & 1) != 0, (segment.Item6 & 2) != 0, now, out _);
                    break;
                case 4:
                    sock.OnIcmp(new IcmpNotice((byte)(segment.Item6 & 15), (byte)(segment.Item6 >> 4), segment.Item7, 6, 0, 0, 0, 0, TcpPeer.OurIsn + segment.Item3), now);
                    break;
                case 5 when !sock.Deadline.IsNever:
                    now = KernelTime.Max(now, sock.Deadline);
                    sock.OnDeadline(now);
                    break;
                default:
                    sock.OnSegment(Make(segment), now);
                    break;
            }

            var closedWindow = Check(sock, buffer);
            var isStarted = sock.State is not (TcpState.Close or TcpState.SynSent or TcpState.SynRecv);
            if (isStarted && started && !closedWindow) // memory that ran out closes the window whatever was promised: ICSK_ACK_NOMEM
                Assert.False(TcpSeq.Before(sock.RcvNxt + sock.ReceiveWindow, edge), $"the window shrank in {sock.State} from {edge - TcpPeer.TheirIsn} to {sock.RcvNxt - TcpPeer.TheirIsn} + {sock.ReceiveWindow} by {what} {segment}");
            (edge, started) = (sock.RcvNxt + sock.ReceiveWindow, isStarted);
        }

        if (sock.State != TcpState.Close) sock.Abort(now);
        if (!closed) sock.Close(now);
        Assert.Equal((0, 0), (peer.Context.Chunks.Outstanding, peer.Context.Orphans));
        Assert.True(sock.Deadline.IsNever);
    }

    private static bool Check(TcpControlBlock sock, byte[] buffer)
    {
        var closedWindow = false;
        while (sock.TryTakeSegment(out var segment))
        {
            closedWindow |= segment.Window == 0;
            Assert.InRange(segment.PayloadLength, 0, 70_000);
            Assert.True(TcpOptionsWriter.Length(segment.Options) <= TcpOptions.MaxBytes);
            if (segment.PayloadLength <= buffer.Length) sock.CopyPayload(segment, buffer);
        }

        Assert.False(TcpSeq.After(sock.SndUna, sock.SndNxt));
        Assert.False(TcpSeq.After(sock.SndNxt, sock.WriteSeq));
        Assert.False(TcpSeq.After(sock.CopiedSeq, sock.RcvNxt));
        Assert.True(sock.RmemAlloc >= 0 && sock.WmemQueued >= 0 && sock.Readable >= 0);
        _ = sock.GetInfo(KernelTime.FromSeconds(5000));
        return closedWindow;
    }

    private static TcpInSegment Make((TcpFlags Flags, uint Seq, uint Ack, ushort Window, int Length, byte Options, ushort Extra) of)
    {
        var options = default(TcpOptions);
        options.Present = (TcpOptionSet)(of.Options & 0x3F);
        (options.Mss, options.WindowScale) = ((ushort)Math.Max(of.Extra, (ushort)1), (byte)(of.Extra % 15));
        (options.TimestampValue, options.TimestampEcho) = (5100u + of.Extra, 100u + (of.Extra & 3u));
        options.SackCount = (byte)(of.Options & 3);
        for (var i = 0; i < options.SackCount; i++)
            options.Sacks[i] = new SackBlock(TcpPeer.OurIsn + of.Ack + (uint)(i * 1000), TcpPeer.OurIsn + of.Ack + (uint)(i * 1000) + of.Extra);
        return new TcpInSegment
        {
            Sequence = TcpPeer.TheirIsn + of.Seq,
            Acknowledgment = TcpPeer.OurIsn + of.Ack,
            Flags = of.Flags,
            Window = of.Window,
            UrgentPointer = of.Extra,
            Options = options,
            HeaderLength = TcpHeader.Size + TcpOptionsWriter.Length(options),
            Payload = new byte[of.Length],
            Ecn = (EcnCodepoint)(of.Extra & 3),
            GsoSize = of.Length > 2000 ? 1000 : 0,
        };
    }
}
