using NetActors.Buffers;
using NetActors.Sockets;

namespace NetActors.Tcp;

/// <content>Fast Open (RFC 7413; kernel: <c>tcp_sendmsg_fastopen</c>, <c>tcp_fastopen_cookie_check</c>, <c>tcp_fastopen_defer_connect</c>).</content>
internal sealed partial class TcpSocketActor
{
    private (uint Isn, uint TimestampOffset) _deferred; // where a connection begins that waits for its first data

    private bool IsFastOpenClient => (_stack.Tcp.Sysctls.TcpFastopen & FastOpenModes.ClientEnable) != 0;

    /// <summary>MSG_FASTOPEN, or the first data of a connection that was deferred.</summary>
    private Errno BeginFastOpen(SystemCall call)
    {
        if (!IsFastOpenClient) return Errno.EOPNOTSUPP;
        if (_socket.Listener is not null || (_socket.Block is { State: not TcpState.Close } && !_socket.IsConnecting)) return Errno.EISCONN;
        if (_socket.Block is { IsDeferred: true } block)
        {
            (call.Waited, var endpoint) = (true, _socket.Endpoint);
            SendSyn(call, block, CheckCookie(endpoint.LocalAddress, endpoint.RemoteAddress), _deferred.Isn, _deferred.TimestampOffset);
            return Errno.None;
        }

        if (_socket.IsConnecting) return Errno.EALREADY;
        call.Waited = true;
        return BeginConnect(call);
    }

    /// <summary>Sends the SYN, or leaves that to the first data.</summary>
    private void BeginSyn(SystemCall call, TcpControlBlock block, uint isn, uint offset)
    {
        var (endpoint, now) = (_socket.Endpoint, _cpu.Cpu.Now);
        if (call.Name == Syscall.Connect && !_socket.Options.FastOpenConnect)
        {
            Carry(_socket, block.Connect(isn, offset, now));
            return;
        }

        var attempt = CheckCookie(endpoint.LocalAddress, endpoint.RemoteAddress);
        if (call.Name == Syscall.Connect && attempt.SendsData)
        {
            _deferred = (isn, offset);
            Carry(_socket, block.DeferConnect(now));
            return;
        }

        SendSyn(call, block, attempt, isn, offset);
    }

    /// <summary>With a cookie what fits goes with the SYN; without one the SYN asks for it, and the data is still the program's.</summary>
    private void SendSyn(SystemCall call, TcpControlBlock block, in FastOpenAttempt attempt, uint isn, uint offset)
    {
        var data = call.Name == Syscall.Send ? call.Data.Span : [];
        var effects = block.ConnectFastOpen(isn, offset, attempt, data, _cpu.Cpu.Now, out var written);
        if (call.Name == Syscall.Send) call.Done = written;
        if (written > 0 && IsZeroCopy(call)) NoteSynZeroCopy(call, block);
        Carry(_socket, effects);
    }

    private FastOpenAttempt CheckCookie(uint local, uint remote)
    {
        var (tcp, now) = (_stack.Tcp, _cpu.Cpu.Now);
        TcpFastOpenMetrics known;
        using (tcp.Change(now)) known = tcp.Metrics.GetFastOpen(local, remote, now);
        if (tcp.Context.FastOpenBlackhole.IsDisabled(tcp.Sysctls.TcpFastopenBlackholeTimeout, now, out var isTrial))
            return new FastOpenAttempt(FastOpenAttempt.NoCookie, SendsData: false, known.Mss);
        if (_socket.Options.FastOpenNoCookie || _socket.Block!.Path.FastOpenWithoutCookie || (tcp.Sysctls.TcpFastopen & FastOpenModes.ClientNoCookie) != 0)
            return new FastOpenAttempt(FastOpenAttempt.NoCookie, SendsData: true, known.Mss, isTrial);
        return new FastOpenAttempt(known.Cookie, known.Cookie.Length > 0, known.Mss, isTrial);
    }

    private void Learn(TcpSocket socket, in FastOpenLesson lesson)
    {
        var (endpoint, now) = (socket.Endpoint, _cpu.Cpu.Now);
        using (_stack.Tcp.Change(now))
        {
            _stack.Tcp.Metrics.SetFastOpen(
                endpoint.LocalAddress, endpoint.RemoteAddress, lesson.Mss, lesson.Cookie, lesson.SynLost, lesson.TryExperimental, now);
        }
    }

    /// <summary>A segment for a Fast Open child whose handshake goes on. False when it ends here.</summary>
    private bool PassesFastOpen(SkBuff skb)
    {
        var request = _socket.FastOpenRequest!;
        var verdict = request.Listener.OnFastOpenSegment(
            request, ListenSegmentOf(skb), _socket.Block!.SndNxt, _cpu.Mib, _cpu.Cpu.Now, Output);
        if ((verdict.Effects & ListenEffects.Reply) != 0) _stack.Send(_cpu, Output.Reply, _socket.Options);
        if ((verdict.Effects & (ListenEffects.ToChild | ListenEffects.ResetChild)) != 0)
        {
            EndFastOpen(_socket, reset: (verdict.Effects & ListenEffects.ResetChild) != 0);
            return true; // a RST ends the child by its own rules
        }

        if (verdict.Reason == SkbDropReason.CONSUMED) _cpu.Consume(skb);
        else _cpu.Drop(skb, verdict.Reason);
        return false;
    }

    private void SendSynAckAgain(TcpSocket child)
    {
        if (child.FastOpenRequest is not { } request) return;
        TcpListenerCore.RetransmitSynAck(request, _cpu.Mib, _cpu.Cpu.Now, Output);
        _stack.Send(_cpu, Output.Reply, child.Options);
    }

    /// <summary>The handshake of a child is over: its listener, which may run on another CPU, counts it no longer.</summary>
    private void EndFastOpen(TcpSocket child, bool reset)
    {
        if (child.FastOpenRequest is not { } request) return;
        child.FastOpenRequest = null;
        OnFastOpenDone(new TcpSocketProtocol.FastOpenDone(request, reset));
    }

    private void OnFastOpenDone(TcpSocketProtocol.FastOpenDone done)
    {
        var listener = (TcpSocket)done.Request.Listener.Endpoint.Owner; // another one since, when it was migrated
        if (ReferenceEquals(listener, _socket)) done.Request.Listener.OnFastOpenDone(done.Request, done.Reset, _cpu.Cpu.Now);
        else listener.Tell(done);
    }
}
