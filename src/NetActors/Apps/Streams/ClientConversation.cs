using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>A conversation that connects, and after a failure does so again a little later.</summary>
internal abstract class ClientConversation(KernelTime stop, StreamCounters counters) : Conversation
{
    /// <summary>After a failure, so that a server that refuses is not asked without end.</summary>
    private static readonly KernelTime RetryPause = KernelTime.FromMilliseconds(100);

    private KernelTime _notBefore;
    private bool _connected;
    private bool _over;
    private bool _finished;

    /// <summary>When it ends.</summary>
    protected KernelTime Stop => stop;

    /// <summary>What is counted.</summary>
    protected StreamCounters Counters => counters;

    /// <inheritdoc />
    public sealed override ConversationStep Next(KernelTime now)
    {
        if (_over) return new ConversationStep(StepKind.Close);
        if (_connected) return NextConnected(now);
        if (_finished || now >= stop) return new ConversationStep(StepKind.Finish);
        return now < _notBefore
            ? new ConversationStep(StepKind.Sleep, Time: KernelTime.Min(_notBefore, stop))
            : NextUnconnected(now);
    }

    /// <inheritdoc />
    public sealed override void OnDone(StepKind step, KernelTime now)
    {
        switch (step)
        {
            case StepKind.Connect:
                _connected = true;
                OnConnected(now);
                break;
            case StepKind.Close:
                (_connected, _over) = (false, false);
                break;
            default:
                OnStepDone(step);
                break;
        }
    }

    /// <inheritdoc />
    public sealed override void OnFailed(Errno error, KernelTime now)
    {
        counters.Failed++;
        _notBefore = now + RetryPause;
        _over = true;
    }

    /// <summary>The next step while it is connected.</summary>
    protected abstract ConversationStep NextConnected(KernelTime now);

    /// <summary>The next step while it is not.</summary>
    protected virtual ConversationStep NextUnconnected(KernelTime now) => new(StepKind.Connect);

    /// <summary>It is connected.</summary>
    protected abstract void OnConnected(KernelTime now);

    /// <summary>A step is done that is neither connecting nor closing.</summary>
    protected virtual void OnStepDone(StepKind step)
    {
    }

    /// <summary>This connection is done with.</summary>
    protected void EndConnection() => _over = true;

    /// <summary>It is not to connect again.</summary>
    protected void EndAll() => (_over, _finished) = (true, true);
}
