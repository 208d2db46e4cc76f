using System.Buffers.Binary;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Qdisc;

/// <summary>
/// A network of given delay, loss, duplication, corruption, order and rate (kernel: net/sched/sch_netem.c). Packets wait for their time;
/// a qdisc below it takes those whose time has come.
/// </summary>
public sealed partial class Netem : QdiscBase
{
    private readonly TimedHeap<SkBuff> _waiting = new();
    private NetemSettings _settings = new();
    private NetemRandom _delayRandom, _lossRandom, _duplicateRandom, _corruptRandom, _reorderRandom;
    private NetemChain _chain = NetemChain.Start();
    private SkbList _front; // those that overtook
    private QdiscBase? _child;
    private int _counter;
    private bool _duplicating;
    private long _latest = long.MinValue; // time of the last packet to go among those that wait
    private long _slotNext;
    private int _slotPackets, _slotBytes;

    /// <summary>At a device, without delay or loss.</summary>
    public Netem(QdiscContext context)
        : base(context) => Limit = 1000;

    /// <inheritdoc />
    public override string Kind => "netem";

    /// <inheritdoc />
    internal override IEnumerable<TcClass> Classes => _child is null ? [] : [new TcClass(Handle | 1, Handle, _child, null)];

    /// <inheritdoc />
    public override NetXmit Enqueue(SkBuff skb, KernelTime now)
    {
        ArgumentNullException.ThrowIfNull(skb);
        var (s, random) = (_settings, Context.Random);
        var count = 1;
        if (s.Duplicate > 0 && !_duplicating && !skb.Cb.IsTcCopy && s.Duplicate >= _duplicateRandom.Next(random)) count++;
        if (IsLost(random))
        {
            if (s.Ecn && SkbEcn.SetCe(skb)) Stats.Drops++; // the kernel counts marks so
            else count--;
        }

        if (count == 0)
        {
            Drop(skb);
            return NetXmit.Success | NetXmit.Bypass;
        }

        if (s.Latency > 0 || s.Jitter > 0 || s.Rate > 0) skb.Orphan(); // the delay is the network's: its sender need not wait
        var copy = count > 1 ? Context.Sink.Clone(skb) : null;
        SkBuff? frames = null;
        var large = skb.Cb.PacketLength;
        if (s.Corrupt > 0 && s.Corrupt >= _corruptRandom.Next(random))
        {
            if (skb.Shared.GsoSize > 0) // or the checksums made later would hide it
            {
                if (Context.Sink.Segment(skb) is not { } first)
                {
                    Stats.Drops++;
                    if (copy is not null) EnqueueCopy(copy, now);
                    return NetXmit.Drop;
                }

                (skb, frames) = (first, first.Next);
                skb.Next = null;
            }

            Corrupt(ref skb, random);
        }

        if (Stats.Qlen >= Limit)
        {
            if (copy is not null) Context.Sink.Drop(copy, SkbDropReason.QDISC_OVERLIMIT);
            while (frames is { } frame)
            {
                (frames, frame.Next) = (frame.Next, null);
                Context.Sink.Drop(frame, SkbDropReason.QDISC_OVERLIMIT);
            }

            return Drop(skb, SkbDropReason.QDISC_OVERLIMIT);
        }

        if (copy is not null) EnqueueCopy(copy, now);
        CountIn(skb);
        if (s.Gap == 0 || _counter < s.Gap - 1 || s.Reorder < _reorderRandom.Next(random))
        {
            skb.Cb.QdiscTime = TimeToSend(skb, now, random);
            _counter++;
            _latest = Math.Max(_latest, skb.Cb.QdiscTime);
            _waiting.Add(skb.Cb.QdiscTime, skb);
        }
        else
        {
            skb.Cb.QdiscTime = now.Nanoseconds;
            _counter = 0;
            _front.Push(skb);
            Stats.Requeues++;
        }

        if (frames is not null) EnqueueFrames(frames, skb.Cb.PacketLength, large, now);
        return NetXmit.Success;
    }

