using NetActors.Apps.Traffic;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>How an <see cref="AskConversation"/> asks.</summary>
internal sealed record AskOptions
{
    /// <summary>The next request, <see cref="RequestHeader.Size"/> long at least, and its answer.</summary>
    public required Func<RequestHeader> Next { get; init; }

    /// <summary>Bytes of the longest request.</summary>
    public required int LargestRequest { get; init; }

    /// <summary>Requests that a connection carries; 0 for as many as there are.</summary>
    public int RequestsPerConnection { get; init; }

    /// <summary>Closed loop: between an answer and the next request.</summary>
    public KernelTime Think { get; init; }

    /// <summary>Closed loop: no request before that time.</summary>
    public KernelTime From { get; init; }

    /// <summary>Open loop: when this connection's requests leave; null for a closed loop.</summary>
    public ArrivalProcess? Arrivals { get; init; }

    /// <summary>No request from then on.</summary>
    public KernelTime Stop { get; init; } = KernelTime.Never;
}

/// <summary>
/// Asks and awaits the answer, one request at a time (netperf's TCP_RR; with one request a connection TCP_CRR). Latency runs from the
/// request's write, with one request a connection from its connect, in an open loop from when it should have left.
/// </summary>
internal sealed class AskConversation(AskOptions options, StreamCounters counters, LatencyHistogram latency)
    : ClientConversation(options.Stop, counters)
{
    private readonly byte[] _bytes = StreamPattern.At(0, options.LargestRequest).ToArray(); // a request goes in one piece, or Nagle would hold its rest
    private int _request; // bytes of the request; 0 while none is under way
    private int _written;
    private int _awaited;
    private int _asked;
    private KernelTime _begun;
    private KernelTime _next = options.From;

    private bool IsOnce => options.RequestsPerConnection == 1;

    private KernelTime Due => options.Arrivals?.Next ?? _next;

    /// <inheritdoc />
    public override void OnWritten(int bytes, KernelTime now) => _written += bytes;

    /// <inheritdoc />
    public override void OnRead(ReadOnlySpan<byte> data, KernelTime now)
    {
        if (data.Length == 0)
        {
            OnFailed(Errno.ECONNRESET, now); // the server left before it answered
            return;
        }

        _awaited -= data.Length;
        if (_awaited > 0) return;
        latency.Record(now - _begun);
        Counters.Requests++;
        _request = 0;
        _next = now + options.Think;
        if (++_asked == options.RequestsPerConnection) EndConnection();
    }

    /// <inheritdoc />
    protected override ConversationStep NextUnconnected(KernelTime now)
    {
        if (!IsOnce) return new ConversationStep(StepKind.Connect);
        if (now < Due) return Rest();
        Begin(now);
        return new ConversationStep(StepKind.Connect);
    }

    /// <inheritdoc />
    protected override void OnConnected(KernelTime now)
    {
        _asked = 0;
        if (!IsOnce) _request = 0;
    }

    /// <inheritdoc />
    protected override ConversationStep NextConnected(KernelTime now)
    {
        if (_request == 0)
        {
            if (now >= Stop)
            {
                EndConnection();
                return new ConversationStep(StepKind.Close);
            }

            if (now < Due) return Rest();
            Begin(now);
        }

        return _written < _request ? new ConversationStep(StepKind.Write, _bytes.AsMemory(_written, _request - _written)) : new ConversationStep(StepKind.Read, Bytes: _awaited);
    }

    private ConversationStep Rest() => new(StepKind.Sleep, Time: KernelTime.Min(Due, Stop));

    private void Begin(KernelTime now)
    {
        _begun = now;
        if (options.Arrivals is { } arrivals)
        {
            _begun = arrivals.Next;
            arrivals.Advance();
        }

        var next = options.Next();
        (_request, _awaited, _written) = (next.Request, next.Response, 0);
        next.Write(_bytes);
    }
}
