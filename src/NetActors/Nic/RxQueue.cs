using System.Threading.Channels;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>One receive queue: descriptors, the packets in them, its vector (kernel: <c>struct ixgbe_ring</c> and its
/// <c>q_vector</c>).</summary>
public sealed class RxQueue
{
    private readonly int _bufferBytes;
    private Channel<SkBuff> _packets;
    private KernelTime _newest = KernelTime.Zero;
    private int _written; // the channel's own count takes its lock
    private int _read;

    internal RxQueue(int index, NicModel model, int ringSize, SkbPool pool, InterruptModeration moderation)
    {
        (Index, Pool, Moderation, _bufferBytes) = (index, pool, moderation, model.RxBufferBytes);
        Ring = new RxDescriptorRing(ringSize, model.RefillBatch);
        _packets = ChannelOf(ringSize);
    }

    /// <summary>Its number.</summary>
    public int Index { get; }

    /// <summary>Its descriptors.</summary>
    public RxDescriptorRing Ring { get; }

    /// <summary>Its vector.</summary>
    public InterruptModeration Moderation { get; }

    /// <summary>Packets that the driver took (<c>rx_queue_N_packets</c>).</summary>
    public long Packets { get; private set; }

    /// <summary>Their bytes (<c>rx_queue_N_bytes</c>).</summary>
    public long Bytes { get; private set; }

    /// <summary>Frames for this queue that found no descriptor and were dropped (igb: <c>rx_queue_N_drops</c>).</summary>
    public long Drops { get; internal set; }

    /// <summary>Packets in the ring.</summary>
    public int Count => Volatile.Read(ref _written) - Volatile.Read(ref _read);

    internal SkbPool Pool { get; }

    /// <summary>Descriptors that a frame of so many bytes takes.</summary>
    internal int DescriptorsFor(int bytes) => bytes <= _bufferBytes ? 1 : (bytes + _bufferBytes - 1) / _bufferBytes;

    /// <summary>The hardware writes a packet to a ring that has the descriptors.</summary>
    internal void Write(SkBuff skb, int descriptors)
    {
        if (!Ring.TryFill(descriptors) || !_packets.Writer.TryWrite(skb)) throw new InvalidOperationException("no descriptor is posted");
        _newest = skb.VisibleFrom;
        Volatile.Write(ref _written, _written + 1);
        Moderation.OnCompletion(skb.VisibleFrom);
    }

    /// <summary>The driver takes the next packet that is there at <paramref name="now"/>.</summary>
    internal bool TryRead(KernelTime now, out SkBuff skb)
    {
        // A CPU whose clock runs ahead may have filled the ring beyond this one's time: then each packet's own time decides.
        if (_newest > now && (!_packets.Reader.TryPeek(out var next) || next.VisibleFrom > now))
        {
            skb = null!;
            return false;
        }

        if (Count == 0 || !_packets.Reader.TryRead(out skb!))
        {
            skb = null!;
            return false;
        }

        Volatile.Write(ref _read, _read + 1);
        var bytes = skb.HeadLength;
        Ring.OnCleaned(DescriptorsFor(skb.VlanTci is null ? bytes : bytes + 4));
        Packets++;
        Bytes += bytes;
        Moderation.OnPolled(1, bytes);
        return true;
    }

    /// <summary>When the next packet of the ring was written; <see cref="KernelTime.Never"/> when the ring is empty.</summary>
    internal KernelTime OldestInRing => _packets.Reader.TryPeek(out var skb) ? skb.VisibleFrom : KernelTime.Never;

    /// <summary>A new ring; what the old one held is freed (kernel: <c>ixgbe_clean_rx_ring</c>). Answers how many packets.</summary>
    internal int Replace(int ringSize)
    {
        var purged = 0;
        for (; _packets.Reader.TryRead(out var skb); purged++) skb.Free(SkbDropReason.QUEUE_PURGE);
        (_written, _read) = (0, 0);
        Ring.Resize(ringSize);
        _packets = ChannelOf(ringSize);
        Moderation.OnUnmasked(_newest, 0, _newest);
        return purged;
    }

    private static Channel<SkBuff> ChannelOf(int slots) =>
        Channel.CreateBounded<SkBuff>(new BoundedChannelOptions(slots) { FullMode = BoundedChannelFullMode.Wait });
}
