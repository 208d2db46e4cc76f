using NetActors.Headers;
using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Tcp;
using NetActors.Time;

namespace NetActors.Tests.Tcp;

/// <summary>
/// The other end of a connection, played by hand: says segments and sees those of the control block, numbers counted from the ISNs as
/// packetdrill counts them. Time passes only by <see cref="Wait"/>.
/// </summary>
internal sealed class TcpPeer
{
    public const uint OurIsn = 0xFFFF_F000; // wraps around early in every dialogue
    public const uint TheirIsn = 0xFFFF_FF00;
    private const uint TimestampBase = 100; // what our first SYN says

    private readonly Queue<(TcpOutSegment Segment, byte[] Payload, KernelTime At)> _seen = new();
    private long _written;
    private long _read;

    public TcpPeer(TcpControlBlock sock, TcpContext context)
    {
        (Sock, Context) = (sock, context);
        Now = KernelTime.FromSeconds(1000); // some time after boot
        Start = Now;
    }

    public TcpControlBlock Sock { get; }

    public TcpContext Context { get; }

    public MibSet Mib => Context.Mib;

    public KernelTime Now { get; private set; }

    public KernelTime Start { get; }

    public TcpEffects Effects { get; private set; }

    /// <summary>Offset that makes our first time stamp 100.</summary>
    public uint TsOffset => unchecked(TimestampBase - (uint)(Start.Nanoseconds / 1_000_000));

    public TcpInfo Info => Sock.GetInfo(Now);

