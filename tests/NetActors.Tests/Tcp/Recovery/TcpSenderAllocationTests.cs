using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Recovery;

public class TcpSenderAllocationTests
{
    [Theory]
    [InlineData("reno")]
    [InlineData("cubic")]
    [InlineData("dctcp")]
    [InlineData("bbr")]
    [InlineData("tahoe")]
    public void Sending_acknowledging_and_recovering_allocates_nothing_once_it_runs(string name)
    {
        Assert.Equal(default, CongestionControls.TryCreate(name, new KernelRandom(1), out var congestion));
        var sender = new TcpSender(TcpSenderSettings.Default, congestion!, new MibSet()) { Mss = 1000, SackEnabled = true };
        var now = KernelTime.FromSeconds(1);
        sender.Start(1, now);
        sender.SetWindow(1 << 30, 1);
        sender.OnAccepted(KernelTime.FromMilliseconds(10), now);
        sender.OnEstablished(now);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var round = 0; round < 50; round++) now = Round(sender, now, lose: round % 10 == 9);
        }));
        Assert.True(sender.TotalRetrans > 0);
    }

    [Theory]
    [InlineData("cubic")]
    [InlineData("bbr")]
    public void Idle_sender_after_a_window_of_a_thousand_segments_holds_less_than_one_and_a_half_kilobytes(string name)
    {
        // The goal is 3.3 KB for a whole idle connection.
        var (random, mib, pool) = (new KernelRandom(1), new MibSet(), new TxSegmentPool());
        Open(); // the pool fills
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sender = Open();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, sender.PacketsOut);
        Assert.InRange(bytes, 1, 1500);

        TcpSender Open()
        {
            CongestionControls.TryCreate(name, random, out var congestion);
            var now = KernelTime.FromSeconds(1);
            var sender = new TcpSender(TcpSenderSettings.Default, congestion!, mib, pool) { Mss = 1000 };
            sender.Start(1, now);
            sender.SetWindow(1 << 30, 1);
            sender.OnAccepted(KernelTime.FromMilliseconds(10), now);
            sender.OnEstablished(now);
            for (var i = 0; i < 1000; i++) sender.OnSent(sender.SndNxt, sender.SndNxt + 1000, TcpFlags.Ack, now);
            now += KernelTime.FromMilliseconds(10);
            sender.OnAck(new AckInput(1, sender.SndNxt, 1 << 30, 0, TcpFlags.Ack, default), now);
            return sender;
        }
    }

    /// <summary>Sends a window in bursts of three; the receiver misses the first now and then.</summary>
    private static KernelTime Round(TcpSender sender, KernelTime now, bool lose)
    {
        for (var i = 0; i < 4; i++)
        {
            sender.WriteSeq = sender.SndNxt + 3000;
            sender.OnSent(sender.SndNxt, sender.SndNxt + 3000, TcpFlags.Ack, now);
        }

        sender.OnSendRound(cwndLimited: true, now);
        now += KernelTime.FromMilliseconds(10);
        if (lose)
        {
            var options = default(TcpOptions);
            options.Present = TcpOptionSet.Sack;
            options.SackCount = 1;
            for (var end = sender.SndUna + 2000; end != sender.SndNxt; end += 1000)
            {
                options.Sacks[0] = new SackBlock(sender.SndUna + 1000, end);
                sender.OnAck(new AckInput(1, sender.SndUna, 1 << 30, 0, TcpFlags.Ack, options), now);
                while (sender.TryRetransmit(now, 2, out _))
                {
                }
            }

            now += KernelTime.FromMilliseconds(10);
        }

        while (sender.SndUna != sender.SndNxt)
            sender.OnAck(new AckInput(1, sender.SndUna + 1000, 1 << 30, 0, TcpFlags.Ack, default), now);
        return now;
    }
}
