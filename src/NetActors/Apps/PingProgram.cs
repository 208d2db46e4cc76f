using System.Buffers.Binary;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Apps;

/// <summary>Sends an echo request every interval and measures how long answers take, from the call to the program.</summary>
internal sealed class PingProgram(PingSocket socket, PingOptions options, LatencyHistogram latency) : AppProgram
{
    private const int Remembered = 65536; // sequence numbers
    private readonly KernelTime[] _askedAt = Forgotten();
    private RecvRequest _answer = null!;
    private SendRequest _question = null!;
    private KernelTime _next;

    /// <summary>Requests sent.</summary>
    public long Asked { get; private set; }

    /// <summary>Requests answered.</summary>
    public long Answered { get; private set; }

    public override void Start()
    {
        _answer = new RecvRequest(Task.Entity, 1);
        _question = new SendRequest(Task.Entity, 1);
        _question.Messages[0].Payload = new byte[IcmpHeader.Size + options.PayloadBytes];
        _next = Task.Now;
        Turn();
    }

    public override void OnReceived(RecvRequest request)
    {
        if (request.Error is not (Errno.None or Errno.EAGAIN)) Errors++;
        for (var i = 0; i < request.Count; i++)
        {
            if (!IcmpHeader.TryParse(request.Batch[i].Data, out var icmp)) continue;
            ref var asked = ref _askedAt[icmp.Sequence];
            if (asked.IsNever) continue; // answered before
            latency.Record(Task.Now - asked);
            asked = KernelTime.Never;
            Answered++;
        }

        Task.Free(request);
        Turn();
    }

    public override void OnSent(SendRequest request)
    {
        if (request.Error != Errno.None) Errors++;
        Turn();
    }

    public override void OnStop()
    {
        TimedOut = Asked - Answered;
        if (_answer is not null) Task.Free(_answer);
    }

    private bool IsDone => (options.Count > 0 && Asked == options.Count) || Task.Now >= options.Stop;

    private void Turn()
    {
        var now = Task.Now;
        if (!IsDone && now >= _next) Ask(now);
        else if (IsDone && (Answered == Asked || now >= options.Stop)) Task.Exit();
        else Task.Receive(socket, _answer, IsDone ? options.Stop : KernelTime.Min(_next, options.Stop));
    }

    private void Ask(KernelTime now)
    {
        var sequence = (ushort)++Asked;
        _askedAt[sequence] = now;
        _next += options.Interval;
        ref var message = ref _question.Messages[0];
        message.Length = message.Payload.Length;
        (message.Payload[0], message.Address) = (IcmpTypes.Echo, options.Destination);
        BinaryPrimitives.WriteUInt16BigEndian(message.Payload.AsSpan(6), sequence);
        _question.Count = 1;
        Task.Send(socket, _question);
    }

    private static KernelTime[] Forgotten()
    {
        var times = new KernelTime[Remembered];
        Array.Fill(times, KernelTime.Never);
        return times;
    }
}

/// <summary>Whom a <see cref="PingProgram"/> asks and how often.</summary>
internal sealed record PingOptions
{
    /// <summary>Address, in host order.</summary>
    public uint Destination { get; init; }

    /// <summary>Between two requests.</summary>
    public KernelTime Interval { get; init; } = KernelTime.FromSeconds(1);

    /// <summary>Bytes behind the ICMP header.</summary>
    public int PayloadBytes { get; init; } = 56;

    /// <summary>Requests to send; 0 is until <see cref="Stop"/>.</summary>
    public int Count { get; init; }

    /// <summary>When it ends, whatever is open.</summary>
    public KernelTime Stop { get; init; } = KernelTime.Never;
}