    /// <summary>Stream of bytes that both ends send: byte n is a function of n.</summary>
    public static byte[] Stream(long from, int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)(((from + i) * 131) ^ ((from + i) >> 8));
        return bytes;
    }

    public TcpPeer Connect()
    {
        Take(Sock.Connect(OurIsn, TsOffset, Now));
        return this;
    }

    /// <summary>The peer says <paramref name="line"/>.</summary>
    public TcpPeer Says(string line, EcnCodepoint ecn = EcnCodepoint.NotEct, int trueSize = 0) => Says(TcpLine.Parse(line), ecn, trueSize);

    public TcpPeer Says(TcpLine line, EcnCodepoint ecn = EcnCodepoint.NotEct, int trueSize = 0)
    {
        var options = line.Options ?? default;
        for (var i = 0; i < options.SackCount; i++)
            options.Sacks[i] = new SackBlock(OurIsn + options.Sacks[i].Start, OurIsn + options.Sacks[i].End);
        var segment = new TcpInSegment
        {
            Sequence = TheirIsn + line.Seq,
            Acknowledgment = line.Ack is { } ack ? OurIsn + ack : 0,
            Flags = line.Flags,
            Window = (ushort)(line.Win ?? 0),
            UrgentPointer = (ushort)(line.Urg ?? 0),
            Options = options,
            HeaderLength = TcpHeader.Size + TcpOptionsWriter.Length(options),
            Payload = Stream(line.Seq, line.Length),
            Ecn = ecn,
            TrueSize = trueSize,
        };
        Take(Sock.OnSegment(segment, Now));
        return this;
    }

    /// <summary>The next segment is <paramref name="line"/>, just now; a longer one may come in several pieces, pushed or not.</summary>
    public TcpPeer Sees(string line) => SeesWithin(0, 0, line);

    /// <summary>The next segment comes after so many milliseconds.</summary>
    public TcpPeer SeesWithin(int leastMs, int mostMs, string line)
    {
        var from = Now;
        var limit = Now + KernelTime.FromMilliseconds(mostMs);
        while (_seen.Count == 0 && !Sock.Deadline.IsNever && Sock.Deadline <= limit) RunDeadline();
        Assert.True(_seen.Count > 0, $"expected {line} but nothing came until {(limit - Start).Seconds}");
        var expected = TcpLine.Parse(line);
        var (segment, payload, at) = _seen.Dequeue();
        while (segment.PayloadLength < expected.Length && _seen.TryPeek(out var next) && next.Segment.Sequence == segment.EndSequence)
        {
            Assert.Equal(segment.Acknowledgment, next.Segment.Acknowledgment);
            payload = [.. payload, .. next.Payload];
            segment.Flags = next.Segment.Flags;
            segment.PayloadLength = payload.Length;
            _seen.Dequeue();
        }

        var actual = LineOf(segment, expected);
        Assert.Equal(expected.ToString(), actual.ToString());
        if (payload.Length > 0) Assert.Equal(Stream(actual.Seq, payload.Length), payload);
        Assert.InRange((at - from).Nanoseconds / 1e6, leastMs, mostMs);
        return this;
    }

    /// <summary>Nothing was sent, or is sent within the time.</summary>
    public TcpPeer SeesNothing(int forMs = 0)
    {
        if (forMs > 0) Wait(forMs);
        Assert.True(_seen.Count == 0, _seen.Count > 0 ? $"unexpected {LineOf(_seen.Peek().Segment, null)}" : "");
        return this;
    }

    /// <summary>The next segment, whatever it is.</summary>
    public TcpOutSegment Next()
    {
        Assert.NotEmpty(_seen);
        return _seen.Dequeue().Segment;
    }

    public int Pending => _seen.Count;

    /// <summary>Time passes; deadlines are answered as they come.</summary>
    public TcpPeer Wait(double milliseconds)
    {
        var until = Now + KernelTime.FromMicroseconds((long)(milliseconds * 1000));
        while (!Sock.Deadline.IsNever && Sock.Deadline <= until) RunDeadline();
        Now = until;
        return this;
    }

    public TcpPeer Writes(int bytes, int? taken = null, Errno error = Errno.None, TcpSendFlags flags = TcpSendFlags.None)
    {
        Assert.Equal(error, Sock.Send(Stream(1 + _written, bytes), flags, Now, out var written, out var effects));
        if (error == Errno.None) Assert.Equal(taken ?? bytes, written);
        _written += written;
        Take(effects);
        return this;
    }

    /// <summary>Reads up to <paramref name="bytes"/>, which come as the peer sent them.</summary>
    public TcpPeer Reads(int bytes, int? got = null, Errno error = Errno.None, TcpReceiveFlags flags = TcpReceiveFlags.None)
    {
        var buffer = new byte[bytes];
        Assert.Equal(error, Sock.Receive(buffer, flags, Now, out var copied, out var effects));
        if (error == Errno.None) Assert.Equal(got ?? bytes, copied);
        if (copied > 0 && (flags & TcpReceiveFlags.Oob) == 0) Assert.Equal(Stream(1 + _read, copied), buffer[..copied]);
        if ((flags & (TcpReceiveFlags.Peek | TcpReceiveFlags.Oob)) == 0) _read += copied;
        Take(effects);
        return this;
    }

    /// <summary>An urgent byte was passed over.</summary>
    public TcpPeer Skips(int bytes)
    {
        _read += bytes;
        return this;
    }

    public TcpPeer Closes() => Does(sock => sock.Close(Now));

    public TcpPeer Shuts(bool receive = false, bool send = true)
    {
        Assert.Equal(Errno.None, Sock.Shutdown(receive, send, Now, out var effects));
        Take(effects);
        return this;
    }

    public TcpPeer Does(Func<TcpControlBlock, TcpEffects> work)
    {
        Take(work(Sock));
        return this;
    }

    /// <summary>From now on what is sent waits in the host's queues until it <see cref="Leaves"/>.</summary>
    public TcpPeer Queues(bool paced = false)
    {
        Sock.HostQueue = new TcpSmallQueue { IsPacedBelow = paced };
        return this;
    }

    /// <summary>A packet of <paramref name="trueSize"/> bytes left the host.</summary>
    public TcpPeer Leaves(int trueSize)
    {
        if (Sock.HostQueue!.Release(trueSize)) Take(Sock.OnHostQueueFreed(Now));
        return this;
    }

    public TcpPeer IsIn(TcpState state)
    {
        Assert.Equal(state, Sock.State);
        return this;
    }

    public TcpPeer Counts(LinuxMib counter, long value)
    {
        Assert.Equal(value, Mib[counter]);
        return this;
    }

    private void RunDeadline()
    {
        Now = KernelTime.Max(Now, Sock.Deadline);
        Take(Sock.OnDeadline(Now));
    }

    private void Take(TcpEffects effects)
    {
        Effects = effects;
        Assert.Equal(Sock.HasOutput, (effects & TcpEffects.Output) != 0);
        while (Sock.TryTakeSegment(out var segment))
        {
            var payload = new byte[segment.PayloadLength];
            Sock.CopyPayload(segment, payload);
            Sock.HostQueue?.Charge(segment.TrueSize);
            _seen.Enqueue((segment, payload, Now));
        }

        if ((effects & TcpEffects.More) != 0) Take(Sock.Continue(Now));
    }

    private static TcpLine LineOf(in TcpOutSegment segment, TcpLine? like)
    {
        var options = segment.Options;
        for (var i = 0; i < options.SackCount; i++)
            options.Sacks[i] = new SackBlock(options.Sacks[i].Start - TheirIsn, options.Sacks[i].End - TheirIsn);
        return new TcpLine(
            segment.Flags, segment.Sequence - OurIsn, segment.PayloadLength,
            (segment.Flags & TcpFlags.Ack) != 0 ? segment.Acknowledgment - TheirIsn : null,
            like is null || like.Win is null ? null : segment.Window, segment.UrgentPointer == 0 ? null : segment.UrgentPointer,
            like is null || like.Options is not null ? options : null);
    }
}
