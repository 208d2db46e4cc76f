using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>Sends back what it reads (RFC 862).</summary>
internal sealed class EchoConversation(int read, KernelTime service, StreamCounters counters) : ServerConversation(counters)
{
    private readonly byte[] _bytes = new byte[read];
    private int _length;
    private int _written;
    private bool _owesWork;

    /// <inheritdoc />
    public override void OnRead(ReadOnlySpan<byte> data, KernelTime now)
    {
        data.CopyTo(_bytes);
        (_length, _written, _owesWork) = (data.Length, 0, service > KernelTime.Zero);
        if (data.Length == 0) End();
    }

    /// <inheritdoc />
    public override void OnWritten(int bytes, KernelTime now)
    {
        _written += bytes;
        if (_written == _length) Counters.Requests++;
    }

    /// <inheritdoc />
    protected override void OnStepDone(StepKind step) => _owesWork &= step != StepKind.Work;

    /// <inheritdoc />
    protected override ConversationStep NextOpen(KernelTime now)
    {
        if (_written == _length) return new ConversationStep(StepKind.Read, Bytes: _bytes.Length);
        return _owesWork
            ? new ConversationStep(StepKind.Work, Time: service)
            : new ConversationStep(StepKind.Write, _bytes.AsMemory(_written, _length - _written));
    }
}
