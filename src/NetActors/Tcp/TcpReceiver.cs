using NetActors.Buffers;
using NetActors.Observe;

namespace NetActors.Tcp;

/// <summary>
/// The receive half of a connection (kernel: the <c>rcv_*</c> fields of <c>struct tcp_sock</c>, <c>sk_receive_queue</c>,
/// <c>out_of_order_queue</c>): what has come, what may come, and what memory it holds. Bytes lie in one store addressed by sequence
/// number, out-of-order ones already in their place; the queues account for sk_buffs.
/// </summary>
internal sealed partial class TcpReceiver
{
    private readonly TcpContext _context;
    private readonly TcpByteStore _bytes;
    private GrowingRing<TcpReceivedSkb> _queue;

    private readonly TcpMemoryAccount _memory;
    private int _rmemAlloc;

    internal TcpReceiver(TcpContext context, TcpDelayedAck acks, TcpMemoryAccount? memory = null)
    {
        (_context, Acks, _memory) = (context, acks, memory ?? new TcpMemoryAccount(context));
        _bytes = new TcpByteStore(context.Chunks);
        RcvBuf = context.Sysctls.TcpRmem.Default;
    }

    /// <summary>When to acknowledge.</summary>
    internal TcpDelayedAck Acks { get; }

    /// <summary>The SACK blocks to send.</summary>
    internal TcpSackList Sacks { get; } = new();

    /// <summary>Next byte that is due (<c>rcv_nxt</c>).</summary>
    internal uint RcvNxt { get; set; }

    /// <summary>Next byte that is to be read (<c>copied_seq</c>).</summary>
    internal uint CopiedSeq { get; set; }

    /// <summary>SACK was negotiated.</summary>
    internal bool SackOk { get; set; }

    /// <summary>The MSS that we named, less the time stamps (<c>advmss</c>).</summary>
    internal int AdvMss { get; set; } = TcpConstants.MssDefault;

    /// <summary>Truesize charged (<c>sk_rmem_alloc</c>).</summary>
    internal int RmemAlloc
    {
        get => _rmemAlloc;
        private set
        {
            _memory.Change(value - _rmemAlloc);
            _rmemAlloc = value;
        }
    }

    /// <summary>Bytes received, once each (<c>bytes_received</c>).</summary>
    internal long BytesReceived { get; private set; }

    /// <summary>sk_buffs in the receive queue.</summary>
    internal int QueueLength => _queue.Count;

    /// <summary>Bytes that can be read, the FIN counted (<c>rcv_nxt - copied_seq</c>).</summary>
    internal uint Unread => RcvNxt - CopiedSeq;

    private TcpSysctls Sysctls => _context.Sysctls;

    private MibSet Mib => _context.Mib;

    /// <summary>Begins at the byte behind the peer's SYN.</summary>
    internal void Start(uint rcvNxt)
    {
        (RcvNxt, RcvWup, CopiedSeq) = (rcvNxt, rcvNxt, rcvNxt);
        _bytes.Clear(rcvNxt);
    }

    /// <summary>
    /// Appends data that is due; what came before is passed over (kernel: <c>tcp_queue_rcv</c>).
    /// </summary>
    internal void Queue(in TcpInSegment segment, int trueSize)
    {
        var known = (int)(RcvNxt - segment.Sequence);
        var fin = segment.Has(Headers.TcpFlags.Fin);
        if (segment.Payload.Length > known) segment.Payload.WriteTo(_bytes, RcvNxt, known);
        AppendSkb(new TcpReceivedSkb { Seq = RcvNxt, EndSeq = segment.EndSequence, TrueSize = trueSize, Frags = 1, Fin = fin });
    }

    /// <summary>Appends the data of a SYN (RFC 7413).</summary>
    internal void QueueSynData(in TcpInSegment syn, int trueSize)
    {
        syn.Payload.WriteTo(_bytes, RcvNxt, 0);
        AppendSkb(new TcpReceivedSkb { Seq = RcvNxt, EndSeq = RcvNxt + (uint)syn.Payload.Length, TrueSize = trueSize, Frags = 1 });
    }

    /// <summary>Copies data from <paramref name="seq"/> on without taking it out of the queue; the range must be there.</summary>
    internal void Peek(uint seq, Span<byte> destination) => _bytes.Read(seq, destination);

    /// <summary>
    /// Everything before <paramref name="seq"/> was read: frees the sk_buffs that are passed whole (kernel: <c>tcp_eat_recv_skb</c>).
    /// </summary>
    internal void Consume(uint seq)
    {
        CopiedSeq = seq;
        while (_queue.Count > 0 && !TcpSeq.After(_queue[0].EndSeq, seq))
        {
            RmemAlloc -= _queue[0].TrueSize;
            _queue.RemoveFirst();
        }

        if (_queue.Count == 0 && _ofo.Count == 0) _bytes.Clear(seq);
        else _bytes.Trim(seq);
    }

    /// <summary>Throws all data away (kernel: <c>__skb_queue_purge</c>). True when some of it was not read, FIN not counted.</summary>
    internal bool Purge()
    {
        var data = _queue.Count > 0 ? _queue.Last.EndSeq - (_queue.Last.Fin ? 1u : 0) : CopiedSeq;
        var unread = TcpSeq.After(data, CopiedSeq);
        while (_queue.Count > 0)
        {
            RmemAlloc -= _queue[0].TrueSize;
            _queue.RemoveFirst();
        }

        CopiedSeq = RcvNxt;
        if (_ofo.Count == 0) _bytes.Clear(RcvNxt);
        else _bytes.Trim(RcvNxt);
        return unread;
    }

    /// <summary>Gives all memory back; the connection is over.</summary>
    internal void Destroy()
    {
        PurgeOutOfOrder();
        Purge();
        _bytes.Clear(RcvNxt);
    }

    private void AppendSkb(in TcpReceivedSkb skb)
    {
        if (_queue.Count > 0 && _queue.Last.Frags + skb.Frags <= TcpConstants.MaxSkbFrags && !_queue.Last.Fin)
        {
            ref var tail = ref _queue.Last;
            var saved = Math.Min(TcpConstants.SkbStruct, skb.TrueSize); // the struct goes, its bytes become a fragment
            tail.EndSeq = skb.EndSeq;
            tail.TrueSize += skb.TrueSize - saved;
            tail.Frags += skb.Frags;
            tail.Fin = skb.Fin;
            RmemAlloc += skb.TrueSize - saved;
            Mib.Add(LinuxMib.TCPRcvCoalesce);
        }
        else
        {
            _queue.Add(skb);
            RmemAlloc += skb.TrueSize;
        }

        Advance(skb.EndSeq);
    }

    private void Advance(uint seq)
    {
        BytesReceived += seq - RcvNxt;
        RcvNxt = seq;
    }
}
