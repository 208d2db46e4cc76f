using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <content>Waiting for connections and accepting them.</content>
internal sealed partial class StreamProgram
{
    private const int MostEvents = 512; // what nginx asks for at once
    private const int Add = 1; // EPOLL_CTL_ADD
    private const int Delete = 2; // EPOLL_CTL_DEL
    private const int Modify = 3; // EPOLL_CTL_MOD
    private const ulong ListenerData = ulong.MaxValue;
    private const PollEvents Edges = PollEvents.In | PollEvents.Out | PollEvents.RdHup | PollEvents.EdgeTriggered; // all that there is, once
    private readonly Queue<(StreamConnection Connection, PollEvents Events)> _noisy = new();
    private readonly EpollEvent[] _wanted = new EpollEvent[1];
    private EpollEvent[] _events = [];
    private PollEvents[] _polled = [];
    private StreamConnection?[] _polledFor = [];
    private bool _mayAccept;
    private bool _hasAccepted; // since the listener was ready

    private void WatchListener()
    {
        var events = PollEvents.In | (options.Exclusive ? PollEvents.Exclusive : PollEvents.None) | (IsEdge ? PollEvents.EdgeTriggered : PollEvents.None);
        Control(Add, _listenerFd, events, ListenerData);
    }

    private void Control(int what, int fd, PollEvents events, ulong data)
    {
        _wanted[0] = new EpollEvent(events, data);
        _call.Begin(Syscall.EpollCtl, _epoll);
        (_call.Argument, _call.Fd, _call.Events) = (what, fd, _wanted);
        Task.Call(_call);
    }

    /// <summary>The current connection waits for its socket. True: epoll has to be told.</summary>
    private bool Park(PollEvents events)
    {
        _current.Parked = events;
        if (IsEdge) events = Edges;
        return _epoll is not null && _current.Watched != events && Watch(_current.Watched is null ? Add : Modify, events);
    }

    private bool Watch(int what, PollEvents events)
    {
        _doing = Doing.Watching;
        _current.Watched = what == Delete ? null : events;
        Control(what, _current.Fd, events, (ulong)_current.Slot);
        return true;
    }

    private void OnWatched(SystemCall call)
    {
        if (call.Error != Errno.None) Errors++;
        Turn();
    }

    /// <summary>A connection that does not wait for its socket is watched no longer, or a level-triggered event would come again at once.</summary>
    private bool Quieten()
    {
        while (_noisy.TryDequeue(out var noisy))
        {
            var (connection, events) = noisy;
            if (connection.Watched is null || connection.Parked != PollEvents.None) continue;
            _current = connection;
            return (events & (PollEvents.Err | PollEvents.Hup)) != 0 ? Watch(Delete, PollEvents.None) : Watch(Modify, PollEvents.None);
        }

        return false;
    }

    private void Wait()
    {
        var until = _stopping ? KernelTime.Never : options.Stop;
        if (_sleeping.TryPeek(out _, out var first)) until = KernelTime.Min(until, KernelTime.FromNanoseconds(first));
        if (IsBlocking)
        {
            WaitBlocked(until);
            return;
        }

        _doing = Doing.Waiting;
        if (_epoll is not null)
        {
            if (_events.Length == 0) _events = new EpollEvent[MostEvents];
            _call.Begin(Syscall.EpollWait, _epoll);
            _call.MaxEvents = MostEvents;
        }
        else if (IsSelect)
        {
            BeginSelect();
        }
        else
        {
            FillPoll();
            _call.Begin(Syscall.Poll, null);
            _call.Wanted = _polled;
        }

        (_call.Events, _call.Deadline) = (_events, until);
        Task.Call(_call);
    }

    private void WaitBlocked(KernelTime until)
    {
        if (_open > 0)
        {
            Task.SleepUntil(until);
            return;
        }

        (_doing, _hasAccepted) = (Doing.Accepting, false);
        _call.Begin(Syscall.Accept, _listener);
        (_call.Second, _call.Deadline) = (0, until);
        Task.Call(_call);
    }

    /// <summary>What poll() is asked for: the listener and every connection that waits; places that are left over are -1.</summary>
    private void FillPoll()
    {
        if (_events.Length < _slots.Count + 1)
        {
            var size = Math.Max(16, _slots.Count * 2);
            (_events, _polled, _polledFor) = (new EpollEvent[size], new PollEvents[size], new StreamConnection?[size]);
        }

        var count = 0;
        if (_listener is not null) Ask(ref count, _listenerFd, PollEvents.In, null);
        foreach (var connection in _slots)
        {
            if (connection.Parked != PollEvents.None) Ask(ref count, connection.Fd, connection.Parked, connection);
        }

        while (count < _events.Length) Ask(ref count, -1, PollEvents.None, null);
    }

    private void Ask(ref int count, int fd, PollEvents events, StreamConnection? connection)
    {
        (_events[count], _polled[count], _polledFor[count]) = (new EpollEvent(PollEvents.None, (ulong)(long)fd), events, connection);
        count++;
    }

    private void OnWaited(SystemCall call)
    {
        if (call.Error != Errno.None) Errors++;
        else if (_epoll is not null) TakeEpollEvents((int)call.Result);
        else if (call.Result > 0 && IsSelect) TakeSelected();
        else if (call.Result > 0) TakePollEvents();
        Turn();
    }

    private void TakeEpollEvents(int count)
    {
        foreach (var (events, data) in _events.AsSpan(0, count))
        {
            if (data == ListenerData) (_mayAccept, _hasAccepted) = (true, false);
            else Signal(_slots[(int)data], events);
        }
    }

    private void TakePollEvents()
    {
        for (var i = 0; i < _events.Length; i++)
        {
            var happened = _events[i].Events;
            if (happened == PollEvents.None) continue;
            if (_polledFor[i] is { } connection) Signal(connection, happened);
            else (_mayAccept, _hasAccepted) = (true, false);
        }
    }

    private void Signal(StreamConnection connection, PollEvents events)
    {
        const PollEvents Always = PollEvents.Err | PollEvents.Hup | PollEvents.Nval;
        if (connection.Talk is null) return;
        connection.MayRead |= (events & (PollEvents.In | PollEvents.RdHup | Always)) != 0;
        if (connection.Parked != PollEvents.None && (events & (connection.Parked | Always)) != 0)
        {
            connection.IsSignalled = true;
            Ready(connection);
        }
        else if (!connection.IsReady && !IsEdge)
        {
            _noisy.Enqueue((connection, events));
        }
    }

    /// <summary>
    /// Takes one connection for each time that the listener was ready (nginx with <c>multi_accept off</c>), since more are reported again; by
    /// edges, one after the other until there is none.
    /// </summary>
    private bool AcceptOne()
    {
        if (!_mayAccept || _stopping) return false;
        _mayAccept = IsEdge;
        _doing = Doing.Accepting;
        _call.Begin(Syscall.Accept, _listener).NonBlocking = true;
        _call.Second = NonBlock;
        Task.Call(_call);
        return true;
    }

    private void OnAccepted(SystemCall call, KernelTime now)
    {
        if (call.Error == Errno.None)
        {
            counters.Accepted++;
            _hasAccepted = true;
            var connection = NewConnection();
            (connection.Fd, connection.File, connection.IsConnected) = ((int)call.Result, Task.Files[(int)call.Result], true);
            if (!IsWatchable(connection.Fd)) Refuse(connection);
            Ready(connection);
        }
        else
        {
            _mayAccept = false;
            if (call.Error != Errno.EAGAIN) Errors++;
            else if (now < options.Stop && !_hasAccepted) counters.AcceptedNothing++;
        }

        Turn();
    }
}
