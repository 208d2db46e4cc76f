using CsCheck;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>The scoreboard, which skips what earlier acknowledgements covered, against a set that remembers every block.</summary>
public class ScoreboardModelTests
{
    private const uint First = 0xffff_ff00; // wraps around
    private const int Segments = 120;

    [Fact]
    public void Any_arrivals_and_lost_acknowledgements_mark_exactly_what_the_blocks_said() =>
        Gen.ULong.Sample(Run, iter: 1500, threads: 1);

    private static void Run(ulong seed)
    {
        var random = new KernelRandom(seed);
        var now = KernelTime.FromSeconds(1);
        var settings = new TcpSenderSettings { InitialCwnd = 1000 };
        var sender = new TcpSender(settings, new Reno(), new MibSet()) { Mss = 100, SackEnabled = true };
        sender.Start(First, now);
        sender.SetWindow(1 << 24, 1);
        sender.OnAccepted(KernelTime.FromMilliseconds(10), now);
        sender.OnEstablished(now);
        var burst = 1 + random.NextBelow(12);
        while (sender.SndNxt - First < Segments * 100u)
        {
            var segments = Math.Min(burst, Segments - ((sender.SndNxt - First) / 100));
            sender.OnSent(sender.SndNxt, sender.SndNxt + (segments * 100), TcpFlags.Ack, now);
        }

        var receiver = new SackReceiver(First);
        var known = new HashSet<uint>();
        var held = default((uint Ack, TcpOptions Options)?);
        for (var step = 0; step < 300; step++)
        {
            now += KernelTime.FromMicroseconds(100 + random.NextBelow(1000));
            if (sender.Deadline <= now) sender.OnDeadline(now);
            while (sender.TryRetransmit(now, 3, out _))
            {
            }

            var near = (receiver.RcvNxt - First) / 100;
            var segment = Math.Min(near + random.NextBelow(random.Chance(0.05) ? 2u : 60u), Segments - 1);
            var seq = First + (segment * 100);
            receiver.Receive(seq, seq + 100, out var duplicate);
            var current = (receiver.RcvNxt, receiver.Options(duplicate, 1 + (int)random.NextBelow(4)));
            if (random.Chance(0.3)) continue; // this acknowledgement is lost
            if (held is null && random.Chance(0.1))
            {
                held = current; // this one will be overtaken
                continue;
            }

            Take(sender, current, known, now);
            if (held is { } late && random.Chance(0.5))
            {
                Take(sender, late, known, now);
                held = null;
            }

            Compare(sender, known, seed);
        }
    }

    private static void Take(TcpSender sender, (uint Ack, TcpOptions Options) ack, HashSet<uint> known, KernelTime now)
    {
        var una = TcpSeq.After(ack.Ack, sender.SndUna) ? ack.Ack : sender.SndUna;
        var outstanding = sender.PacketsOut > 0;
        sender.OnAck(new AckInput(1, ack.Ack, 1 << 24, 0, TcpFlags.Ack, ack.Options), now);
        if (!outstanding) return;
        for (var i = 0; i < ack.Options.SackCount; i++)
        {
            var block = ack.Options.Sacks[i];
            if (!TcpSeq.After(block.Start, una)) continue; // below: a D-SACK, or overtaken
            for (var seq = block.Start; seq != block.End; seq += 100) known.Add(seq);
        }
    }

    private static void Compare(TcpSender sender, HashSet<uint> known, ulong seed)
    {
        sender.VerifyCounts();
        var count = 0;
        for (var seq = sender.SndUna; seq != sender.SndNxt; seq += 100)
        {
            Assert.True(sender.IsSacked(seq) == known.Contains(seq), $"seed {seed}: {seq - First}");
            if (known.Contains(seq)) count++;
        }

        Assert.Equal(count, sender.SackedOut);
    }
}
