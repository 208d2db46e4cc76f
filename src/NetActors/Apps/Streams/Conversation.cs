using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <summary>
/// What a program says and hears over one connection at a time. It does not know how the program waits: a thread that blocks, poll or epoll
/// carries its steps out, asks for the next one and tells how each ended.
/// </summary>
internal abstract class Conversation
{
    /// <summary>What is to be done next; asked again whenever a step has ended, and when the program is to end.</summary>
    public abstract ConversationStep Next(KernelTime now);

    /// <summary>Bytes were received; none at all is the peer's end.</summary>
    public virtual void OnRead(ReadOnlySpan<byte> data, KernelTime now)
    {
    }

    /// <summary>The first <paramref name="bytes"/> of what was to be written are in the socket's buffer.</summary>
    public virtual void OnWritten(int bytes, KernelTime now)
    {
    }

    /// <summary>The step is done: connected, worked, slept, shut down, closed.</summary>
    public virtual void OnDone(StepKind step, KernelTime now)
    {
    }

    /// <summary>A call failed: the connection is of no use any more and is closed next.</summary>
    public abstract void OnFailed(Errno error, KernelTime now);
}
