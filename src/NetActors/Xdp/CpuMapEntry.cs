using System.Threading.Channels;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Xdp;

/// <summary>One CPU of a map: the queue that its kernel thread empties (kernel: <c>struct bpf_cpu_map_entry</c>).</summary>
public sealed class CpuMapEntry
{
    /// <summary>Frames that a CPU collects for an entry before it puts them on the queue together (<c>CPU_MAP_BULK_SIZE</c>).</summary>
    public const int BulkSize = 8;

    /// <summary>Frames that the thread takes at a time (<c>CPUMAP_BATCH</c>).</summary>
    public const int Batch = 8;

    /// <summary>The longest queue that the kernel allows.</summary>
    public const int LongestQueue = 16384;

    private readonly Channel<SkBuff> _queue;
    private readonly XdpBulkQueue[] _bulks;

    /// <param name="cpu">Whose it is: number on the host.</param>
    /// <param name="queueSize">Frames that its queue holds (<c>qsize</c>).</param>
    /// <param name="cpus">CPUs of the host, each of which may redirect.</param>
    /// <param name="shared">Real time: several threads write and read.</param>
    internal CpuMapEntry(int cpu, int queueSize, int cpus, bool shared)
    {
        (Cpu, QueueSize) = (cpu, queueSize);
        _queue = SkbChannel.Create(queueSize, shared);
        _bulks = [.. Enumerable.Range(0, cpus).Select(_ => new XdpBulkQueue(this))];
    }

    /// <summary>Whose it is: number on the host.</summary>
    public int Cpu { get; }

    /// <summary>Frames that its queue holds.</summary>
    public int QueueSize { get; }

    /// <summary>Frames that were put on the queue (tracepoint <c>xdp_cpumap_enqueue</c>: processed less drops).</summary>
    public long Enqueued => _bulks.Sum(b => b.Enqueued);

    /// <summary>Frames that found the queue full (<c>xdp_cpumap_enqueue</c>: drops).</summary>
    public long Drops => _bulks.Sum(b => b.Drops);

    /// <summary>Times that frames were put on the queue together; with the frames this gives the average bulk.</summary>
    public long Bulks => _bulks.Sum(b => b.Flushes);

    /// <summary>Frames that the thread took (<c>xdp_cpumap_kthread</c>: processed).</summary>
    public long Processed { get; internal set; }

    /// <summary>Frames of these that came to nothing (<c>xdp_cpumap_kthread</c>: drops).</summary>
    public long ThreadDrops { get; internal set; }

    /// <summary>Frames that wait, those of the CPUs' own collections included.</summary>
    public int Waiting => _queue.Reader.Count + _bulks.Sum(b => b.Count);

    /// <summary>When the next frame was put there; <see cref="KernelTime.Never"/> when there is none.</summary>
    internal KernelTime NextVisible => _queue.Reader.TryPeek(out var skb) ? skb.VisibleFrom : KernelTime.Never;

    /// <summary>The thread.</summary>
    internal IXdpConsumer? Thread { get; set; }

    internal XdpBulkQueue BulkOf(int cpu) => _bulks[cpu];

    internal bool TryProduce(SkBuff skb) => _queue.Writer.TryWrite(skb);

    /// <summary>Takes the next frame that is there at <paramref name="now"/>.</summary>
    internal bool TryConsume(KernelTime now, out SkBuff skb) =>
        _queue.Reader.TryPeek(out skb!) && skb.VisibleFrom <= now && _queue.Reader.TryRead(out skb!);

    /// <summary>Frees all that waits, for shutting down.</summary>
    internal void Release(SkbDropReason reason)
    {
        while (_queue.Reader.TryRead(out var skb)) skb.Free(reason);
        foreach (var bulk in _bulks) bulk.Release(reason);
    }
}

/// <summary>What one CPU has collected for an entry in this poll (kernel: <c>struct xdp_bulk_queue</c>).</summary>
internal sealed class XdpBulkQueue(CpuMapEntry entry)
{
    private readonly SkBuff?[] _frames = new SkBuff?[CpuMapEntry.BulkSize];

    public CpuMapEntry Entry => entry;

    public int Count { get; private set; }

    public bool IsFull => Count == CpuMapEntry.BulkSize;

    public long Enqueued { get; set; }

    public long Drops { get; set; }

    public long Flushes { get; set; }

    public void Add(SkBuff skb) => _frames[Count++] = skb;

    /// <summary>The frames, which are no longer here.</summary>
    public ReadOnlySpan<SkBuff?> TakeAll()
    {
        var frames = _frames.AsSpan(0, Count);
        Count = 0;
        return frames;
    }

    public void Release(SkbDropReason reason)
    {
        foreach (var skb in TakeAll()) skb!.Free(reason);
    }
}
