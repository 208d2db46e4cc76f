using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>Answers requests, each with as many bytes as it asks for, after some work.</summary>
internal sealed class AnswerConversation(int read, KernelTime service, StreamCounters counters) : ServerConversation(counters)
{
    private readonly byte[] _header = new byte[RequestHeader.Size];
    private int _read; // bytes of the request so far
    private int _request;
    private int _response;
    private int _written;
    private bool _worked;

    private bool IsWhole => _read >= RequestHeader.Size && _read >= _request;

    /// <inheritdoc />
    public override void OnRead(ReadOnlySpan<byte> data, KernelTime now)
    {
        if (data.Length == 0)
        {
            End();
            return;
        }

        if (_read < RequestHeader.Size)
        {
            var missing = Math.Min(RequestHeader.Size - _read, data.Length);
            data[..missing].CopyTo(_header.AsSpan(_read));
            if (_read + missing == RequestHeader.Size)
            {
                if (RequestHeader.TryRead(_header, out var header)) (_request, _response) = (header.Request, header.Response);
                else OnFailed(Errno.EPROTO, now);
            }
        }

        _read += data.Length;
        if (_read > Math.Max(_request, RequestHeader.Size)) OnFailed(Errno.EPROTO, now); // who asks waits for the answer before it asks again
    }

    /// <inheritdoc />
    public override void OnWritten(int bytes, KernelTime now)
    {
        _written += bytes;
        if (_written < _response) return;
        Counters.Requests++;
        (_read, _request, _written, _worked) = (0, 0, 0, false);
    }

    /// <inheritdoc />
    protected override void OnStepDone(StepKind step) => _worked |= step == StepKind.Work;

    /// <inheritdoc />
    protected override ConversationStep NextOpen(KernelTime now)
    {
        if (!IsWhole) return new ConversationStep(StepKind.Read, Bytes: read);
        return service > KernelTime.Zero && !_worked
            ? new ConversationStep(StepKind.Work, Time: service)
            : new ConversationStep(StepKind.Write, StreamPattern.At(_written, _response - _written), _response - _written, Position: _written);
    }
}
