using NetActors.Headers;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>Two control blocks and a wire between them that loses, repeats and reorders, by a seed. Headers go through their bytes.</summary>
internal sealed class TcpWire
{
    private readonly PriorityQueue<(int To, byte[] Segment, EcnCodepoint Ecn), (long At, long Order)> _flying = new();
    private readonly byte[] _buffer = new byte[70_000];
    private readonly KernelRandom _random;
    private long _order;

    public TcpWire(TcpControlBlock left, TcpControlBlock right, ulong seed)
    {
        Ends = [left, right];
        _random = new KernelRandom(seed);
    }

    public TcpControlBlock[] Ends { get; }

    public KernelTime Now { get; private set; } = KernelTime.FromSeconds(1000);

    public double Loss { get; init; }

    public double Duplication { get; init; }

    public double Reordering { get; init; }

    public double Marking { get; init; }

    public KernelTime Delay { get; init; } = KernelTime.FromMilliseconds(10);

    /// <summary>Called after each input with the end's index.</summary>
    public Action<int>? AfterInput { get; set; }

    public long Segments { get; private set; }

    public void Take(int end)
    {
        while (Ends[end].TryTakeSegment(out var segment)) Launch(end, segment);
        AfterInput?.Invoke(end);
    }

    /// <summary>Runs what comes next: an arrival or a deadline. False when nothing is left before <paramref name="until"/>.</summary>
    public bool Step(KernelTime until)
    {
        var arrival = _flying.TryPeek(out _, out var when) ? new KernelTime(when.At) : KernelTime.Never;
        var (end, deadline) = Ends[0].Deadline <= Ends[1].Deadline ? (0, Ends[0].Deadline) : (1, Ends[1].Deadline);
        var next = KernelTime.Min(arrival, deadline);
        if (next.IsNever || next > until)
        {
            Now = KernelTime.Max(Now, until.IsNever ? Now : until);
            return false;
        }

        Now = KernelTime.Max(Now, next);
        if (arrival <= deadline) Arrive();
        else
        {
            Ends[end].OnDeadline(Now);
            Take(end);
        }

        return true;
    }

    public Errno Write(int end, ReadOnlySpan<byte> data, out int written)
    {
        var error = Ends[end].Send(data, TcpSendFlags.None, Now, out written, out _);
        Take(end);
        return error;
    }

    public Errno Read(int end, Span<byte> data, out int copied)
    {
        var error = Ends[end].Receive(data, TcpReceiveFlags.None, Now, out copied, out _);
        Take(end);
        return error;
    }

    private void Launch(int from, in TcpOutSegment segment)
    {
        var piece = segment.GsoSize > 0 ? segment.GsoSize : Math.Max(segment.PayloadLength, 1);
        for (var at = 0; at == 0 || at < segment.PayloadLength; at += piece)
        {
            var length = Math.Min(piece, segment.PayloadLength - at);
            var last = at + length >= segment.PayloadLength;
            var part = segment;
            (part.Sequence, part.PayloadLength) = (segment.Sequence + (uint)at, length);
            if (!last) part.Flags &= ~(TcpFlags.Fin | TcpFlags.Psh);
            Segments++;
            Fly(1 - from, Write(Ends[from], part), part.Ect);
        }
    }

    private static byte[] Write(TcpControlBlock sock, in TcpOutSegment segment)
    {
        var options = TcpOptionsWriter.Length(segment.Options);
        var bytes = new byte[TcpHeader.Size + options + segment.PayloadLength];
        Assert.True(TcpHeader.TryOverlay(bytes, out var header));
        header.DataOffset = (byte)((TcpHeader.Size + options) / 4);
        (header.Sequence, header.Acknowledgment, header.Flags) = (segment.Sequence, segment.Acknowledgment, segment.Flags);
        (header.Window, header.UrgentPointer) = (segment.Window, segment.UrgentPointer);
        Assert.Equal(options, TcpOptionsWriter.Write(segment.Options, header.Options));
        sock.CopyPayload(segment, header.Payload);
        return bytes;
    }

    private void Fly(int to, byte[] bytes, bool ect)
    {
        if (_random.Chance(Loss)) return;
        var ecn = !ect ? EcnCodepoint.NotEct : _random.Chance(Marking) ? EcnCodepoint.Ce : EcnCodepoint.Ect0;
        for (var copies = _random.Chance(Duplication) ? 2 : 1; copies > 0; copies--)
        {
            var extra = _random.Chance(Reordering) ? _random.NextBelow((uint)Delay.Nanoseconds) : 0;
            _flying.Enqueue((to, bytes, ecn), (Now.Nanoseconds + Delay.Nanoseconds + extra, _order++));
        }
    }

    private void Arrive()
    {
        var (to, bytes, ecn) = _flying.Dequeue();
        bytes.CopyTo(_buffer, 0);
        Assert.True(TcpHeader.TryParse(_buffer.AsSpan(0, bytes.Length), out var header));
        var options = TcpOptions.Parse(header.Options, header.Flags.HasFlag(TcpFlags.Syn));
        Ends[to].OnSegment(TcpInSegment.Of(header, options, ecn: ecn), Now);
        Take(to);
    }
}
