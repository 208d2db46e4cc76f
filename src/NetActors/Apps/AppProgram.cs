using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps;

/// <summary>
/// A program under study: a state machine that makes one call at a time through its <see cref="AppTaskActor"/> and is told how it ended.
/// </summary>
internal abstract class AppProgram
{
    /// <summary>The task that runs it.</summary>
    protected AppTaskActor Task { get; private set; } = null!;

    /// <summary>Round trips or deliveries that failed by timeout.</summary>
    public long TimedOut { get; protected set; }

    /// <summary>Calls that ended with an error.</summary>
    public long Errors { get; protected set; }

    /// <summary>Gives the program its task.</summary>
    public void Attach(AppTaskActor task) => Task = task;

    /// <summary>It has its CPU for the first time.</summary>
    public abstract void Start();

    /// <summary>A receive call ended.</summary>
    public virtual void OnReceived(RecvRequest request)
    {
    }

    /// <summary>A send call ended.</summary>
    public virtual void OnSent(SendRequest request)
    {
    }

    /// <summary>A system call ended.</summary>
    public virtual void OnCall(SystemCall call)
    {
    }

    /// <summary>The user time asked for was had.</summary>
    public virtual void OnBurst()
    {
    }

    /// <summary>It asked to go on after what comes before.</summary>
    public virtual void OnPass()
    {
    }

    /// <summary>The time slept for has come.</summary>
    public virtual void OnTimer(KernelTime now)
    {
    }

    /// <summary>The task is gone: frees what the program holds.</summary>
    public virtual void OnStop()
    {
    }
}
