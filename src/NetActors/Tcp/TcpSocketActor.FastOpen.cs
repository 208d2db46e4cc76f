using NetActors.Headers;
using NetActors.Sockets;

namespace NetActors.Tcp;

/// <content>Connecting with data (RFC 7413; kernel: <c>tcp_sendmsg_fastopen</c>, <c>tcp_fastopen_cookie_check</c>).</content>
internal sealed partial class TcpSocketActor
{
    private const int ClientEnable = 1; // TFO_CLIENT_ENABLE
    private const int ClientNoCookie = 4; // TFO_CLIENT_NO_COOKIE

    private Errno BeginFastOpen(SystemCall call)
    {
        if ((_stack.Tcp.Sysctls.TcpFastopen & ClientEnable) == 0) return Errno.EOPNOTSUPP;
        if (_socket.Listener is not null || _socket.Block is { State: not TcpState.Close } && !_socket.IsConnecting) return Errno.EISCONN;
        if (_socket.IsConnecting) return Errno.EALREADY;
        call.Waited = true;
        return BeginConnect(call);
    }

    /// <summary>With a cookie what fits goes with the SYN; without one the SYN asks for it, and the data is still the program's.</summary>
    private TcpEffects ConnectFastOpen(SystemCall call, uint isn, uint offset, in TcpPath path)
    {
        var (endpoint, now) = (_socket.Endpoint, _cpu.Cpu.Now);
        var withoutCookie = path.FastOpenWithoutCookie || (_stack.Tcp.Sysctls.TcpFastopen & ClientNoCookie) != 0;
        var known = withoutCookie ? default : _stack.Tcp.Metrics.GetFastOpen(endpoint.LocalAddress, endpoint.RemoteAddress, now).Cookie;
        var mayCarry = withoutCookie || known.Length > 0;
        var room = mayCarry ? Math.Min(TcpControlBlock.FastOpenRoom(path), call.Data.Length) : 0;
        var effects = _socket.Block!.ConnectFastOpen(
            isn, offset, known.Length > 0 ? known : null, call.Data.Span[..room], now, out var written, withoutCookie);
        call.Done = written;
        return effects;
    }

    private void KeepCookie(TcpSocket socket, FastOpenCookie cookie)
    {
        var (endpoint, now) = (socket.Endpoint, _cpu.Cpu.Now);
        _stack.Tcp.Metrics.SetFastOpen(
            endpoint.LocalAddress, endpoint.RemoteAddress, 0, cookie, synLost: false, tryExperimental: 0, now);
    }
}
