using System.Threading.Channels;
using NetActors.Buffers;
using NetActors.Hosts;
using NetActors.Steering;
using NetActors.Time;

namespace NetActors.Softirq;

/// <summary>One CPU's share of the network stack's receive side (kernel: <c>struct softnet_data</c>; specification section 0.3).</summary>
internal sealed class SoftnetData
{
    private readonly Channel<SkBuff> _input;
    private int _inputLength;
    private uint _dropped; // this and the next are counted by whichever CPU enqueues
    private uint _inputQueueTail;
    private uint _inputQueueHead;

    public SoftnetData(int maxBacklog, int napiId, int weight, bool shared = false)
    {
        MaxBacklog = maxBacklog;
        // The limit that may change at any time bounds it, not the channel; CPUs that enqueue at once may pass it by one each.
        _input = SkbChannel.Create(int.MaxValue, shared);
        Backlog = new NapiInstance(napiId, "backlog", weight);
    }

    /// <summary>Number on the host, plus one, of the CPU that had the backlog's lock last; 0 for none.</summary>
    public short LastCpu;

    /// <summary>NAPI instances that this CPU has to poll.</summary>
    public NapiList PollList;

    /// <summary>Qdiscs that NET_TX has to run (kernel: <c>output_queue</c>).</summary>
    public Nic.QdiscList OutputQueue;

    /// <summary>NET_RX is running here: nobody needs to raise it.</summary>
    public bool InNetRxAction { get; set; }

    /// <summary>Packets through <c>__netif_receive_skb_core</c> here.</summary>
    public uint Processed { get; set; }

    /// <summary>Packets refused by this CPU's backlog.</summary>
    public uint Dropped => Volatile.Read(ref _dropped);

    /// <summary>NET_RX runs that ended by budget or time.</summary>
    public uint TimeSqueeze { get; set; }

    /// <summary>RPS interrupts taken.</summary>
    public uint ReceivedRps { get; set; }

    /// <summary><c>net.core.netdev_max_backlog</c>; changes at any time.</summary>
    public int MaxBacklog { get; set; }

    /// <summary>The backlog takes no more.</summary>
    public bool IsFull => InputLength > MaxBacklog;

    /// <summary>Limits the flows that this CPU enqueues; null where <c>net.core.flow_limit_cpu_bitmap</c> does not name it.</summary>
    public FlowLimit? FlowLimit { get; set; }

    /// <summary>The pseudo NAPI of the backlog.</summary>
    public NapiInstance Backlog { get; }

    /// <summary>Packets in <c>input_pkt_queue</c>.</summary>
    public int InputLength => Volatile.Read(ref _inputLength);

    /// <summary>Packets left of what was spliced into <c>process_queue</c>.</summary>
    public int ProcessLeft { get; set; }

    /// <summary>Packets ever enqueued (kernel: <c>input_queue_tail</c>).</summary>
    public uint InputQueueTail => Volatile.Read(ref _inputQueueTail);

    /// <summary>Packets ever dequeued (kernel: <c>input_queue_head</c>).</summary>
    public uint InputQueueHead
    {
        get => Volatile.Read(ref _inputQueueHead);
        set => Volatile.Write(ref _inputQueueHead, value);
    }

    /// <summary>CPUs to be interrupted for packets that this one gave them, last first (kernel: <c>rps_ipi_list</c>).</summary>
    public List<HostCpu> RpsIpiList { get; } = [];

    /// <summary>
    /// Appends a packet (kernel: <c>enqueue_to_backlog</c>; specification section 5.4). False when the queue holds more than
    /// <see cref="MaxBacklog"/>: the caller still owns it.
    /// </summary>
    /// <param name="skb">The packet.</param>
    /// <param name="tail"><see cref="InputQueueTail"/> with it.</param>
    public bool TryEnqueue(SkBuff skb, out uint tail)
    {
        tail = 0;
        if (IsFull || !_input.Writer.TryWrite(skb))
        {
            CountDropped();
            return false;
        }

        Interlocked.Increment(ref _inputLength);
        tail = Interlocked.Increment(ref _inputQueueTail);
        return true;
    }

    /// <summary>The flow limit of the CPU that enqueues refused a packet for this backlog.</summary>
    public void CountDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Moves all that waits to the process queue (kernel: <c>skb_queue_splice_tail_init</c>). False when there was nothing.</summary>
    public bool Splice()
    {
        ProcessLeft = Interlocked.Exchange(ref _inputLength, 0);
        return ProcessLeft > 0;
    }

    /// <summary>When the oldest packet came in, by its sender's clock; <see cref="KernelTime.Never"/> when there is none.</summary>
    public KernelTime NextVisible => _input.Reader.TryPeek(out var skb) ? skb.VisibleFrom : KernelTime.Never;

    /// <summary>Puts the process queue back: its packets have not come in yet.</summary>
    public void Unsplice()
    {
        Interlocked.Add(ref _inputLength, ProcessLeft);
        ProcessLeft = 0;
    }

    /// <summary>Takes the next packet of the process queue.</summary>
    public bool TryDequeue(out SkBuff? skb)
    {
        skb = null;
        if (ProcessLeft == 0 || !_input.Reader.TryRead(out skb)) return false;
        ProcessLeft--;
        return true;
    }

    /// <summary>Frees all that waits, for shutting down.</summary>
    public void Release(SkbDropReason reason)
    {
        while (_input.Reader.TryRead(out var skb)) skb.Free(reason);
    }
}
