using System.Buffers.Binary;
using NetActors.Apps.Traffic;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Apps;

/// <summary>
/// Asks and awaits answers over a connected socket. Closed loop: a fixed number of questions is under way, each answer is followed by the
/// next question after a think time. Open loop: questions leave at their times whatever comes back, and latency counts from the intended
/// time. A question without answer by the timeout is lost and counted.
/// </summary>
internal sealed class UdpClientProgram : AppProgram
{
    private const int Header = 8; // the question's number
    private readonly UdpSocket _socket;
    private readonly UdpClientOptions _options;
    private readonly LatencyHistogram _latency;
    private readonly KernelTime[] _askedAt; // by number modulo its length; Never once answered
    private readonly Queue<(KernelTime At, long Number)> _deadlines = new();
    private readonly Queue<KernelTime> _thinking = new();
    private RecvRequest _answers = null!;
    private SendRequest _questions = null!;
    private long _number;

    public UdpClientProgram(UdpSocket socket, UdpClientOptions options, LatencyHistogram latency)
    {
        (_socket, _options, _latency) = (socket, options, latency);
        _askedAt = new KernelTime[65536];
        Array.Fill(_askedAt, KernelTime.Never);
    }

    /// <summary>Questions asked.</summary>
    public long Asked => _number;

    /// <summary>Answers in time.</summary>
    public long Answered { get; private set; }

    public override void Start()
    {
        _answers = new RecvRequest(Task.Entity, _options.Batch);
        _questions = new SendRequest(Task.Entity, _options.Batch);
        for (var i = 0; i < _options.Outstanding; i++) _thinking.Enqueue(Task.Now);
        Turn();
    }

    public override void OnReceived(RecvRequest request)
    {
        if (request.Error is not (Errno.None or Errno.EAGAIN)) Errors++;
        var now = Task.Now;
        for (var i = 0; i < request.Count; i++)
        {
            var data = request.Batch[i].Data;
            if (data.Length < Header) continue;
            var number = BinaryPrimitives.ReadInt64BigEndian(data);
            ref var asked = ref _askedAt[number & (_askedAt.Length - 1)];
            if (asked.IsNever || number > _number || number <= 0) continue; // late or a duplicate
            _latency.Record(now - asked);
            asked = KernelTime.Never;
            Answered++;
            if (_options.Arrivals is null) _thinking.Enqueue(now + _options.Think);
        }

        Task.Free(request);
        Turn();
    }

    public override void OnSent(SendRequest request)
    {
        if (request.Error != Errno.None) Errors++;
        Turn();
    }

    public override void OnTimer(KernelTime now) => Turn();

    public override void OnStop()
    {
        if (_answers is not null) Task.Free(_answers);
    }

    private void Turn()
    {
        var now = Task.Now;
        Expire(now);
        _questions.Count = 0;
        while (_questions.Count < _questions.Messages.Length && NextQuestion <= now && NextQuestion < _options.Stop) Ask(now);
        if (_questions.Count > 0)
        {
            Task.Send(_socket, _questions);
            return;
        }

        if (now >= _options.Stop && _deadlines.Count == 0)
        {
            Task.Exit();
            return;
        }

        var until = NextQuestion < _options.Stop ? NextQuestion : KernelTime.Never;
        if (_deadlines.TryPeek(out var first)) until = KernelTime.Min(until, first.At);
        if (until.IsNever) until = _options.Stop;
        Task.Receive(_socket, _answers, KernelTime.Max(until, now + KernelTime.FromNanoseconds(1)));
    }

    private KernelTime NextQuestion => _options.Arrivals is { } arrivals ? arrivals.Next
        : _thinking.TryPeek(out var ready) ? ready : KernelTime.Never;

    private void Ask(KernelTime now)
    {
        var intended = now;
        if (_options.Arrivals is { } arrivals)
        {
            intended = arrivals.Next;
            arrivals.Advance();
        }
        else
        {
            _thinking.Dequeue();
        }

        var number = ++_number;
        _askedAt[number & (_askedAt.Length - 1)] = intended;
        _deadlines.Enqueue((now + _options.Timeout, number));
        ref var message = ref _questions.Messages[_questions.Count++];
        message.Payload ??= new byte[_options.LargestSize];
        message.Length = Math.Max(Header, _options.NextSize());
        BinaryPrimitives.WriteInt64BigEndian(message.Payload, number);
    }

    private void Expire(KernelTime now)
    {
        while (_deadlines.TryPeek(out var first))
        {
            ref var asked = ref _askedAt[first.Number & (_askedAt.Length - 1)];
            var open = !asked.IsNever;
            if (open && first.At > now) return;
            _deadlines.Dequeue();
            if (!open) continue;
            asked = KernelTime.Never;
            TimedOut++;
            if (_options.Arrivals is null) _thinking.Enqueue(now);
        }
    }
}

/// <summary>How a <see cref="UdpClientProgram"/> asks.</summary>
internal sealed record UdpClientOptions
{
    /// <summary>Closed loop: questions under way at once.</summary>
    public int Outstanding { get; init; } = 1;

    /// <summary>Closed loop: time between an answer and the next question.</summary>
    public KernelTime Think { get; init; }

    /// <summary>Open loop: when questions leave; null for a closed loop.</summary>
    public ArrivalProcess? Arrivals { get; init; }

    /// <summary>How long an answer may take.</summary>
    public KernelTime Timeout { get; init; } = KernelTime.FromMilliseconds(200);

    /// <summary>No question from then on.</summary>
    public KernelTime Stop { get; init; } = KernelTime.Never;

    /// <summary>Messages a call.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Payload bytes of the next question.</summary>
    public Func<int> NextSize { get; init; } = () => 8;

    /// <summary>Largest of them.</summary>
    public int LargestSize { get; init; } = 1472;
}
