using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Recovery;

/// <summary>An accepted connection's sender, driven by hand: data begins at sequence number 1, as packet scripts count.</summary>
internal sealed class SenderRig
{
    private readonly List<(uint Seq, uint End)> _resent = [];

    internal SenderRig(
        ICongestionControl? congestion = null, TcpSenderSettings? settings = null, bool sack = true, bool timestamps = false,
        bool ecn = false, int mss = 1000, double rttMs = 100, uint window = 1 << 30)
    {
        Sender = new TcpSender(settings ?? TcpSenderSettings.Default, congestion ?? new Reno(), Mib)
        {
            Mss = mss,
            SackEnabled = sack,
            TimestampsEnabled = timestamps,
            EcnEnabled = ecn,
        };
        Sender.Start(1, Now);
        Sender.SetWindow(window, seq: 1);
        Wait(rttMs);
        Sender.OnAccepted(KernelTime.FromSeconds(rttMs / 1000), Now);
        Sender.OnEstablished(Now);
        Window = window;
    }

    internal MibSet Mib { get; } = new();

    internal TcpSender Sender { get; }

    internal KernelTime Now { get; private set; } = KernelTime.FromSeconds(1);

    internal uint Window { get; set; }

    /// <summary>Sequence number of the peer's next segment; a window may shrink only with a newer one.</summary>
    internal uint PeerSeq { get; set; } = 1;

    /// <summary>What was sent again since last asked.</summary>
    internal IReadOnlyList<(uint Seq, uint End)> Resent
    {
        get
        {
            var resent = _resent.ToArray();
            _resent.Clear();
            return resent;
        }
    }

    internal double NowMs => Now.Nanoseconds / 1e6;

    /// <summary>Milliseconds until the timer; infinite without one.</summary>
    internal double DeadlineMs => Sender.Deadline.IsNever ? double.PositiveInfinity : (Sender.Deadline - Now).Nanoseconds / 1e6;

    internal SenderRig Wait(double ms)
    {
        Now += KernelTime.FromNanoseconds((long)Math.Round(ms * 1e6));
        return this;
    }

    /// <summary>
    /// The application writes and all that the window allows leaves, in bursts of at most <paramref name="burst"/> segments.
    /// </summary>
    internal SenderRig Write(int bytes, int burst = 64)
    {
        Sender.WriteSeq += (uint)bytes;
        return Flush(burst);
    }

    internal SenderRig Flush(int burst = 64)
    {
        while (Sender.UnsentBytes > 0 && TcpSeq.After(Sender.WindowEnd, Sender.SndNxt))
        {
            var quota = Math.Min(Sender.SendQuota(Now), burst);
            if (quota <= 0) break;
            Send((int)Math.Min(quota * (uint)Sender.Mss, Sender.UnsentBytes));
        }

        Sender.OnSendRound(cwndLimited: Sender.UnsentBytes > 0, Now);
        return this;
    }

    /// <summary>One burst leaves, whatever the window says.</summary>
    internal SenderRig Send(int bytes)
    {
        var end = Sender.SndNxt + (uint)bytes;
        if (TcpSeq.After(end, Sender.WriteSeq)) Sender.WriteSeq = end;
        Sender.OnSent(Sender.SndNxt, end, TcpFlags.Ack | TcpFlags.Psh, Now);
        return this;
    }

    internal AckOutcome Ack(uint ack, params (uint Start, uint End)[] sacks) => AckWith(ack, TcpFlags.Ack, 0, sacks);

    /// <summary>An acknowledgement comes in and what it asks to be sent again leaves.</summary>
    internal AckOutcome AckWith(uint ack, TcpFlags flags, uint echo, params (uint Start, uint End)[] sacks)
    {
        var outcome = AckOnly(ack, flags, echo, sacks);
        Retransmit();
        return outcome;
    }

    internal AckOutcome AckOnly(uint ack, TcpFlags flags = TcpFlags.Ack, uint echo = 0, params (uint Start, uint End)[] sacks)
    {
        var options = default(TcpOptions);
        foreach (var (start, end) in sacks)
        {
            options.Present |= TcpOptionSet.Sack;
            options.Sacks[options.SackCount++] = new SackBlock(start, end);
        }

        if (Sender.TimestampsEnabled)
        {
            options.Present |= TcpOptionSet.Timestamps;
            options.TimestampEcho = echo;
        }

        return Sender.OnAck(new AckInput(PeerSeq, ack, Window, 0, flags, options), Now);
    }

    internal SenderRig Retransmit(int budget = 64)
    {
        while (Sender.TryRetransmit(Now, budget, out var segment)) _resent.Add((segment.Seq, segment.EndSeq));
        return this;
    }

    /// <summary>Waits for the timer and does what it asks for.</summary>
    internal SenderTimerOutcome Fire()
    {
        Assert.False(Sender.Deadline.IsNever);
        Now = KernelTime.Max(Now, Sender.Deadline);
        var outcome = Sender.OnDeadline(Now);
        if ((outcome & SenderTimerOutcome.ProbeWithNewData) != 0)
        {
            Send((int)Math.Min((uint)Sender.Mss, Sender.UnsentBytes));
            Sender.OnProbeSent(Now);
        }

        Retransmit();
        return outcome;
    }

    /// <summary>The time stamp, without offset, that a segment sent now carries.</summary>
    internal uint Timestamp => (uint)(Now.Nanoseconds / 1_000_000);
}
