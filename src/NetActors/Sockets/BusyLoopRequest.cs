using Akka.Actor;

namespace NetActors.Sockets;

/// <summary>
/// A call has nothing yet and asks its task to poll a NAPI for it, instead of sleeping at once (kernel: <c>napi_busy_loop</c>); when the loop
/// is over, the call's file gets the call again. Made once a call and used again.
/// </summary>
internal sealed class BusyLoopRequest(BlockingCall call)
{
    /// <summary>The call.</summary>
    public BlockingCall Call { get; } = call;

    /// <summary>What it is made on; its <see cref="SocketFile.EndsBusyLoop"/> ends the loop.</summary>
    public SocketFile File { get; private set; } = null!;

    /// <summary>Which NAPI.</summary>
    public int NapiId { get; private set; }

    /// <summary>Packets of a poll; 0 for the kernel's 8.</summary>
    public int Budget { get; private set; }

    /// <summary>It would rather poll than be interrupted.</summary>
    public bool Prefer { get; private set; }

    /// <summary>How long in microseconds; 0 for one pass.</summary>
    public long Usecs { get; private set; }

    /// <summary>Sends it to the task, which goes on with it.</summary>
    public void Send(SocketFile file, int napiId, int budget, bool prefer, long usecs)
    {
        (File, NapiId, Budget, Prefer, Usecs) = (file, napiId, budget, prefer, usecs);
        Call.BusyState = BusyLoopState.Looping;
        Call.Task.Actor.Tell(this, ActorRefs.NoSender);
    }
}

/// <summary>Where a call is with busy polling.</summary>
internal enum BusyLoopState : byte
{
    /// <summary>It has not begun, or may begin again.</summary>
    None,

    /// <summary>Its task polls.</summary>
    Looping,

    /// <summary>It has polled.</summary>
    Done,

    /// <summary>It has polled in vain and let interrupts resume: it looks a last time.</summary>
    Resumed,
}
