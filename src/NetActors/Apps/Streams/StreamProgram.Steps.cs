using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Apps.Streams;

/// <content>The steps of one connection.</content>
internal sealed partial class StreamProgram
{
    /// <summary>Goes on with a connection. True: a call or user time is under way; false: it waits for something, or is over.</summary>
    private bool Go(StreamConnection connection)
    {
        _current = connection;
        if (connection.IsConnecting) return AskForError();
        var now = Task.Now;
        var step = connection.Step = connection.Talk!.Next(now);
        switch (step.Kind)
        {
            case StepKind.Connect:
                (_doing, _opened) = (Doing.Opening, 0);
                MakeSocket();
                return true;
            case StepKind.Read:
                return Read(step);
            case StepKind.Write:
                return Write(step);
            case StepKind.Work:
                Task.Burst(step.Time);
                return true;
            case StepKind.Sleep:
                connection.WakeAt = step.Time;
                _sleeping.Enqueue(connection, step.Time.Nanoseconds);
                return false;
            case StepKind.Shutdown:
                _doing = Doing.ShuttingDown;
                _call.Begin(Syscall.Shutdown, connection.File).Argument = 1; // SHUT_WR
                Task.Call(_call);
                return true;
            case StepKind.Close:
                return CloseConnection();
            default:
                Finish(connection);
                return false;
        }
    }

    private void OnOpened(SystemCall call)
    {
        if (call.Name == Syscall.Socket)
        {
            if (call.Error != Errno.None)
            {
                Fail(call.Error);
                return;
            }

            (_current.Fd, _current.File) = ((int)call.Result, Task.Files[(int)call.Result]);
            if (!IsWatchable(_current.Fd))
            {
                Fail(Errno.EMFILE);
                return;
            }
        }
        else if (call.Error != Errno.None)
        {
            Errors++;
        }

        if (SetNextOption()) return;
        _doing = Doing.Connecting;
        _call.Begin(Syscall.Connect, _current.File);
        (_call.Address, _call.Port, _call.HasAddress) = (options.Address, options.Port, true);
        Task.Call(_call);
    }

    private bool AskForError()
    {
        if (!_current.IsSignalled) return Park(PollEvents.Out);
        _current.IsSignalled = false;
        _doing = Doing.AskingForError;
        _call.Begin(Syscall.GetSockOpt, _current.File);
        (_call.Level, _call.Option, _call.Value) = (SocketOptions.SolSocket, SocketOptions.ErrorOption, new byte[4]);
        Task.Call(_call);
        return true;
    }

    private void OnConnect(Errno error, KernelTime now)
    {
        _current.IsConnecting = error == Errno.EINPROGRESS;
        if (error == Errno.None)
        {
            counters.Connected++;
            _current.IsConnected = true;
            _current.Talk!.OnDone(StepKind.Connect, now);
        }
        else if (!_current.IsConnecting)
        {
            Fail(error);
            return;
        }

        Continue();
    }

    private bool Read(in ConversationStep step)
    {
        if (!IsBlocking && !(IsEdge ? _current.MayRead : _current.IsSignalled)) return Park(PollEvents.In);
        _current.IsSignalled = false;
        _doing = Doing.Reading;
        _call.Begin(Syscall.Receive, _current.File);
        (_call.Data, _call.Flags) = (_buffer.AsMemory(0, Math.Min(step.Bytes, _buffer.Length)), 0);
        if (IsBlocking && options.IsServer) _call.Deadline = options.Stop; // as a signal would interrupt it
        Task.Call(_call);
        return true;
    }

    private void OnRead(SystemCall call, KernelTime now)
    {
        if (call.Error == Errno.None)
        {
            var data = _buffer.AsSpan(0, (int)call.Result);
            counters.BytesReceived += data.Length;
            Audit?.OnReceived(_current.File!, data);
            _current.Talk!.OnRead(data, now);
        }
        else if (call.Error != Errno.EAGAIN)
        {
            Fail(call.Error);
            return;
        }
        else
        {
            _current.MayRead = false;
        }

        if (IsBlocking && call.Error == Errno.EAGAIN) TurnAgain();
        else Continue();
    }

    private bool Write(in ConversationStep step)
    {
        _current.IsSignalled = false;
        _doing = Doing.Writing;
        _call.Begin(Syscall.Send, _current.File);
        (_call.Data, _call.Flags) = (step.Data, 0);
        if (IsBlocking && !_stopping) _call.Deadline = options.Stop;
        Task.Call(_call);
        return true;
    }

    private void OnWritten(SystemCall call, KernelTime now)
    {
        if (call.Error == Errno.None)
        {
            var taken = (int)call.Result;
            counters.BytesSent += taken;
            Audit?.OnSent(_current.File!, call.Data.Span[..taken]);
            _current.Talk!.OnWritten(taken, now);
        }
        else if (call.Error != Errno.EAGAIN)
        {
            Fail(call.Error);
            return;
        }

        if (call.Error == Errno.None) Continue();
        else if (IsBlocking) TurnAgain();
        else if (!Park(PollEvents.Out)) Turn();
    }

    private void OnShutdown(SystemCall call, KernelTime now)
    {
        if (call.Error != Errno.None)
        {
            Fail(call.Error);
            return;
        }

        _current.Talk!.OnDone(StepKind.Shutdown, now);
        Continue();
    }

    private bool CloseConnection()
    {
        if (_current.File is not { } file) // there was none: socket() failed
        {
            _current.Talk!.OnDone(StepKind.Close, Task.Now);
            return Go(_current);
        }

        _doing = Doing.Closing;
        Task.Files.Remove(_current.Fd);
        Task.Call(_call.Begin(Syscall.Close, file));
        return true;
    }

    private void OnClosed(KernelTime now)
    {
        if (_current.IsConnected) counters.Closed++;
        _current.Reset();
        _current.Talk!.OnDone(StepKind.Close, now);
        Continue();
    }

    /// <summary>A call on the current connection failed: its conversation closes it next.</summary>
    private void Fail(Errno error)
    {
        if (_current.File is { } file) Audit?.OnFailed(file, error);
        Errors++;
        _current.Talk!.OnFailed(error, Task.Now);
        Continue();
    }

    /// <summary>A blocking call came back without having done anything: the time is over, or it is tried again.</summary>
    private void TurnAgain()
    {
        Ready(_current);
        Turn();
    }
}
