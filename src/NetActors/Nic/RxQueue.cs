using System.Threading.Channels;
using NetActors.Buffers;
using NetActors.Time;

namespace NetActors.Nic;

/// <summary>One receive queue: descriptors, the packets in them, its vector (kernel: <c>struct ixgbe_ring</c> and its
/// <c>q_vector</c>).</summary>
public sealed class RxQueue
{
    private readonly int _bufferBytes;
    private Channel<SkBuff> _channel;
    private OwnLine _newest; // nanoseconds; by the hardware
    private OwnLine _written; // by the hardware; the channel's own count takes its lock
    private OwnLine _packets; // by the driver
    private OwnLine _bytes; // by the driver
    private OwnLine _purged; // by whoever replaces the ring

    internal RxQueue(int index, NicModel model, int ringSize, SkbPool pool, InterruptModeration moderation)
    {
        (Index, Pool, Moderation, _bufferBytes) = (index, pool, moderation, model.RxBufferBytes);
        Ring = new RxDescriptorRing(ringSize, model.RefillBatch);
        _channel = SkbChannel.Create(ringSize, Pool.IsShared);
    }

    /// <summary>Its number.</summary>
    public int Index { get; }

    /// <summary>Its descriptors.</summary>
    public RxDescriptorRing Ring { get; }

    /// <summary>Its vector.</summary>
    public InterruptModeration Moderation { get; }

    /// <summary>Packets that the driver took (<c>rx_queue_N_packets</c>).</summary>
    public long Packets => _packets.Value;

    /// <summary>Their bytes (<c>rx_queue_N_bytes</c>).</summary>
    public long Bytes => _bytes.Value;

    /// <summary>Frames for this queue that found no descriptor and were dropped (igb: <c>rx_queue_N_drops</c>).</summary>
    public long Drops { get; internal set; }

    /// <summary>Packets in the ring.</summary>
    public int Count => (int)(_written.Value - _packets.Value - _purged.Value);

    internal SkbPool Pool { get; }

    /// <summary>Descriptors that a frame of so many bytes takes.</summary>
    internal int DescriptorsFor(int bytes) => bytes <= _bufferBytes ? 1 : (bytes + _bufferBytes - 1) / _bufferBytes;

    /// <summary>The hardware writes a packet to a ring that has the descriptors.</summary>
    internal void Write(SkBuff skb, int descriptors)
    {
        var visible = skb.VisibleFrom; // once it is in the ring the driver may have freed it
        if (!Ring.TryFill(descriptors) || !_channel.Writer.TryWrite(skb)) throw new InvalidOperationException("no descriptor is posted");
        _newest.Value = visible.Nanoseconds;
        _written.Value++;
        Moderation.OnCompletion(visible);
    }

    /// <summary>The driver takes the next packet that is there at <paramref name="now"/>.</summary>
    internal bool TryRead(KernelTime now, out SkBuff skb)
    {
        // A CPU whose clock runs ahead may have filled the ring beyond this one's time: then each packet's own time decides.
        if (_newest.Value > now.Nanoseconds && (!_channel.Reader.TryPeek(out var next) || next.VisibleFrom > now))
        {
            skb = null!;
            return false;
        }

        if (Count == 0 || !_channel.Reader.TryRead(out skb!))
        {
            skb = null!;
            return false;
        }

        var bytes = skb.HeadLength;
        Ring.OnCleaned(DescriptorsFor(skb.VlanTci is null ? bytes : bytes + 4));
        _bytes.Value += bytes;
        _packets.Value++;
        return true;
    }

    /// <summary>When the next packet of the ring was written; <see cref="KernelTime.Never"/> when the ring is empty.</summary>
    internal KernelTime OldestInRing => _channel.Reader.TryPeek(out var skb) ? skb.VisibleFrom : KernelTime.Never;

    /// <summary>When the last packet that was ever written came.</summary>
    internal KernelTime NewestInRing => new(_newest.Value);

    /// <summary>A new ring; what the old one held is freed (kernel: <c>ixgbe_clean_rx_ring</c>). Answers how many packets.</summary>
    internal int Replace(int ringSize)
    {
        var purged = 0;
        for (; _channel.Reader.TryRead(out var skb); purged++) skb.Free(SkbDropReason.QUEUE_PURGE);
        _purged.Value = _written.Value - _packets.Value;
        Ring.Resize(ringSize);
        _channel = SkbChannel.Create(ringSize, Pool.IsShared);
        var newest = new KernelTime(_newest.Value);
        Moderation.OnUnmasked(newest, 0, newest, Packets, Bytes);
        return purged;
    }
}
