using NetActors.Ip;
using NetActors.Sockets;

namespace NetActors.Tcp;

/// <content>MSG_ZEROCOPY and the error queue (kernel: <c>tcp_sendmsg_locked</c>, <c>inet_recv_error</c>).</content>
internal sealed partial class TcpSocketActor
{
    /// <summary>A send with MSG_ZEROCOPY begins. False: too many are under way.</summary>
    private bool BeginZeroCopy(SystemCall call, TcpControlBlock block)
    {
        if (!IsZeroCopy(call) || call.Waited || call.Data.Length == 0) return true;
        if (block.IsSendShutdown || block.Error != Errno.None) return true; // the call will fail
        _socket.ZeroCopy ??= new TcpZeroCopy();
        call.Waited = true;
        return _socket.ZeroCopy.TryBegin(block.WriteSeq, block.WriteSeq != block.SndNxt, call.Data.Length);
    }

    /// <summary>What goes with a SYN is copied, for no device is known yet (kernel: <c>tcp_send_syn_data</c>, <c>sk_route_caps</c>).</summary>
    private void NoteSynZeroCopy(SystemCall call, TcpControlBlock block)
    {
        _socket.ZeroCopy ??= new TcpZeroCopy();
        if (_socket.ZeroCopy.TryBegin(block.WriteSeq - (uint)call.Done, isUnsent: false, call.Data.Length)) _socket.ZeroCopy.OnWritten(block.WriteSeq, isCopied: true);
    }

    private bool IsZeroCopy(SystemCall call) => _socket.Options.ZeroCopy && (call.Flags & MessageFlags.ZeroCopy) != 0;

    /// <summary>
    /// How far a packet of a send with MSG_ZEROCOPY goes: each page of each buffer is a fragment of it, and it has 17 (kernel:
    /// <c>MAX_SKB_FRAGS</c>, <c>skb_zerocopy_iter_stream</c>). To the end when its data are copied, or one buffer: a packet of 64 KiB has no more pages.
    /// </summary>
    private int EndOfPacket(SystemCall call)
    {
        const int Page = 4096;
        if (call.Pieces.Length == 0 || !IsZeroCopy(call)) return call.Data.Length;
        var (at, fragments) = (0, 0);
        foreach (var length in call.Pieces)
        {
            for (var left = length; left > 0; left -= Page)
            {
                at += Math.Min(left, Page);
                if (++fragments < TcpConstants.MaxSkbFrags) continue;
                if (at > call.Done) return at;
                fragments = 0;
            }
        }

        return call.Data.Length;
    }

    /// <summary>The call has written what it could.</summary>
    private void EndZeroCopySend(SystemCall call, TcpControlBlock block)
    {
        if (_socket.ZeroCopy is not { } zeroCopy || !IsZeroCopy(call) || !call.Waited || call.Data.Length == 0) return;
        if (call.Done == 0)
        {
            zeroCopy.Abort();
            return;
        }

        zeroCopy.OnWritten(block.WriteSeq, IsCopiedBelow());
        EndZeroCopies(_cpu, _socket, block);
    }

    /// <summary>Tells the program which sends are over.</summary>
    private static void EndZeroCopies(Hosts.HostCpu cpu, TcpSocket socket, TcpControlBlock block)
    {
        if (block.HostQueue is TcpSocketQueue { Stamps: { } stamps }) stamps.OnAcknowledged(block.SndUna, block.State == TcpState.Close, cpu.Cpu.Now);
        if (socket.ZeroCopy is not { Count: > 0 } zeroCopy) return;
        var isPurged = block.State == TcpState.Close;
        while (zeroCopy.TryTake(block.SndUna, isPurged, out var key, out var count, out var isCopied))
        {
            if (socket.IsClosed) continue;
            socket.Errors.AddZeroCopy(key, count, isCopied);
            socket.NotifyError(cpu);
        }
    }

    /// <summary>MSG_ERRQUEUE: never sleeps (kernel: <c>ip_recv_error</c>).</summary>
    private bool ReceiveError(SystemCall call)
    {
        if (!_socket.Errors.TryTake(out var error)) return Fail(call, Errno.EAGAIN);
        var copied = Math.Min(error.Payload.Length, call.Data.Length);
        error.Payload.AsSpan(0, copied).CopyTo(call.Data.Span);
        if (call.Received is { } writer)
        {
            if (error.Stamp is { } time && (_socket.Sock.TimestampingFlags & TimestampingFlags.Software) != 0)
                SocketControl.Timestamping(writer, _socket.Sock.TimestampingOption, time);
            InetControl.Error(writer, error);
        }

        var cut = copied < error.Payload.Length ? MessageFlags.Trunc : 0;
        (call.HasAddress, call.MessageFlags) = (false, MessageFlags.ErrQueue | cut | (call.Received?.Flags ?? 0));
        if (!_socket.Errors.IsEmpty) _socket.NotifyError(_cpu);
        call.End(copied);
        return true;
    }

    /// <summary>SO_TIMESTAMPING (kernel: <c>sock_set_timestamping</c>).</summary>
    private Errno SetTimestamping(int option, int value)
    {
        if ((value & TimestampingFlags.OptIdTcp) != 0 && (value & TimestampingFlags.OptId) == 0) return Errno.EINVAL;
        if ((value & TimestampingFlags.OptStats) != 0) return Errno.EINVAL; // statistics are not emulated
        if ((value & TimestampingFlags.OptId) != 0 && (_socket.Sock.TimestampingFlags & TimestampingFlags.OptId) == 0)
        {
            if (_socket.Block is not { State: not TcpState.Close } block || _socket.Listener is not null) return Errno.EINVAL;
            if (StampsOf(block) is { } stamps) stamps.Base = (value & TimestampingFlags.OptIdTcp) != 0 ? block.WriteSeq : block.SndUna;
        }

        return _socket.Sock.TrySet(option, SocketOptions.Int(value)) ?? Errno.ENOPROTOOPT;
    }

    private TcpTransmitStamps? StampsOf(TcpControlBlock block) =>
        block.HostQueue is TcpSocketQueue below ? below.Stamps ??= new TcpTransmitStamps(_socket) : null;

    /// <summary>A call has written what it will: its last byte is followed (kernel: <c>tcp_tx_timestamp</c>).</summary>
    private void MarkStamp(TcpControlBlock block, uint sndNxt)
    {
        if (_socket.BusyOptions is { } sock && (sock.TimestampingFlags & TimestampingFlags.TxRecords) != 0)
            StampsOf(block)?.Mark(block.WriteSeq - 1, sndNxt, sock.TimestampingFlags, block.SendTail);
    }
}
