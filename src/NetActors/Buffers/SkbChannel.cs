using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace NetActors.Buffers;

/// <summary>
/// The channel in which packets wait. In real time it is the library's bounded channel, which takes a lock for each operation; in virtual time,
/// where one thread does everything, it is a ring with the same interface and without the lock.
/// </summary>
internal static class SkbChannel
{
    /// <summary>A channel without packets.</summary>
    /// <param name="capacity">Packets that it takes; more are refused.</param>
    /// <param name="shared">Real time: several threads write and read.</param>
    public static Channel<SkBuff> Create(int capacity, bool shared) => shared
        ? Channel.CreateBounded<SkBuff>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait })
        : new OneThreadChannel(capacity);

    /// <summary>A bounded channel whose writers and readers are one thread: nobody can wait on it.</summary>
    private sealed class OneThreadChannel : Channel<SkBuff>
    {
        public OneThreadChannel(int capacity)
        {
            var reader = new RingReader(capacity);
            (Reader, Writer) = (reader, new RingWriter(reader));
        }
    }

    /// <summary>A struct, since storing into an array of classes checks the type each time.</summary>
    private readonly record struct Slot(SkBuff Skb);

    /// <summary>Packets in order: the ring itself.</summary>
    private sealed class RingReader(int capacity) : ChannelReader<SkBuff>
    {
        private GrowingRing<Slot> _slots;

        public override bool CanCount => true;

        public override int Count => _slots.Count;

        public override bool CanPeek => true;

        public override bool TryPeek([MaybeNullWhen(false)] out SkBuff item)
        {
            item = Count == 0 ? null : _slots[0].Skb;
            return item is not null;
        }

        public override bool TryRead([MaybeNullWhen(false)] out SkBuff item)
        {
            var isThere = _slots.TryTake(out var slot);
            item = slot.Skb;
            return isThere;
        }

        public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => throw NobodyWaits();

        public bool TryAdd(SkBuff skb)
        {
            if (Count == capacity) return false;
            _slots.Add(new Slot(skb));
            return true;
        }
    }

    private sealed class RingWriter(RingReader ring) : ChannelWriter<SkBuff>
    {
        public override bool TryWrite(SkBuff item) => ring.TryAdd(item);

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => throw NobodyWaits();
    }

    private static NotSupportedException NobodyWaits() => new("one thread writes and reads: it would wait for itself");
}
