using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <content>Before the first connection and after the last: the epoll instance and the listener.</content>
internal sealed partial class StreamProgram
{
    private const int InternetFamily = 2; // AF_INET
    private const int StreamType = 1; // SOCK_STREAM
    private const int NonBlock = 0x800; // SOCK_NONBLOCK
    private const int SetEpollParams = 0x4008_8A01; // EPIOCSPARAMS
    private SocketFile? _epoll;
    private int _listenerFd;
    private int _opened; // calls made of those that open a socket
    private bool _opens;

    private void Prepare()
    {
        if (options.Io is StreamIo.Epoll or StreamIo.EpollEdge && _epoll is null)
        {
            _call.Begin(Syscall.EpollCreate, null).Argument = 1;
            Task.Call(_call);
            return;
        }

        if (options.IsServer && _listener is null)
        {
            _opens |= options.ReusePort || process.Claim();
            if (_opens)
            {
                OpenListener();
                return;
            }

            _listener = process.Listener;
            if (_listener is null)
            {
                process.Await(Task);
                return;
            }
        }

        if (_listener is not null) _listenerFd = Task.Files.Find(_listener);
        if (!IsWatchable(_listenerFd))
        {
            Errors++;
            Leave();
            return;
        }

        if (_epoll is not null && _listener is not null)
        {
            WatchListener();
            return;
        }

        Begin();
    }

    private void Begin()
    {
        if (!options.IsServer)
        {
            for (var i = 0; i < options.Connections; i++) OpenAt(Task.Now + new KernelTime(options.Ramp.Nanoseconds / options.Connections * i));
        }

        Turn();
    }

    private void OpenAt(KernelTime at)
    {
        var connection = NewConnection();
        if (at <= Task.Now) Ready(connection);
        else _sleeping.Enqueue(connection, (connection.WakeAt = at).Nanoseconds);
    }

    private void OnPrepared(SystemCall call)
    {
        if (call.Error != Errno.None)
        {
            Errors++;
            _doing = Doing.Leaving;
            Leave(); // a server that cannot listen says so and ends
            return;
        }

        switch (call.Name)
        {
            case Syscall.EpollCreate:
                _epoll = Task.Files[(int)call.Result];
                if (options.EpollParams is { } wanted)
                {
                    _call.Begin(Syscall.Ioctl, _epoll);
                    (_call.Argument, _call.Value) = (SetEpollParams, wanted);
                    Task.Call(_call);
                    break;
                }

                Prepare();
                break;
            case Syscall.Ioctl:
                Prepare();
                break;
            case Syscall.EpollCtl:
                Begin();
                break;
            default:
                OnListenerCall(call);
                break;
        }
    }

    private void OpenListener()
    {
        _opened = 0;
        MakeSocket();
    }

    private void OnListenerCall(SystemCall call)
    {
        switch (call.Name)
        {
            case Syscall.Socket:
                _current = new StreamConnection(-1) { Fd = (int)call.Result, File = Task.Files[(int)call.Result] };
                break;
            case Syscall.Listen:
                _listener = _current.File;
                if (!options.ReusePort) process.Publish(_listener!, Task.Cpu);
                Prepare();
                return;
            case Syscall.Bind:
                _call.Begin(Syscall.Listen, _current.File).Argument = options.Backlog;
                Task.Call(_call);
                return;
        }

        if (SetNextOption()) return;
        _call.Begin(Syscall.Bind, _current.File);
        (_call.Address, _call.Port, _call.HasAddress) = (options.Address, options.Port, true);
        Task.Call(_call);
    }

    private void MakeSocket()
    {
        _call.Begin(Syscall.Socket, null);
        (_call.Argument, _call.Second, _call.Third) = (InternetFamily, StreamType | (IsBlocking ? 0 : NonBlock), 0);
        Task.Call(_call);
    }

    /// <summary>False when all are set.</summary>
    private bool SetNextOption()
    {
        if (_opened == options.SocketOptions.Count) return false;
        var (level, option, value) = options.SocketOptions[_opened++];
        _call.Begin(Syscall.SetSockOpt, _current.File);
        (_call.Level, _call.Option, _call.Value) = (level, option, value);
        Task.Call(_call);
        return true;
    }

    /// <summary>Closes what the thread has open beside connections, one a call, and ends it.</summary>
    private void Leave()
    {
        _doing = Doing.Leaving;
        if (_epoll is { } epoll)
        {
            _epoll = null;
            Close(epoll);
            return;
        }

        if (_listener is { } listener)
        {
            _listener = null;
            if (options.ReusePort || process.Leave())
            {
                Close(listener);
                return;
            }
        }

        Task.Exit();
    }

    private void Close(SocketFile file)
    {
        Task.Files.Remove(Task.Files.Find(file));
        Task.Call(_call.Begin(Syscall.Close, file));
    }
}
