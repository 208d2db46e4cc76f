using System.Text;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>
/// A queueing discipline (kernel: <c>struct Qdisc</c> with its <c>Qdisc_ops</c>). A pure machine: it knows no actor and no clock. A
/// packet given to it is its own from then on; what it drops goes to the context's sink with its reason.
/// </summary>
/// <param name="context">The device or queue it stands at.</param>
public abstract class QdiscBase(QdiscContext context)
{
    private SkbList _gso; // handed on and come back, or looked at by a parent
    private SkbList _badTxQueue;

    /// <summary>Its name (<c>fq_codel</c>).</summary>
    public abstract string Kind { get; }

    /// <summary>The device or queue it stands at.</summary>
    public QdiscContext Context { get; } = context;

    /// <summary>Its handle; 0 for one that no command made.</summary>
    public uint Handle { get; private set; }

    /// <summary>Gives it its handle, which its classes' begin with.</summary>
    internal void SetHandle(uint handle)
    {
        Handle = handle;
        OnHandle();
    }

    /// <summary>It has a handle now.</summary>
    protected internal virtual void OnHandle()
    {
    }

    /// <summary>The class that it hangs below.</summary>
    public uint ParentId { get; internal set; } = TcHandle.Root;

    /// <summary>The qdisc that it hangs below; null for a root.</summary>
    public QdiscBase? Parent { get; internal set; }

    /// <summary>Most that it holds, in its own unit.</summary>
    public int Limit { get; protected set; }

    /// <summary>What kind it is.</summary>
    public QdiscFlags Flags { get; protected internal set; }

    /// <summary>What goes on with it.</summary>
    public QdiscState State { get; internal set; }

    /// <summary>What <c>tc -s</c> shows.</summary>
    public QdiscStats Stats { get; } = new();

    /// <summary>Filters that choose a class; null when there are none.</summary>
    internal TcFilters? Filters { get; set; }

    /// <summary>No queue at all: packets go to the device at once (kernel: <c>enqueue == NULL</c>).</summary>
    public virtual bool IsNoQueue => false;

    /// <summary>Packets in it, those that came back included.</summary>
    public int Length => Stats.Qlen;

    /// <summary>Takes a packet whose <see cref="SkbControlBlock.PacketLength"/> is set (kernel: <c>enqueue</c>).</summary>
    public abstract NetXmit Enqueue(SkBuff skb, KernelTime now);

    /// <summary>The next packet to send at <paramref name="now"/>; null when there is none now (kernel: <c>dequeue</c>).</summary>
    protected abstract SkBuff? Take(KernelTime now);

    /// <summary>
    /// The next packet to send; null when there is none now, and the context's watchdog may say when (kernel: <c>qdisc_dequeue_peeked</c>).
    /// </summary>
    public SkBuff? Dequeue(KernelTime now)
    {
        var skb = _gso.Take();
        if (skb is null) return Take(now);
        Stats.Backlog -= skb.Cb.PacketLength;
        Stats.Qlen--;
        return skb;
    }

    /// <summary>Shows what <see cref="Dequeue"/> would give (kernel: <c>qdisc_peek_dequeued</c>): it is taken out and still counts as in.</summary>
    public virtual SkBuff? Peek(KernelTime now)
    {
        if (_gso.Count == 0 && Take(now) is { } skb)
        {
            _gso.Append(skb);
            Stats.Backlog += skb.Cb.PacketLength;
            Stats.Qlen++;
        }

        return _gso.Head;
    }

    /// <summary>The device did not take a packet: it is the next (kernel: <c>dev_requeue_skb</c>).</summary>
    public void Requeue(SkBuff skb)
    {
        _gso.Append(skb);
        CountReturned(skb);
    }

    /// <summary>A packet whose transmit queue is stopped, met when several were taken at once (kernel: <c>qdisc_enqueue_skb_bad_txq</c>).</summary>
    public void RequeueBadTxQueue(SkBuff skb)
    {
        _badTxQueue.Append(skb);
        Stats.Backlog += skb.Cb.PacketLength;
        Stats.Qlen++;
    }

    /// <summary>The packet that came back first; null for none.</summary>
    public SkBuff? Returned => _gso.Head;

    /// <summary>The packet that waits for its own stopped queue; null for none.</summary>
    public SkBuff? BadTxQueue => _badTxQueue.Head;

    /// <summary>Takes the packet that waited for its own queue (kernel: <c>qdisc_dequeue_skb_bad_txq</c>).</summary>
    public SkBuff? TakeBadTxQueue()
    {
        var skb = _badTxQueue.Take();
        if (skb is null) return null;
        Stats.Backlog -= skb.Cb.PacketLength;
        Stats.Qlen--;
        return skb;
    }

    /// <summary>A packet that was never queued goes by (kernel: <c>qdisc_bstats_update</c> of the bypass).</summary>
    public void CountBypass(SkBuff skb) => CountSent(skb);

    /// <summary>Frees all that it holds (kernel: <c>qdisc_reset</c>).</summary>
    public void Reset(SkbDropReason reason = SkbDropReason.QUEUE_PURGE)
    {
        Purge(ref _gso, reason);
        Purge(ref _badTxQueue, reason);
        Clear(reason);
        (Stats.Qlen, Stats.Backlog) = (0, 0);
    }