    /// <summary>The rest of a large packet that was cut; those above count one packet of its length.</summary>
    private void EnqueueFrames(SkBuff first, int bytes, int large, KernelTime now)
    {
        var packets = 1;
        for (var next = first; next is not null;)
        {
            var frame = next;
            next = frame.Next;
            frame.Next = null;
            var length = frame.Cb.PacketLength;
            if (Enqueue(frame, now) == NetXmit.Success) (packets, bytes) = (packets + 1, bytes + length);
        }

        TreeReduceBacklog(1 - packets, large - bytes);
    }

    /// <inheritdoc />
    protected override SkBuff? Take(KernelTime now)
    {
        while (true)
        {
            if (_front.Take() is { } first) return Deliver(first);
            if (_waiting.First is not { } next) return FromChild(now);
            var at = next.Cb.QdiscTime;
            if (_slotNext != 0 && _slotNext < at) OpenSlot(now);
            if (at > now.Nanoseconds || _slotNext > now.Nanoseconds)
            {
                if (FromChild(now) is { } ready) return ready;
                Context.Schedule(new KernelTime(Math.Max(at, _slotNext)));
                return null;
            }

            var skb = _waiting.Take()!;
            if (_waiting.Count == 0) _latest = long.MinValue;
            if (_slotNext != 0 && (--_slotPackets <= 0 | (_slotBytes -= skb.Cb.PacketLength) <= 0)) OpenSlot(now);
            if (_child is null) return Deliver(skb);
            var length = skb.Cb.PacketLength;
            var result = _child.Enqueue(skb, now);
            if (result == NetXmit.Success) continue;
            if (result.CountsAsDrop()) Stats.Drops++;
            Stats.Backlog -= length;
            Stats.Qlen--;
            TreeReduceBacklog(1, length);
        }
    }

    /// <inheritdoc />
    protected override void Clear(SkbDropReason reason)
    {
        Purge(ref _front, reason);
        while (_waiting.Take() is { } skb) Context.Sink.Drop(skb, reason);
        _child?.Reset(reason);
        (_latest, _counter) = (long.MinValue, 0);
    }

    /// <inheritdoc />
    internal override QdiscBase? Graft(uint classId, QdiscBase child)
    {
        if (TcHandle.Minor(classId) is not (0 or 1)) return null;
        var old = _child;
        if (old is not null) Replace(old);
        _child = Adopt(child, Handle | 1);
        return old ?? new NoQueue(Context);
    }

    /// <inheritdoc />
    protected internal override void OnHandle()
    {
        if (_child is not null) Adopt(_child, Handle | 1);
    }

    /// <inheritdoc />
    internal override void Configure(TcWords words, KernelTime now)
    {
        var s = NetemSettings.Read(words, Context.LinkSpeed);
        if (words.Fault is not null) return;
        var random = Context.Random;
        (_settings, Limit, _counter, _chain) = (s, s.Limit, 0, NetemChain.Start());
        (_delayRandom, _lossRandom) = (new NetemRandom(s.DelayCorrelation, random), new NetemRandom(s.LossCorrelation, random));
        (_duplicateRandom, _corruptRandom) = (new NetemRandom(s.DuplicateCorrelation, random), new NetemRandom(s.CorruptCorrelation, random));
        _reorderRandom = new NetemRandom(s.ReorderCorrelation, random);
        _slotNext = 0;
        if (s.Slots is null) return;
        (_slotPackets, _slotBytes) = (MaxOf(s.Slots.MaxPackets), MaxOf(s.Slots.MaxBytes));
        _slotNext = Math.Max(1, now.Nanoseconds);
    }

    private bool IsLost(KernelRandom random) => _settings.LossModel == NetemLossModel.Random
        ? _settings.Loss > 0 && _settings.Loss >= _lossRandom.Next(random)
        : _chain.Loses(_settings, random);

