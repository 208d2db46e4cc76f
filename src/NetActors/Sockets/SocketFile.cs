using Akka.Actor;
using NetActors.Hosts;

namespace NetActors.Sockets;

/// <summary>
/// Something that a descriptor stands for: a socket or an epoll instance (kernel: <c>struct file</c>). Its actor carries its calls out;
/// who watches it is kept here, since wakeups come from wherever something happens.
/// </summary>
internal abstract class SocketFile
{
    /// <summary>Number on the host, plus one, of the CPU that worked on it last; 0 for none.</summary>
    internal short LastCpu;

    private IPollWatcher[] _watchers = [];

    /// <summary>Who carries its calls out; Nobody until it is created.</summary>
    public IActorRef Actor { get; set; } = ActorRefs.Nobody;

    /// <summary>Descriptors by which tasks have it open (kernel: <c>f_count</c>).</summary>
    public int Descriptors { get; set; }

    /// <summary>It counts as open on its host (see <see cref="OpenFiles"/>).</summary>
    public bool IsCounted { get; set; }

    /// <summary>O_NONBLOCK.</summary>
    public bool NonBlocking { get; set; }

    /// <summary>Leaves a message to its actor, from whichever CPU; lost while there is none.</summary>
    public void Tell(object message) => Actor.Tell(message, ActorRefs.NoSender);

    /// <summary>Its actor is there.</summary>
    public bool HasActor => !Actor.IsNobody();

    /// <summary>The NAPI that brought its last packet; 0 for none (kernel: <c>sk_napi_id</c>).</summary>
    public int NapiId { get; set; }

    /// <summary>There is what its readers busy poll for (kernel: <c>sk_busy_loop_end</c>, <c>ep_busy_loop_end</c>).</summary>
    public virtual bool EndsBusyLoop => false;

    /// <summary>How its calls busy poll; null for not at all.</summary>
    public virtual SockOptions? BusyOptions => null;

    /// <summary>
    /// A read that found nothing polls the socket's NAPI first (kernel: <c>sk_busy_loop</c>). True: the call comes back when that is over.
    /// </summary>
    public bool TryBusyLoop(HostCpu cpu, BlockingCall call, bool once)
    {
        if (BusyOptions is not { BusyPoll: > 0 } options || !cpu.HasNapi(NapiId)) return false;
        call.BusyLoop.Send(this, NapiId, options.BusyPollBudget, options.PreferBusyPoll, once ? 0 : options.BusyPoll);
        return true;
    }

    /// <summary>What it is ready for now (kernel: <c>vfs_poll</c>).</summary>
    public abstract PollEvents Poll();

    /// <summary>Somebody watches it.</summary>
    public bool IsWatched => Volatile.Read(ref _watchers).Length > 0;

    /// <summary>Who watches it.</summary>
    protected ReadOnlySpan<IPollWatcher> Watchers => Volatile.Read(ref _watchers);

    /// <summary>Adds a watcher: exclusive ones behind all others (kernel: <c>add_wait_queue_exclusive</c>), others in front.</summary>
    public void Watch(IPollWatcher watcher)
    {
        while (true)
        {
            var old = Volatile.Read(ref _watchers);
            IPollWatcher[] next = watcher.IsExclusive ? [.. old, watcher] : [watcher, .. old];
            if (Interlocked.CompareExchange(ref _watchers, next, old) == old) return;
        }
    }

    /// <summary>Takes a watcher away; nothing when it is not there.</summary>
    public void Unwatch(IPollWatcher watcher)
    {
        while (true)
        {
            var old = Volatile.Read(ref _watchers);
            var at = Array.IndexOf(old, watcher);
            if (at < 0) return;
            IPollWatcher[] next = [.. old[..at], .. old[(at + 1)..]];
            if (Interlocked.CompareExchange(ref _watchers, next, old) == old) return;
        }
    }

    /// <summary>Its last descriptor was closed: it leaves the epoll sets that it is in (kernel: <c>eventpoll_release</c>).</summary>
    public void LeaveWatchers()
    {
        foreach (var watcher in Volatile.Read(ref _watchers)) watcher.OnClosed(this);
    }

    /// <summary>Tells the watchers (kernel: <c>__wake_up_common</c>): all that are not exclusive, and of the exclusive ones the first that takes it.</summary>
    protected void NotifyWatchers(HostCpu cpu, PollEvents events)
    {
        foreach (var watcher in Volatile.Read(ref _watchers))
        {
            if (watcher.OnEvent(cpu, events) && watcher.IsExclusive) return;
        }
    }
}
