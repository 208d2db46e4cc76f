using NetActors.Buffers;
using NetActors.Execution;
using NetActors.Hosts;
using NetActors.Sockets;
using NetActors.Time;

namespace NetActors.Tcp;

/// <summary>
/// SO_TIMESTAMPING of what a connection sends: the last byte of each write is followed to the queueing discipline, the driver and its
/// acknowledgement (kernel: <c>tcp_tx_timestamp</c>, <c>__skb_tstamp_tx</c>, <c>tcp_ack_tstamp</c>).
/// </summary>
internal sealed class TcpTransmitStamps(TcpSocket socket)
{
    private readonly List<Marked> _marked = []; // in order; at most one for each sk_buff of the send buffer

    /// <summary>Numbers count from this byte (kernel: <c>sk_tskey</c>).</summary>
    public uint Base { get; set; }

    private bool IsStampOnly => (socket.Sock.TimestampingFlags & TimestampingFlags.OptTsOnly) != 0;

    /// <summary>A write ends with a byte; an sk_buff has room for one mark, so a byte not sent yet is marked no longer.</summary>
    /// <param name="last">Number of the byte.</param>
    /// <param name="sndNxt">What was sent before the write.</param>
    /// <param name="flags">What is to be told.</param>
    /// <param name="tailSeq">Where the sk_buff of the byte begins.</param>
    public void Mark(uint last, uint sndNxt, int flags, uint tailSeq)
    {
        var kinds = flags & TimestampingFlags.TxRecords;
        if (kinds == 0) return;
        if (_marked.Count > 0 && !TcpSeq.Before(_marked[^1].Seq, sndNxt) && !TcpSeq.Before(_marked[^1].Seq, tailSeq))
        {
            kinds |= _marked[^1].Kinds;
            _marked.RemoveAt(_marked.Count - 1);
        }

        _marked.Add(new Marked { Seq = last, Kinds = kinds });
    }

    /// <summary>A packet goes to its device's queueing discipline.</summary>
    public void OnQueued(SkBuff skb, in TcpOutSegment segment, KernelTime now)
    {
        for (var i = 0; i < _marked.Count; i++)
        {
            var marked = _marked[i];
            if (marked.Seq - segment.Sequence >= (uint)segment.PayloadLength) continue;
            if ((marked.Kinds & TimestampingFlags.TxSched) != 0) Report(marked.Seq, TimestampKind.Sched, Bytes(skb.Data), now);
            if ((marked.Kinds & TimestampingFlags.TxSoftware) != 0) skb.Stamp = new Departure(this, marked.Seq);
            if ((marked.Kinds & TimestampingFlags.TxAck) == 0 || marked.Payload is not null) continue;
            marked.Payload = Bytes(skb.Data[^segment.PayloadLength..]);
            _marked[i] = marked;
        }
    }

    /// <summary>Everything before a number has arrived; or the connection has thrown its data away.</summary>
    public void OnAcknowledged(uint una, bool isPurged, KernelTime now)
    {
        while (_marked.Count > 0 && (isPurged || TcpSeq.Before(_marked[0].Seq, una)))
        {
            var marked = _marked[0];
            _marked.RemoveAt(0);
            if (!isPurged && (marked.Kinds & TimestampingFlags.TxAck) != 0) Report(marked.Seq, TimestampKind.Ack, marked.Payload ?? [], now);
        }
    }

    private byte[] Bytes(ReadOnlySpan<byte> packet) => IsStampOnly ? [] : packet.ToArray();

    private void Report(uint seq, TimestampKind kind, byte[] payload, KernelTime now)
    {
        if (socket.IsClosed || socket.Block is not { } block) return;
        var id = (socket.Sock.TimestampingFlags & TimestampingFlags.OptId) != 0 ? seq - Base : 0;
        var error = new QueuedError(new ExtendedError(Errno.ENOMSG, ErrorOrigin.Timestamping, Info: (uint)kind, Data: id), 0, 0, 0, payload) { Stamp = now };
        if (!socket.Errors.TryAdd(error, block.RmemAlloc, block.RcvBuf)) return;
        if (EmulatedCpu.Current?.Hooks is HostCpu cpu) socket.NotifyError(cpu);
    }

    private struct Marked
    {
        public uint Seq;
        public int Kinds;
        public byte[]? Payload; // what of it is shown when it has arrived
    }

    private sealed class Departure(TcpTransmitStamps stamps, uint seq) : ISkbStamp
    {
        public void OnTransmitted(SkBuff skb, KernelTime now) => stamps.Report(seq, TimestampKind.Sent, stamps.Bytes(skb.Data), now);
    }
}
