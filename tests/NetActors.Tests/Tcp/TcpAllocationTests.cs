using NetActors.Headers;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>The gate of every hot path: 0 bytes a segment.</summary>
public class TcpAllocationTests
{
    private readonly byte[] _payload = new byte[70_000];
    private readonly byte[] _data = TcpPeer.Stream(0, 60_000);
    private readonly byte[] _read = new byte[65_536];

    [Fact]
    public void Established_bulk_transfer_allocates_nothing()
    {
        var pair = new Pair();
        Assert.Equal(0, Allocation.Of(() => Transfer(pair, rounds: 200, bytes: _data.Length)));
        Assert.True(pair.Segments > 10_000);
    }

    [Fact]
    public void Established_request_and_response_allocates_nothing()
    {
        var pair = new Pair();
        Assert.Equal(0, Allocation.Of(() => Talk(pair, 500)));
    }

    [Fact]
    public void Established_with_every_tenth_segment_out_of_order_allocates_nothing()
    {
        var pair = new Pair { SwapEvery = 10 };
        Assert.Equal(0, Allocation.Of(() => Transfer(pair, rounds: 100, bytes: _data.Length)));
    }

    [Fact]
    public void Idle_connection_that_has_talked_takes_less_than_3300_bytes() // what the kernel's needs; the garbage of its making is counted
    {
        const int count = 1000;
        var context = TcpSocks.Closed().Context;
        var (pool, path, socks) = (new TxSegmentPool(), new TcpPath(), new TcpControlBlock[count]);
        var allocated = 0L;
        for (var i = 0; i < count; i++)
        {
            if (i == 100) allocated = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(Errno.None, CongestionControls.TryCreate("cubic", context.Random, out var cubic));
            socks[i] = new TcpControlBlock(context, new TcpSocketOptions(), path, new TcpSender(TcpSenderSettings.Default, cubic!, context.Mib, pool));
            Converse(socks[i]);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - allocated) / (count - 100), 1, 3300);
        Assert.Equal(0, context.Chunks.Outstanding);
        Assert.All(socks, sock => Assert.Equal(TcpState.Established, sock.State));
    }

    /// <summary>A handshake, a request and a response.</summary>
    private void Converse(TcpControlBlock sock)
    {
        var now = KernelTime.FromSeconds(1);
        sock.Accept(
            new TcpHandshake { Isn = 1, PeerIsn = 2, PeerMss = 1000, PeerWindow = 20000, RcvWnd = 64000, WindowClamp = 65535, SackOk = true, SynAckSentAt = now }, now);
        Give(sock, 3, 2, 0, now);
        Give(sock, 3, 2, 10, now);
        sock.Receive(_read, TcpReceiveFlags.None, now, out _, out _);
        sock.Send(_data.AsSpan(0, 10), TcpSendFlags.None, now, out _, out _);
        Give(sock, 13, 12, 0, now);
    }

    private void Give(TcpControlBlock sock, uint seq, uint ack, int length, KernelTime now)
    {
        while (sock.TryTakeSegment(out _)) { }
        sock.OnSegment(
            new TcpInSegment { Sequence = seq, Acknowledgment = ack, Flags = TcpFlags.Ack, Window = 20000, HeaderLength = 20, Payload = _data.AsSpan(0, length) }, now);
        while (sock.TryTakeSegment(out _)) { }
    }

    private void Transfer(Pair pair, int rounds, int bytes)
    {
        for (var i = 0; i < rounds; i++)
        {
            for (var sent = 0; sent < bytes;)
            {
                pair.Left.Send(_data.AsSpan(sent, bytes - sent), TcpSendFlags.None, pair.Now, out var written, out _);
                sent += written;
                pair.Settle(_payload);
                while (pair.Right.Receive(_read, TcpReceiveFlags.None, pair.Now, out var copied, out _) == 0 && copied > 0) { }
                pair.Settle(_payload);
                pair.Pass(KernelTime.FromMilliseconds(1));
                pair.Settle(_payload);
            }
        }
    }

    private void Talk(Pair pair, int times)
    {
        for (var i = 0; i < times; i++)
        {
            pair.Left.Send(_data.AsSpan(0, 100), TcpSendFlags.None, pair.Now, out _, out _);
            pair.Settle(_payload);
            pair.Right.Receive(_read, TcpReceiveFlags.None, pair.Now, out _, out _);
            pair.Right.Send(_data.AsSpan(0, 1000), TcpSendFlags.None, pair.Now, out _, out _);
            pair.Settle(_payload);
            pair.Left.Receive(_read, TcpReceiveFlags.None, pair.Now, out _, out _);
            pair.Pass(KernelTime.FromMilliseconds(1));
            pair.Settle(_payload);
        }
    }

    /// <summary>Two connections whose segments reach each other at once.</summary>
    private sealed class Pair
    {
        private int _count;

        public Pair()
        {
            Left = TcpSocks.Closed(new TcpSysctls()).Sock;
            Right = TcpSocks.Closed(new TcpSysctls()).Sock;
            Now = KernelTime.FromSeconds(1000);
            Left.Connect(1000, 0, Now);
            Right.Connect(2000, 0, Now);
            var buffer = new byte[70_000];
            Settle(buffer);
            Assert.Equal((TcpState.Established, TcpState.Established), (Left.State, Right.State));
        }

        public TcpControlBlock Left { get; }

        public TcpControlBlock Right { get; }

        public KernelTime Now { get; private set; }

        public int SwapEvery { get; init; }

        public long Segments { get; private set; }

        public void Pass(KernelTime span)
        {
            Now += span;
            if (Left.Deadline <= Now) Left.OnDeadline(Now);
            if (Right.Deadline <= Now) Right.OnDeadline(Now);
        }

        public void Settle(byte[] buffer)
        {
            while (Move(Left, Right, buffer) | Move(Right, Left, buffer)) { }
        }

        private bool Move(TcpControlBlock from, TcpControlBlock to, byte[] buffer)
        {
            if (!from.TryTakeSegment(out var segment)) return false;
            if (SwapEvery > 0 && segment.PayloadLength > 0 && ++_count % SwapEvery == 0 && from.TryTakeSegment(out var next))
            {
                Give(from, to, next, buffer);
            }

            Give(from, to, segment, buffer);
            return true;
        }

        private void Give(TcpControlBlock from, TcpControlBlock to, in TcpOutSegment segment, byte[] buffer)
        {
            Segments += segment.GsoSize > 0 ? (segment.PayloadLength + segment.GsoSize - 1) / segment.GsoSize : 1;
            from.CopyPayload(segment, buffer);
            to.OnSegment(
                new TcpInSegment
                {
                    Sequence = segment.Sequence,
                    Acknowledgment = segment.Acknowledgment,
                    Flags = segment.Flags,
                    Window = segment.Window,
                    Options = segment.Options,
                    HeaderLength = TcpHeader.Size + TcpOptionsWriter.Length(segment.Options),
                    Payload = buffer.AsSpan(0, segment.PayloadLength),
                    GsoSize = segment.GsoSize,
                },
                Now);
        }
    }
}
