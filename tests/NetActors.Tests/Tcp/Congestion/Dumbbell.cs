using NetActors.Headers;
using NetActors.Observe;
using NetActors.Tcp;
using NetActors.Tests.Tcp.Recovery;
using NetActors.Time;

namespace NetActors.Tests.Tcp.Congestion;

/// <summary>
/// One sender with endless data, a bottleneck with a queue that drops at its tail, a receiver that acknowledges each segment: one event a
/// segment, none of it random but the losses that a test asks for.
/// </summary>
internal sealed class Dumbbell
{
    private const int Mss = 1000;

    private readonly Queue<(long At, uint Seq, bool Marked)> _data = new();
    private readonly Queue<(long At, uint Ack, TcpOptions Options, bool Marked)> _acks = new();
    private readonly SackReceiver _receiver = new(1);
    private readonly KernelRandom _random = new(1);
    private readonly long _serializeNs, _propagationNs;
    private readonly int _buffer, _markAbove;
    private readonly double _loss;
    private readonly double _policedPerSecond;
    private readonly int _lossEvery;
    private int _sent;
    private double _tokens = 100;
    private long _tokensAtNs;
    private long _freeAtNs;

    /// <param name="congestion">The algorithm.</param>
    /// <param name="segmentsPerSecond">Rate of the bottleneck.</param>
    /// <param name="rttMs">Round trip without queue.</param>
    /// <param name="buffer">Segments that fit the queue.</param>
    /// <param name="loss">Probability of a random loss.</param>
    /// <param name="markAbove">The queue marks a segment that finds more than this many waiting.</param>
    /// <param name="settings">The sysctls.</param>
    /// <param name="sack">The receiver sends SACK.</param>
    /// <param name="policedPerSecond">Segments a second that a token bucket of 100 lets through; 0 for no policer.</param>
    /// <param name="lossEvery">Each so-many-th segment is lost: the periodic loss that response functions are derived for.</param>
    internal Dumbbell(
        ICongestionControl congestion, double segmentsPerSecond, double rttMs, int buffer, double loss = 0, int markAbove = int.MaxValue,
        TcpSenderSettings? settings = null, bool sack = true, double policedPerSecond = 0, int lossEvery = int.MaxValue)
    {
        (_buffer, _loss, _markAbove, _policedPerSecond, _lossEvery) = (buffer, loss, markAbove, policedPerSecond, lossEvery);
        _serializeNs = (long)(1e9 / segmentsPerSecond);
        _propagationNs = (long)(rttMs * 1e6);
        Sender = new TcpSender(settings ?? TcpSenderSettings.Default, congestion, Mib)
        {
            Mss = Mss,
            SackEnabled = sack,
            EcnEnabled = markAbove != int.MaxValue,
        };
        Sender.Start(1, Now);
        Sender.SetWindow(1 << 30, 0);
        Now += KernelTime.FromSeconds(rttMs / 1000);
        Sender.OnAccepted(KernelTime.FromSeconds(rttMs / 1000), Now);
        Sender.OnEstablished(Now);
    }

    internal MibSet Mib { get; } = new();

    internal TcpSender Sender { get; }

    internal KernelTime Now { get; private set; }

    internal int Losses { get; private set; }

    internal long Delivered => (_receiver.RcvNxt - 1L) / Mss;

    internal double Seconds => Now.Seconds;

    /// <summary>Segments that wait in the queue now.</summary>
    internal int Queued => (int)Math.Max(0, (_freeAtNs - Now.Nanoseconds) / _serializeNs);

    /// <summary>Runs for so long, calling <paramref name="watch"/> after each event.</summary>
    internal void Run(double seconds, Action? watch = null)
    {
        var end = Now + KernelTime.FromSeconds(seconds);
        while (Now < end)
        {
            Send();
            Step();
            watch?.Invoke();
        }
    }

    private void Send()
    {
        Sender.WriteSeq = Sender.SndNxt + 100 * Mss;
        while (Sender.TryRetransmit(Now, 1, out var again)) Transmit(again.Seq);
        while (Sender.SendQuota(Now) > 0) SendNew();
        Sender.OnSendRound(cwndLimited: Sender.InFlight >= Sender.Cwnd, Now);
    }

    private void SendNew()
    {
        var seq = Sender.SndNxt;
        Sender.TakeCwr();
        Sender.OnSent(seq, seq + Mss, TcpFlags.Ack, Now);
        Transmit(seq);
    }

    private void Transmit(uint seq)
    {
        if (++_sent % _lossEvery == 0 || Queued >= _buffer || _random.Chance(_loss) || !TakeToken())
        {
            Losses++;
            return;
        }

        var marked = Queued > _markAbove;
        _freeAtNs = Math.Max(_freeAtNs, Now.Nanoseconds) + _serializeNs;
        _data.Enqueue((_freeAtNs + _propagationNs / 2, seq, marked));
    }

    private bool TakeToken()
    {
        if (_policedPerSecond == 0) return true;
        _tokens = Math.Min(100, _tokens + ((Now.Nanoseconds - _tokensAtNs) * _policedPerSecond / 1e9));
        _tokensAtNs = Now.Nanoseconds;
        if (_tokens < 1) return false;
        _tokens--;
        return true;
    }

    private void Step()
    {
        var data = _data.TryPeek(out var segment) ? segment.At : long.MaxValue;
        var ack = _acks.TryPeek(out var first) ? first.At : long.MaxValue;
        var deadline = Sender.Deadline.Nanoseconds;
        if (deadline <= Math.Min(data, ack))
        {
            Advance(deadline);
            if ((Sender.OnDeadline(Now) & SenderTimerOutcome.ProbeWithNewData) == 0) return;
            SendNew();
            Sender.OnProbeSent(Now);
        }
        else if (data <= ack)
        {
            Advance(_data.Dequeue().At);
            _receiver.Receive(segment.Seq, segment.Seq + Mss, out var duplicate);
            var options = Sender.SackEnabled ? _receiver.Options(duplicate) : default;
            _acks.Enqueue((Now.Nanoseconds + _propagationNs - (_propagationNs / 2), _receiver.RcvNxt, options, segment.Marked));
        }
        else
        {
            Advance(_acks.Dequeue().At);
            var flags = TcpFlags.Ack | (first.Marked ? TcpFlags.Ece : TcpFlags.None);
            Sender.OnAck(new AckInput(1, first.Ack, 1 << 30, 0, flags, first.Options), Now);
        }
    }

    private void Advance(long ns) => Now = KernelTime.Max(Now, KernelTime.FromNanoseconds(ns));
}
