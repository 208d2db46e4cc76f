using NetActors.Sockets;

namespace NetActors.Epoll;

/// <summary>
/// Interest list and ready list of an epoll instance (kernel: <c>struct eventpoll</c>, fs/eventpoll.c). Knows no actor: told of events,
/// asked for what is ready.
/// </summary>
internal sealed class EpollCore
{
    /// <summary>Bits that say how to watch and not for what (kernel: <c>EP_PRIVATE_BITS</c>).</summary>
    public const PollEvents PrivateBits = PollEvents.WakeUp | PollEvents.OneShot | PollEvents.EdgeTriggered | PollEvents.Exclusive;

    private const PollEvents ExclusiveOk =
        PollEvents.In | PollEvents.Out | PollEvents.Err | PollEvents.Hup | PollEvents.WakeUp | PollEvents.EdgeTriggered | PollEvents.Exclusive;

    private readonly SortedDictionary<int, EpItem> _items = []; // by descriptor
    private readonly LinkedList<EpItem> _ready = new();

    /// <summary>Files watched.</summary>
    public int Count => _items.Count;

    /// <summary>The files watched.</summary>
    public IEnumerable<EpItem> Items => _items.Values;

    /// <summary>Something may be ready.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>Adds, changes or takes a file off (kernel: <c>do_epoll_ctl</c>).</summary>
    /// <param name="epoll">The instance.</param>
    /// <param name="op">EPOLL_CTL_ADD 1, EPOLL_CTL_DEL 2, EPOLL_CTL_MOD 3.</param>
    /// <param name="file">The file; null for a descriptor that is not open.</param>
    /// <param name="fd">Its descriptor.</param>
    /// <param name="wanted">What is wanted; not looked at when it is taken off.</param>
    /// <returns>None; EBADF, EINVAL, ELOOP, EEXIST or ENOENT.</returns>
    public Errno Control(EpollFile epoll, int op, SocketFile? file, int fd, EpollEvent wanted)
    {
        if (file is null) return Errno.EBADF;
        var isExclusive = (wanted.Events & PollEvents.Exclusive) != 0;
        if (ReferenceEquals(file, epoll) || op is < 1 or > 3) return Errno.EINVAL;
        if (op != 2 && isExclusive && (op == 3 || file is EpollFile || (wanted.Events & ~ExclusiveOk) != 0)) return Errno.EINVAL;
        _items.TryGetValue(fd, out var item);
        if (item is not null && !ReferenceEquals(item.File, file))
        {
            Remove(item); // its file was closed and the number is another's now
            item = null;
        }

        if (op == 1 && file is EpollFile nested && epoll.WouldLoop(nested)) return Errno.ELOOP;
        if (op == 1) return item is not null ? Errno.EEXIST : Add(epoll, file, fd, wanted);
        if (item is null) return Errno.ENOENT;
        if (op == 2) Remove(item);
        else if (item.IsExclusive) return Errno.EINVAL;
        else Modify(item, wanted);
        return Errno.None;
    }

    /// <summary>A file says that something happened (kernel: <c>ep_poll_callback</c>).</summary>
    public void OnEvent(EpItem item)
    {
        item.Answer();
        if (item.Ready is null && _items.TryGetValue(item.Fd, out var known) && ReferenceEquals(known, item)) Append(item);
    }

    /// <summary>
    /// Hands over what is ready, at most as much as fits (kernel: <c>ep_send_events</c>): each is asked anew; level-triggered ones stay
    /// behind the others for the next call.
    /// </summary>
    /// <returns>How many.</returns>
    public int Collect(Span<EpollEvent> events)
    {
        var count = 0;
        for (var left = _ready.Count; left > 0 && count < events.Length; left--)
        {
            var item = _ready.First!.Value;
            _ready.RemoveFirst();
            item.LeaveReady();
            var happened = Poll(item);
            if (happened == PollEvents.None) continue;
            events[count++] = new EpollEvent(happened, item.Data);
            if ((item.Events & PollEvents.OneShot) != 0) item.Events &= PrivateBits;
            else if ((item.Events & PollEvents.EdgeTriggered) == 0) Append(item);
        }

        return count;
    }

    /// <summary>Whether something is ready, without taking it: for an instance that is watched itself (kernel: <c>ep_eventpoll_poll</c>).</summary>
    public bool IsReadable()
    {
        for (var node = _ready.First; node is not null;)
        {
            var next = node.Next;
            if (Poll(node.Value) != PollEvents.None) return true;
            node.Value.LeaveReady(); // stale: its next event lists it again
            _ready.Remove(node);
            node = next;
        }

        return false;
    }

    /// <summary>Lets go of all files.</summary>
    public void Clear()
    {
        foreach (var item in _items.Values) item.File.Unwatch(item);
        _items.Clear();
        _ready.Clear();
    }

    /// <summary>A closed file leaves all lists (kernel: <c>eventpoll_release_file</c>).</summary>
    public void Forget(SocketFile file)
    {
        foreach (var item in _items.Values)
        {
            if (!ReferenceEquals(item.File, file)) continue;
            Remove(item);
            return;
        }
    }

    private static PollEvents Poll(EpItem item)
    {
        var wanted = item.Events & ~PrivateBits;
        return wanted == PollEvents.None ? PollEvents.None : item.File.Poll() & wanted;
    }

    private Errno Add(EpollFile epoll, SocketFile file, int fd, EpollEvent wanted)
    {
        var item = new EpItem(epoll, file, fd) { Events = wanted.Events | PollEvents.Err | PollEvents.Hup, Data = wanted.Data };
        _items.Add(fd, item);
        if (file is EpollFile nested) epoll.Nest(nested, isWatched: true);
        file.Watch(item);
        if (Poll(item) != PollEvents.None) Append(item);
        return Errno.None;
    }

    private void Modify(EpItem item, EpollEvent wanted)
    {
        (item.Events, item.Data) = (wanted.Events | PollEvents.Err | PollEvents.Hup, wanted.Data);
        if (item.Ready is null && Poll(item) != PollEvents.None) Append(item);
    }

    private void Remove(EpItem item)
    {
        item.File.Unwatch(item);
        if (item.File is EpollFile nested) item.Epoll.Nest(nested, isWatched: false);
        if (item.Ready is not null) _ready.Remove(item.Ready);
        item.LeaveReady();
        _items.Remove(item.Fd);
    }

    private void Append(EpItem item) => item.AppendTo(_ready);
}
