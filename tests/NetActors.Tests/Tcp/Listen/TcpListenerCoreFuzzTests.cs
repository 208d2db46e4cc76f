using CsCheck;
using NetActors.Headers;
using NetActors.Tcp;
using NetActors.Time;
using static NetActors.Tests.Tcp.Listen.Listeners;

namespace NetActors.Tests.Tcp.Listen;

/// <summary>Whatever comes in whatever order: no exception, bounded queues, counts that agree with the table.</summary>
public class TcpListenerCoreFuzzTests
{
    private const int Backlog = 4;

    private sealed record Step(
        int Action, ushort Port, TcpFlags Flags, int Sequence, int Acknowledgment, int Payload, int Options, uint Stamp);

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, 9], Gen.UShort[1, 12], Gen.UShort[0, 0x1FF], Gen.Int[-3, 3], Gen.Int[-2, 3], Gen.Int[0, 2], Gen.Int[0, 4], Gen.UInt,
        (action, port, flags, sequence, ack, payload, options, stamp) =>
            new Step(action, port, (TcpFlags)flags, sequence, ack, payload, options, stamp));

    [Fact]
    public void Random_segments_and_times_break_nothing() =>
        Gen.Select(Steps.Array[1, 250], Gen.Byte[0, 2], Gen.Bool, Gen.Byte[0, 3], Gen.Int[0, 0x603]).Sample(
            (steps, cookies, abort, defer, fastOpen) =>
            {
                var sysctls = new TcpSysctls
                {
                    TcpSyncookies = cookies,
                    TcpAbortOnOverflow = abort,
                    TcpFastopen = (FastOpenModes)fastOpen,
                    TcpMaxSynBacklog = 128,
                };
                var it = new Listeners(Backlog, sysctls, options: core => core.Options.DeferAccept = defer);
                it.Core.FastOpen.MaxLength = 2;
                foreach (var step in steps) Run(it, step);
                it.Core.Stop(it.Mib);
                Assert.Equal((0, 0, true), (it.Core.SynQueueLength, it.Core.YoungLength, it.Core.Deadline.IsNever));
            },
            iter: 400);

    private static void Run(Listeners it, Step step)
    {
        switch (step.Action)
        {
            case 0:
                it.Now += KernelTime.FromMilliseconds(step.Stamp % 3000);
                while (it.Core.OnDeadline(it.Mib, it.Now, it.Output)) Assert.True(it.Reply.Flags.HasFlag(TcpFlags.Syn | TcpFlags.Ack));
                Assert.True(it.Core.Deadline > it.Now);
                break;
            case 1:
                if (it.Core.TryAccept(out var child)) it.Tables.OnClosed(child);
                break;
            case < 5:
                Give(it, Segment(step.Flags, 100 + (uint)step.Sequence, step.Stamp, step.Payload, step.Port, OptionsOf(step)));
                break;
            case < 7:
                Give(it, Segment(TcpFlags.Syn, 100, 0, step.Payload, step.Port, OptionsOf(step)));
                break;
            default:
                var isn = it.Request(step.Port)?.Isn ?? it.Reply.Sequence;
                var (sequence, ack) = (101 + (uint)(step.Sequence / 3), isn + (uint)step.Acknowledgment);
                Give(it, Segment(TcpFlags.Ack, sequence, ack, step.Payload, step.Port, OptionsOf(step)));
                break;
        }

        Check(it);
    }

    private static void Give(Listeners it, in ListenSegment segment)
    {
        if (it.Tables.LookupEstablished(new TcpLookup(segment.Source, segment.SourcePort, Server, Port)) is TcpEndpoint) return;
        var verdict = it.Receive(segment);
        if (segment.Has(TcpFlags.Rst) && verdict.Effects != ListenEffects.None) // at most a challenge ACK
            Assert.Equal((ListenEffects.Reply, TcpFlags.Ack), (verdict.Effects, it.Reply.Flags));
        if ((verdict.Effects & ListenEffects.Accepted) == 0) return;
        Assert.Equal(segment.SourcePort, it.Output.Handshake.RemotePort);
        if (it.Output.Handshake.FastOpen is null) Assert.Equal(segment.Acknowledgment, it.Output.Handshake.Isn + 1);
        it.AddChild();
    }

    private static TcpOptions OptionsOf(Step step) => step.Options switch
    {
        0 => default,
        1 => MssOnly((ushort)step.Stamp),
        2 => AllOptions(step.Stamp),
        3 => Stamp(step.Stamp, step.Stamp),
        _ => new TcpOptions
        {
            Present = TcpOptionSet.FastOpen | TcpOptionSet.Mss,
            Mss = 1,
            FastOpen = new FastOpenCookie(step.Stamp, (sbyte)(step.Payload == 0 ? 0 : 8), false),
        },
    };

    private static void Check(Listeners it)
    {
        var requests = Enumerable.Range(1, 12).Select(port => it.Request((ushort)port)).OfType<RequestSock>().ToArray();
        Assert.Equal(requests.Length, it.Core.SynQueueLength);
        Assert.Equal(requests.Count(request => request.Timeouts == 0), it.Core.YoungLength);
        Assert.InRange(it.Core.SynQueueLength, 0, Backlog + 1);
        Assert.InRange(it.Core.AcceptQueueLength, 0, Backlog + 1);
        Assert.InRange(it.Core.FastOpen.Length, 0, 2);
        Assert.Equal(requests.Length == 0, it.Core.Deadline.IsNever);
        Assert.All(requests, request => Assert.Equal(1, requests.Count(other => other == request)));
    }
}
