using NetActors.Hosts;
using NetActors.Sockets;

namespace NetActors.Epoll;

/// <summary>One file on an interest list (kernel: <c>struct epitem</c>); told by the file when something happens (<c>ep_poll_callback</c>).</summary>
internal sealed class EpItem(EpollFile epoll, SocketFile file, int fd) : IPollWatcher
{
    private int _rung;

    /// <summary>The instance whose list it is on.</summary>
    public EpollFile Epoll => epoll;

    /// <summary>The file watched.</summary>
    public SocketFile File { get; } = file;

    /// <summary>The descriptor it was added by.</summary>
    public int Fd { get; } = fd;

    /// <summary>Wanted events with their flags; 0 of them after a one-shot report.</summary>
    public PollEvents Events { get; set; }

    /// <summary>The program's data.</summary>
    public ulong Data { get; set; }

    /// <summary>Its place on the ready list; null while it is not there.</summary>
    public LinkedListNode<EpItem>? Ready { get; private set; }

    private LinkedListNode<EpItem>? _place; // made once: items come and go with every event

    /// <summary>Goes to the end of the ready list.</summary>
    public void AppendTo(LinkedList<EpItem> ready) => ready.AddLast(Ready = _place ??= new LinkedListNode<EpItem>(this));

    /// <summary>It is off the list.</summary>
    public void LeaveReady() => Ready = null;

    /// <summary>Its last event was data, whose waker hints that it is about to sleep (kernel: <c>sock_def_readable</c>, <c>WF_SYNC</c>).</summary>
    public bool IsSync { get; private set; }

    /// <inheritdoc />
    public bool IsExclusive => (Events & PollEvents.Exclusive) != 0;

    /// <summary>The instance has seen what happened.</summary>
    public void Answer() => Interlocked.Exchange(ref _rung, 0);

    /// <summary>Whether it is told of these events; None stands for any.</summary>
    public bool Wants(PollEvents events)
    {
        var wanted = Events & ~EpollCore.PrivateBits;
        return wanted != PollEvents.None && (events == PollEvents.None || (events & wanted) != PollEvents.None);
    }

    /// <inheritdoc />
    public bool OnEvent(HostCpu cpu, PollEvents events)
    {
        if (!Wants(events)) return false;
        if (Interlocked.Exchange(ref _rung, 1) == 0)
        {
            IsSync = (events & PollEvents.In) != 0 && File is not EpollFile;
            epoll.Ring(this);
        }

        return IsTaken(events);
    }

    /// <inheritdoc />
    public void OnClosed(SocketFile file) => epoll.Tell(file);

    /// <summary>An exclusive wakeup counts when it was for what this one waits for, and somebody waits (kernel: <c>ewake</c>).</summary>
    private bool IsTaken(PollEvents events)
    {
        if (!epoll.HasSleepers) return false;
        var direction = events & (PollEvents.In | PollEvents.Out);
        return direction != PollEvents.In || (Events & PollEvents.In) != 0;
    }
}
