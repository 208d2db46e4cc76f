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
        if (socket.ZeroCopy is not { Count: > 0 } zeroCopy) return;
        var isPurged = block.State == TcpState.Close;
        while (zeroCopy.TryTake(block.SndUna, isPurged, out var key, out var count, out var isCopied))
        {
            if (socket.IsClosed) continue;
            socket.Errors.AddZeroCopy(key, count, isCopied);
            socket.NotifyError(cpu);
        }
    }

    /// <summary>MSG_ERRQUEUE: never sleeps.</summary>
    private bool ReceiveError(SystemCall call)
    {
        if (!_socket.Errors.TryTake(out var error)) return Fail(call, Errno.EAGAIN);
        if (call.Received is { } writer) InetControl.Error(writer, error);
        (call.HasAddress, call.MessageFlags) = (false, MessageFlags.ErrQueue | (call.Received?.Flags ?? 0));
        if (!_socket.Errors.IsEmpty) _socket.NotifyError(_cpu);
        call.End(0);
        return true;
    }
}
