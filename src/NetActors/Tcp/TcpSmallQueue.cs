namespace NetActors.Tcp;

/// <summary>
/// What of a connection waits in the host below it, and whether it stopped for that (kernel: <c>sk_wmem_alloc</c>, <c>sk_tsq_flags</c>;
/// TCP small queues of net/ipv4/tcp_output.c). Packets are freed on any CPU.
/// </summary>
public class TcpSmallQueue
{
    private const int Throttled = 1; // TSQF_THROTTLED
    private const int Queued = 2; // TSQF_QUEUED

    private long _promised; // bytes of truesize made so far, whether they went below yet or not
    private long _charged;
    private long _released;
    private int _flags;

    /// <summary>Truesize of packets below the connection (kernel: <c>sk_wmem_alloc</c>).</summary>
    public long Bytes => _charged - Volatile.Read(ref _released);

    /// <summary>A queueing discipline keeps to the times of departure (kernel: <c>SK_PACING_FQ</c>).</summary>
    public bool IsPacedBelow { get; set; }

    /// <summary>The same with segments that are about to go below.</summary>
    internal long BytesWithPromised => _promised - Volatile.Read(ref _released);

    /// <summary>Tells a packet that is made now from others: it has left when so much was released.</summary>
    internal long Stamp => _promised;

    /// <summary>
    /// The flow hash of its packets as the host below sees it; 0 for none: they are hashed (kernel: <c>sk_txhash</c>; not in 3.10).
    /// </summary>
    public uint TxHash { get; protected set; }

    /// <summary>
    /// The path may be broken: the next packets have another hash, and so perhaps another (kernel: <c>sk_rethink_txhash</c>). False when they
    /// have none of their own.
    /// </summary>
    public bool RethinkTxHash()
    {
        if (TxHash == 0) return false;
        TxHash = Time.TxHash.Of(TxHash);
        return true;
    }

    /// <summary>A packet goes below (kernel: <c>refcount_add</c> in <c>__tcp_transmit_skb</c>).</summary>
    public void Charge(int bytes) => _charged += bytes;

    /// <summary>
    /// A packet is gone. True when the connection had stopped for it and has to be called, once for any number of packets (kernel:
    /// <c>tcp_wfree</c>).
    /// </summary>
    public bool Release(int bytes)
    {
        Interlocked.Add(ref _released, bytes);
        return Volatile.Read(ref _flags) == Throttled && Interlocked.CompareExchange(ref _flags, Queued, Throttled) == Throttled;
    }

    /// <summary>A packet that was made does not go below after all.</summary>
    public bool Forgo(int bytes)
    {
        Charge(bytes);
        return Release(bytes);
    }

    /// <summary>A packet was made.</summary>
    internal void Promise(int bytes) => _promised += bytes;

    /// <summary>The packet with <paramref name="stamp"/> is still in the host; a connection's packets leave in order (kernel: <c>skb_fclone_busy</c>).</summary>
    internal bool Holds(long stamp) => Volatile.Read(ref _released) < stamp;

    /// <summary>The connection stops until a packet is gone. False when it had stopped before.</summary>
    internal bool Throttle() => (Interlocked.Or(ref _flags, Throttled) & Throttled) == 0;

    /// <summary>The connection was called (kernel: <c>tcp_tsq_workfn</c>).</summary>
    internal void Answer() => Interlocked.And(ref _flags, ~Queued);
}
