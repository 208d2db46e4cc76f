using CsCheck;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>Acknowledgements that no honest receiver sends: whatever they say, nothing throws and the counters agree.</summary>
public class TcpSenderFuzzTests
{
    [Fact]
    public void Any_acknowledgements_leave_the_counters_consistent() => Gen.ULong.Sample(Attack, iter: 1500, threads: 1);

    private static void Attack(ulong seed)
    {
        var random = new KernelRandom(seed);
        var name = CongestionControls.Available[(int)random.NextBelow(5)];
        Assert.Equal(Errno.None, CongestionControls.TryCreate(name, random, out var congestion));
        var sender = new TcpSender(TcpSenderSettings.Default, congestion!, new MibSet())
        {
            Mss = 1000,
            SackEnabled = random.Chance(0.8),
            TimestampsEnabled = random.Chance(0.5),
            EcnEnabled = random.Chance(0.5),
        };
        var now = KernelTime.FromSeconds(1);
        sender.Start(0xffff_0000, now);
        sender.SetWindow(1 << 24, 1);
        if (random.Chance(0.8)) sender.OnAccepted(random.Chance(0.5) ? KernelTime.FromMilliseconds(10) : null, now);
        if (random.Chance(0.9)) sender.OnEstablished(now);
        for (var i = 0; i < 200; i++)
        {
            now += KernelTime.FromMicroseconds(random.NextBelow(random.Chance(0.1) ? 500_000u : 500u));
            Send(sender, random, now);
            if (sender.Deadline <= now) sender.OnDeadline(now);
            if (random.Chance(0.5)) while (sender.TryRetransmit(now, 1 + (int)random.NextBelow(10), out _)) { }
            Acknowledge(sender, random, now);
            sender.VerifyCounts();
            Assert.True(sender.InFlight >= 0 && sender.SackedOut + sender.LostOut <= sender.PacketsOut, $"seed {seed}");
            Assert.True(sender.Cwnd >= 1 && sender.SackedOut >= 0, $"seed {seed}");
        }
    }

    private static void Send(TcpSender sender, KernelRandom random, KernelTime now)
    {
        sender.WriteSeq = sender.SndNxt + random.NextBelow(30_000);
        if (sender.UnsentBytes > 0 && sender.SendQuota(now) > 0)
        {
            var flags = TcpFlags.Ack | (random.Chance(0.02) ? TcpFlags.Fin : TcpFlags.None);
            sender.OnSent(sender.SndNxt, sender.SndNxt + 1 + random.NextBelow(sender.UnsentBytes), flags, now);
        }

        sender.OnSendRound(random.Chance(0.5), now);
    }

    private static void Acknowledge(TcpSender sender, KernelRandom random, KernelTime now)
    {
        var outstanding = sender.SndNxt - sender.SndUna;
        var options = default(TcpOptions);
        for (var n = random.NextBelow(5); n > 0; n--)
        {
            var start = sender.SndUna + random.NextBelow(outstanding + 2000) - random.NextBelow(3000);
            if (random.Chance(0.5)) start = sender.SndUna + (random.NextBelow(outstanding / 1000 + 1) * 1000);
            var length = random.Chance(0.5) ? random.NextBelow(20_000) : random.NextBelow(20) * 1000;
            options.Sacks[options.SackCount++] = new SackBlock(start, start + length);
        }

        if (options.SackCount > 0 && random.Chance(0.8)) options.Present |= TcpOptionSet.Sack;
        if (random.Chance(0.7)) options.Present |= TcpOptionSet.Timestamps;
        options.TimestampEcho = (uint)(now.Nanoseconds / 1_000_000) + 10 - random.NextBelow(500);
        var ack = random.Chance(0.6) ? sender.SndUna : sender.SndUna + random.NextBelow(outstanding + 3000) - random.NextBelow(2000);
        var flags = TcpFlags.Ack | (random.Chance(0.1) ? TcpFlags.Ece : TcpFlags.None);
        var input = new AckInput(random.NextBelow(5), ack, random.NextBelow(1 << 24), (int)random.NextBelow(2), flags, options)
        {
            IsPredicted = random.Chance(0.1),
            MergedAcks = (int)random.NextBelow(4),
        };
        sender.OnAck(input, now);
    }
}
