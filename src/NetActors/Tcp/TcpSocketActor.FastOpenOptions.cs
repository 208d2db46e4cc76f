using NetActors.Sockets;

namespace NetActors.Tcp;

/// <content>The options of Fast Open (kernel: <c>do_tcp_setsockopt</c>, TCP_FASTOPEN and those after it).</content>
internal sealed partial class TcpSocketActor
{
    private bool HasNoConnection => _socket.Listener is not null || _socket.Block is null or { State: TcpState.Close };

    private Errno SetFastOpen(int option, int value)
    {
        switch (option)
        {
            case SocketOptions.TcpFastOpen:
                if (value < 0 || !HasNoConnection) return Errno.EINVAL;
                _socket.FastOpenQueue = Math.Min(value, _stack.Tcp.Sysctls.SoMaxConn); // fastopen_queue_tune
                if (_socket.Listener is { } listener) listener.FastOpen.MaxLength = _socket.FastOpenQueue;
                break;
            case SocketOptions.TcpFastOpenConnect:
                if (value is not (0 or 1)) return Errno.EINVAL;
                if (!IsFastOpenClient) return Errno.EOPNOTSUPP;
                if (_socket.Listener is not null || !HasNoConnection) return Errno.EINVAL;
                _socket.Options.FastOpenConnect = value == 1;
                break;
            default:
                if (value is not (0 or 1) || !HasNoConnection) return Errno.EINVAL;
                _socket.Options.FastOpenNoCookie = value == 1;
                if (_socket.Listener is { } open) open.Options.FastOpenWithoutCookie = value == 1;
                break;
        }

        return Errno.None;
    }

    private Errno SetFastOpenKey(ReadOnlySpan<byte> value)
    {
        if (!TcpFastOpenKeys.TryRead(value, out var keys)) return Errno.EINVAL;
        _socket.FastOpenKeys = keys;
        if (_socket.Listener is { } listener) listener.Options.FastOpenKeys = keys;
        return Errno.None;
    }
}
