using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>Reads and forgets (RFC 863), with a pause between reads if asked: a slow reader.</summary>
internal sealed class DiscardConversation(int read, KernelTime service, KernelTime pause, StreamCounters counters) : ServerConversation(counters)
{
    private KernelTime _next;
    private bool _owesWork;

    /// <inheritdoc />
    public override void OnRead(ReadOnlySpan<byte> data, KernelTime now)
    {
        _next = now + pause;
        _owesWork = data.Length > 0 && service > KernelTime.Zero;
        if (data.Length == 0) End();
    }

    /// <inheritdoc />
    protected override void OnStepDone(StepKind step) => _owesWork &= step != StepKind.Work;

    /// <inheritdoc />
    protected override ConversationStep NextOpen(KernelTime now)
    {
        if (_owesWork) return new ConversationStep(StepKind.Work, Time: service);
        return now < _next ? new ConversationStep(StepKind.Sleep, Time: _next) : new ConversationStep(StepKind.Read, Bytes: read);
    }
}
