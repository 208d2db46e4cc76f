using NetActors.Costs;
using NetActors.Ip;
using NetActors.Sockets;

namespace NetActors.Tcp;

/// <content>
/// Sending without copying: <c>sendfile</c>, whose pages go through a pipe to the socket, sixteen at a time, and are part of its packets
/// (kernel: <c>do_splice_direct</c>, <c>splice_to_socket</c>, MSG_SPLICE_PAGES). They are charged to the socket as copied bytes are.
/// </content>
internal sealed partial class TcpSocketActor
{
    private const long MostAtOnce = 0x7FFF_F000; // MAX_RW_COUNT

    private bool SendFile(SystemCall call)
    {
        if (call.Source is not { } file) return Fail(call, Errno.EBADF);
        if (call.Offset < 0 || call.Count < 0) return Fail(call, Errno.EINVAL);
        if (_socket.Block is not { } block || _socket.Listener is not null) return Fail(call, Errno.EPIPE);
        if (Total(call, file) > 0) return Send(call, block, TcpSendFlags.None);
        call.End(0);
        return true;
    }

    private static int Total(SystemCall call, PageCacheFile file) => (int)Math.Clamp(file.Length - call.Offset, 0, Math.Min(call.Count, MostAtOnce));

    /// <summary>What is to be written next: of data, a packet's or all; of a file, what the pipe holds, with more to come (MSG_MORE).</summary>
    private ReadOnlySpan<byte> NextToSend(SystemCall call, TcpSendFlags flags, out int total, out TcpSendFlags ended)
    {
        if (call.Source is not { } file)
        {
            total = call.Data.Length;
            var end = EndOfPacket(call);
            ended = end == total ? flags : (flags & ~TcpSendFlags.More) | TcpSendFlags.EndOfRecord; // tcp_mark_push, new_segment
            return call.Data.Span[call.Done..end];
        }

        total = Total(call, file);
        var piece = file.Splice(call.Offset + call.Done, total - call.Done).Span;
        ended = call.Done + piece.Length < total ? flags | TcpSendFlags.More : flags;
        return piece;
    }

    /// <summary>Bytes are copied, or the pages that they lie in are referenced where the device can send from those.</summary>
    private void PayFor(SystemCall call, int written)
    {
        var isReferenced = call.Source is not null || IsZeroCopy(call);
        if (!isReferenced || IsCopiedBelow()) _cpu.Cpu.ChargeBytes(CostOp.CopyPerKiB, written);
        else _cpu.Cpu.Charge(CostOp.SplicePage, PageCacheFile.Pages(call.Source is null ? 0 : call.Offset + call.Done, written));
    }

    /// <summary>The way out leads over a device without <c>scatter-gather</c>.</summary>
    private bool IsCopiedBelow()
    {
        var query = new RouteQuery(_socket.Endpoint.RemoteAddress, _socket.Endpoint.LocalAddress);
        return RouteLookup.Output(_stack.Net, query, out var route) != Errno.None || !_stack.Devices[route.IfIndex - 1].ScatterGather;
    }
}
