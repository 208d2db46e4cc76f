using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>A conversation over a connection that was accepted: it ends with the peer's end or a failure.</summary>
internal abstract class ServerConversation(StreamCounters counters) : Conversation
{
    private bool _over;
    private bool _closed;

    /// <summary>What is counted.</summary>
    protected StreamCounters Counters => counters;

    /// <inheritdoc />
    public sealed override ConversationStep Next(KernelTime now) =>
        _closed ? new ConversationStep(StepKind.Finish) : _over ? new ConversationStep(StepKind.Close) : NextOpen(now);

    /// <inheritdoc />
    public sealed override void OnDone(StepKind step, KernelTime now)
    {
        if (step == StepKind.Close) _closed = true;
        else OnStepDone(step);
    }

    /// <inheritdoc />
    public sealed override void OnFailed(Errno error, KernelTime now)
    {
        counters.Failed++;
        _over = true;
    }

    /// <summary>The next step while it is open.</summary>
    protected abstract ConversationStep NextOpen(KernelTime now);

    /// <summary>A step is done that is not closing.</summary>
    protected virtual void OnStepDone(StepKind step)
    {
    }

    /// <summary>The connection is done with.</summary>
    public void End() => _over = true;
}