    /// <summary>When the packet may go: after its delay, and behind the one before when there is a rate.</summary>
    private long TimeToSend(SkBuff skb, KernelTime now, KernelRandom random)
    {
        var s = _settings;
        var rnd = s.Jitter > 0 ? _delayRandom.Next(random) : 0;
        var delay = NetemDistribution.Draw(s.Latency, s.Jitter, rnd, s.Distribution);
        var from = now.Nanoseconds;
        if (s.Rate > 0)
        {
            if (_latest != long.MinValue)
            {
                delay = Math.Max(0, delay - (_latest - from)); // it has waited behind the last one
                from = _latest;
            }

            delay += PacketTime(skb.Cb.PacketLength);
        }

        return from + delay;
    }

    /// <summary>Nanoseconds on a line of the rate (kernel: <c>packet_time_ns</c>).</summary>
    private long PacketTime(int length)
    {
        var s = _settings;
        long bytes = length + s.PacketOverhead;
        if (s.CellSize > 0)
        {
            var cells = (bytes + s.CellSize - 1) / s.CellSize;
            bytes = cells * (s.CellSize + s.CellOverhead);
        }

        return Math.Max(0, bytes) * 1_000_000_000 / s.Rate;
    }

    private SkBuff? FromChild(KernelTime now) => _child?.Dequeue(now) is { } skb ? Deliver(skb) : null;

    private SkBuff Deliver(SkBuff skb)
    {
        CountOut(skb);
        return skb;
    }

    /// <summary>The copy enters at the root, so that all above count it too; it is not copied again (kernel: <c>dupsave</c>).</summary>
    private void EnqueueCopy(SkBuff copy, KernelTime now)
    {
        QdiscBase root = this;
        while (root.Parent is { } parent && (parent.Flags & QdiscFlags.MqRoot) == 0) root = parent;
        copy.Cb.IsTcCopy = true;
        _duplicating = true;
        root.Enqueue(copy, now);
        _duplicating = false;
    }

    /// <summary>Flips one bit; bytes that somebody else shows too are copied first, and a checksum is filled in before.</summary>
    private void Corrupt(ref SkBuff skb, KernelRandom random)
    {
        if (skb.HeadLength == 0) return;
        if ((skb.IsCloned || skb.Users > 1) && !Context.Sink.Unshare(ref skb)) return;
        if (skb.IpSummed == ChecksumState.Partial) FillChecksum(skb);
        skb.Data[(int)random.NextBelow((uint)skb.HeadLength)] ^= (byte)(1 << (int)random.NextBelow(8));
    }

    /// <summary>Sums in software what the device would have (kernel: <c>skb_checksum_help</c>).</summary>
    private static void FillChecksum(SkBuff skb)
    {
        var at = skb.CsumStart + skb.CsumOffset;
        if (at + 2 > skb.HeadLength) return;
        BinaryPrimitives.WriteUInt16BigEndian(skb.Data[at..], InternetChecksum.Fold(Ip.SkbChecksum.Sum(skb, skb.CsumStart)));
        skb.IpSummed = ChecksumState.None;
    }

    /// <summary>The next slot (kernel: <c>get_slot_next</c>).</summary>
    private void OpenSlot(KernelTime now)
    {
        var slots = _settings.Slots!;
        var random = Context.Random;
        var wait = slots.DistJitter > 0 || slots.DistDelay > 0
            ? NetemDistribution.Draw(slots.DistDelay, slots.DistJitter, random.NextUInt32(), slots.Distribution)
            : slots.MinDelay + (long)((random.NextUInt32() * (UInt128)(ulong)(slots.MaxDelay - slots.MinDelay)) >> 32);
        _slotNext = now.Nanoseconds + wait;
        (_slotPackets, _slotBytes) = (MaxOf(slots.MaxPackets), MaxOf(slots.MaxBytes));
    }

    private static int MaxOf(int limit) => limit == 0 ? int.MaxValue : limit;
}