    /// <summary>Frees what its own queues hold.</summary>
    protected abstract void Clear(SkbDropReason reason);

    /// <summary>Reads its options; what is wrong stands in the words (kernel: <c>init</c>, <c>change</c>).</summary>
    /// <param name="words">Behind the qdisc's name.</param>
    /// <param name="now">The time.</param>
    internal abstract void Configure(TcWords words, KernelTime now);

    /// <summary>Its options as tc prints them (<c>print_qopt</c>).</summary>
    internal abstract void DumpOptions(StringBuilder text);

    /// <summary>Its own statistics as tc prints them (<c>print_xstats</c>).</summary>
    internal virtual void DumpXstats(StringBuilder text, KernelTime now)
    {
    }

    /// <summary>Its figures, those of what it only holds included.</summary>
    public virtual QdiscStats Summary => Stats;

    /// <summary>Its classes that hold a qdisc, in order; none for a classless one.</summary>
    internal virtual IEnumerable<TcClass> Classes => [];

    /// <summary>Hangs a qdisc below a class (kernel: <c>graft</c>). The one before, or null when there is no such class.</summary>
    internal virtual QdiscBase? Graft(uint classId, QdiscBase child) => null;

    /// <summary>Adds a class, or changes one (kernel: <c>cl_ops-&gt;change</c>).</summary>
    internal virtual void AddClass(uint id, uint parentId, bool change, TcWords words, KernelTime now) => words.Fail($"{Kind} has no classes to add");

    /// <summary>Takes a class out (kernel: <c>cl_ops-&gt;delete</c>).</summary>
    internal virtual void DeleteClass(uint id, TcWords words) => words.Fail($"{Kind} has no classes to delete");

    /// <summary>The filters of a class; null when it has none of its own.</summary>
    internal virtual TcFilters? FiltersOf(uint classId) => null;

    /// <summary>The child of a class became empty behind its back (kernel: <c>qlen_notify</c>).</summary>
    protected virtual void OnChildEmpty(uint classId)
    {
    }

    /// <summary>
    /// Packets that were counted in have left without being handed on: those above correct their counts (kernel:
    /// <c>qdisc_tree_reduce_backlog</c>).
    /// </summary>
    protected void TreeReduceBacklog(int packets, int bytes)
    {
        if (packets == 0 && bytes == 0) return;
        for (var child = this; child.Parent is { } parent && (parent.Flags & QdiscFlags.MqRoot) == 0; child = parent)
        {
            if (child.Stats.Qlen == 0) parent.OnChildEmpty(child.ParentId);
            parent.Stats.Qlen -= packets;
            parent.Stats.Backlog -= bytes;
            parent.Stats.Drops += Math.Max(0, packets);
        }
    }

    /// <summary>Drops a packet that is not in a queue (kernel: <c>qdisc_drop_reason</c>).</summary>
    protected NetXmit Drop(SkBuff skb, SkbDropReason reason = SkbDropReason.QDISC_DROP)
    {
        Stats.Drops++;
        Context.Sink.Drop(skb, reason);
        return NetXmit.Drop;
    }

    /// <summary>Counts a packet that is handed on (kernel: <c>qdisc_bstats_update</c>).</summary>
    protected void CountSent(SkBuff skb) => CountSent(Stats, skb);

    /// <summary>The same, for a class.</summary>
    internal static void CountSent(QdiscStats stats, SkBuff skb)
    {
        stats.Bytes += skb.Cb.PacketLength;
        stats.Packets += Math.Max((int)skb.Shared.GsoSegs, 1);
    }

    /// <summary>Counts a packet in.</summary>
    protected void CountIn(SkBuff skb)
    {
        Stats.Backlog += skb.Cb.PacketLength;
        Stats.Qlen++;
    }

    /// <summary>Counts a packet out that is handed on.</summary>
    protected void CountOut(SkBuff skb)
    {
        Stats.Backlog -= skb.Cb.PacketLength;
        Stats.Qlen--;
        CountSent(skb);
    }

    /// <summary>A child is replaced: what it holds goes, and those above no longer count it (kernel: <c>qdisc_purge_queue</c>).</summary>
    protected static void Replace(QdiscBase child)
    {
        ArgumentNullException.ThrowIfNull(child);
        var (packets, bytes) = (child.Stats.Qlen, child.Stats.Backlog);
        child.Reset();
        child.TreeReduceBacklog(packets, bytes);
        child.Parent = null;
    }

    /// <summary>Makes a qdisc the child of one of its classes.</summary>
    protected QdiscBase Adopt(QdiscBase child, uint classId)
    {
        (child.Parent, child.ParentId) = (this, classId);
        return child;
    }

    /// <summary>Frees a list.</summary>
    protected void Purge(ref SkbList list, SkbDropReason reason)
    {
        while (list.Take() is { } skb) Context.Sink.Drop(skb, reason);
    }

    private void CountReturned(SkBuff skb)
    {
        Stats.Requeues++;
        Stats.Backlog += skb.Cb.PacketLength;
        Stats.Qlen++;
    }
}
