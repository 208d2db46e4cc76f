using NetActors.Sockets;

namespace NetActors.Apps.Streams;

/// <content>
/// Waiting in <c>select()</c> (select(2), FD_SETSIZE of the C library): two sets of 1024 bits, filled anew for each call, for it leaves in them
/// what is ready. A descriptor beyond them cannot be waited for, so its connection is closed.
/// </content>
internal sealed partial class StreamProgram
{
    private readonly FdSets _sets = new();
    private readonly byte[] _readable = options.Io == StreamIo.Select ? new byte[FdSets.Size / 8] : [];
    private readonly byte[] _writable = options.Io == StreamIo.Select ? new byte[FdSets.Size / 8] : [];

    private bool IsSelect => options.Io == StreamIo.Select;

    private bool IsWatchable(int fd) => !IsSelect || fd < FdSets.Size;

    private void Refuse(StreamConnection connection)
    {
        Errors++;
        connection.Talk!.OnFailed(Errno.EMFILE, Task.Now);
    }

    private void BeginSelect()
    {
        Array.Clear(_readable);
        Array.Clear(_writable);
        var most = -1;
        if (_listener is not null) Want(_readable, _listenerFd, ref most);
        foreach (var connection in _slots)
        {
            if (connection.Parked != PollEvents.None) Want(connection.Parked == PollEvents.In ? _readable : _writable, connection.Fd, ref most);
        }

        (_sets.Readable, _sets.Writable) = (_readable, _writable);
        _call.Begin(Syscall.Select, null);
        (_call.Sets, _call.Argument) = (_sets, most + 1);
    }

    private void TakeSelected()
    {
        if (_listener is not null && IsIn(_readable, _listenerFd)) (_mayAccept, _hasAccepted) = (true, false);
        foreach (var connection in _slots)
        {
            if (connection.Parked == PollEvents.None) continue;
            if (IsIn(connection.Parked == PollEvents.In ? _readable : _writable, connection.Fd)) Signal(connection, connection.Parked);
        }
    }

    private static void Want(byte[] set, int fd, ref int most)
    {
        set[fd >> 3] |= (byte)(1 << (fd & 7));
        most = Math.Max(most, fd);
    }

    private static bool IsIn(byte[] set, int fd) => (set[fd >> 3] & (1 << (fd & 7))) != 0;
}
