using System.Diagnostics.CodeAnalysis;
using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Ip;

/// <summary>
/// Joins fragments (RFC 791 section 3.2, RFC 815; kernel: <c>ip_defrag</c>, net/ipv4/ip_fragment.c). Bounded by truesize and time. The
/// joined datagram is a copy in a packet of its own, charged with the truesize of its pieces; Linux chains the pieces instead. Linux's
/// <c>ipfrag_max_dist</c> is not emulated.
/// </summary>
/// <param name="settings">Bounds.</param>
/// <param name="pool">Where joined datagrams come from; its packets need room for the largest expected.</param>
public sealed class IpReassembly(IpFragSettings settings, SkbPool pool)
{
    private const int Headroom = 64;

    private readonly Dictionary<FragKey, FragQueue> _queues = [];
    private readonly long[] _freed = new long[DropTable.Size];
    private FragQueue? _oldest;
    private FragQueue? _youngest;
    private FragQueue? _spare;

    /// <summary>The bounds, replaced whole.</summary>
    public IpFragSettings Settings { get; set; } = settings;

    /// <summary>Truesize of all pieces in bytes (kernel: <c>FRAG: memory</c> of /proc/net/sockstat).</summary>
    public int Memory { get; private set; }

    /// <summary>Datagrams begun (<c>FRAG: inuse</c>).</summary>
    public int InUse => _queues.Count;

    /// <summary>Fragments held.</summary>
    public int Pieces { get; private set; }

    /// <summary>Held fragments freed so far, by <see cref="DropTable"/>: those that were joined as CONSUMED.</summary>
    public ReadOnlySpan<long> Freed => _freed;

    /// <summary>When <see cref="TryExpire"/> is due; <see cref="KernelTime.Never"/> when nothing waits.</summary>
    public KernelTime Deadline => _oldest?.Deadline ?? KernelTime.Never;

    /// <summary>
    /// Takes a fragment that <see cref="IpInput.ReceiveCore"/> let through, its data at its IP header. NOT_DROPPED_YET: it is kept, and
    /// <paramref name="whole"/> is the datagram when it is complete, the caller's to deliver. Otherwise the caller frees the fragment
    /// with the reason: DUP_FRAG, PKT_TOO_BIG, NOMEM above the bound, NOT_SPECIFIED for contradictions.
    /// </summary>
    public SkbDropReason Receive(SkBuff skb, MibSet mib, KernelTime now, out SkBuff? whole)
    {
        whole = null;
        mib.Add(IpMib.ReasmReqds);
        if (!Ipv4Header.TryOverlay(skb.Data, out var ip)) return Fail(mib, SkbDropReason.NOT_SPECIFIED);
        var key = new FragKey(ip.SourceAddress, ip.DestinationAddress, ip.Id, ip.Protocol);
        if (!_queues.TryGetValue(key, out var queue))
        {
            if (Memory > Settings.HighThresh) return Fail(mib, SkbDropReason.NOMEM);
            queue = Begin(key, now);
        }

        var (before, pieces) = (queue.TrueSize, queue.Pieces);
        var reason = queue.Add(skb, out var overlaps);
        Memory += queue.TrueSize - before;
        Pieces += queue.Pieces - pieces;
        if (reason == SkbDropReason.DUP_FRAG) return reason; // this piece only
        if (reason != SkbDropReason.NOT_DROPPED_YET)
        {
            if (overlaps) mib.Add(IpExtMib.ReasmOverlaps);
            Kill(queue, reason);
            return Fail(mib, reason);
        }

        if (queue.IsComplete) whole = Join(queue, skb, mib);
        return SkbDropReason.NOT_DROPPED_YET;
    }

    /// <summary>
    /// Gives up the oldest datagram when its time is over (kernel: <c>ip_expire</c>). False when none is due.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="mib">Counters.</param>
    /// <param name="first">
    /// The fragment with the datagram's header, when it came: send <see cref="IcmpError.ReassemblyTimeExceeded"/> about it, then free it
    /// with FRAG_REASM_TIMEOUT.
    /// </param>
    public bool TryExpire(KernelTime now, MibSet mib, out SkBuff? first)
    {
        first = null;
        if (_oldest is not { } queue || now < queue.Deadline) return false;
        mib.Add(IpMib.ReasmTimeout);
        mib.Add(IpMib.ReasmFails);
        first = queue.Head?.Hold();
        Kill(queue, SkbDropReason.FRAG_REASM_TIMEOUT);
        return true;
    }

    /// <summary>Frees all pieces: the host goes down.</summary>
    public void Clear(SkbDropReason reason)
    {
        while (_oldest is { } queue) Kill(queue, reason);
    }

    private static SkbDropReason Fail(MibSet mib, SkbDropReason reason)
    {
        mib.Add(IpMib.ReasmFails);
        return reason;
    }

    /// <summary>Kernel: <c>ip_frag_reasm</c>. Null when the pieces do not make a datagram; they are freed in any case.</summary>
    private SkBuff? Join(FragQueue queue, SkBuff last, MibSet mib)
    {
        var head = queue.Head!;
        var header = head.From(head.NetworkHeader)[..(head.TransportHeader - head.NetworkHeader)];
        var length = header.Length + queue.Length;
        var ecn = (byte)0;
        var reason = length > IpOutput.MaxPacket ? SkbDropReason.PKT_TOO_BIG
            : Ipv4Header.TryOverlay(header, out var first) && queue.TryJoinEcn(first.Ecn, out ecn) ? SkbDropReason.CONSUMED
            : SkbDropReason.NOT_SPECIFIED;
        SkBuff? whole = null;
        if (reason == SkbDropReason.CONSUMED && !TryRent(length, out whole)) reason = SkbDropReason.NOMEM;
        if (whole is not null)
        {
            var bytes = whole.Put(length);
            header.CopyTo(bytes);
            queue.CopyTo(bytes[header.Length..]);
            Describe(whole, head, last, header.Length, ecn);
            whole.TrueSize = queue.TrueSize;
        }

        mib.Add(whole is not null ? IpMib.ReasmOKs : IpMib.ReasmFails);
        Kill(queue, reason);
        return whole;
    }

    private bool TryRent(int length, [NotNullWhen(true)] out SkBuff? skb)
    {
        skb = pool.Rent();
        if (skb is null) return false;
        if (skb.Tailroom >= Headroom + length)
        {
            skb.Reserve(Headroom);
            return true;
        }

        skb.Free(SkbDropReason.NOMEM);
        skb = null;
        return false;
    }

    private static void Describe(SkBuff whole, SkBuff head, SkBuff last, int headerLength, byte ecn)
    {
        if (!Ipv4Header.TryOverlay(whole.Data, out var ip)) return;
        (ip.TotalLength, ip.FlagsAndOffset, ip.Ecn) = ((ushort)whole.Length, 0, ecn);
        ip.FillChecksum();
        (whole.NetworkHeader, whole.TransportHeader) = (whole.DataOffset, whole.DataOffset + headerLength);
        (whole.PacketType, whole.Protocol, whole.IfIndex, whole.Mark) = (head.PacketType, head.Protocol, head.IfIndex, head.Mark);
        (whole.Hash, whole.NapiId, whole.QueueMapping) = (head.Hash, head.NapiId, head.QueueMapping);
        (whole.Arrival, whole.Tstamp, whole.VisibleFrom, whole.Id) = (last.Arrival, last.Tstamp, last.VisibleFrom, last.Id);
        whole.Cb = head.Cb;
        whole.Cb.Tos = ip.Tos;
        whole.Cb.PayloadLength = whole.Length - headerLength;
    }

    private FragQueue Begin(FragKey key, KernelTime now)
    {
        var queue = _spare ?? new FragQueue();
        _spare = queue.Older;
        queue.Begin(key, now + Settings.Time);
        (queue.Older, queue.Younger) = (_youngest, null);
        if (_youngest is null) _oldest = queue;
        else _youngest.Younger = queue;
        _youngest = queue;
        _queues.Add(key, queue);
        return queue;
    }

    private void Kill(FragQueue queue, SkbDropReason reason)
    {
        Memory -= queue.TrueSize;
        Pieces -= queue.Pieces;
        _freed[DropTable.IndexOf(reason)] += queue.Pieces;
        queue.Free(reason);
        _queues.Remove(queue.Key);
        if (queue.Older is { } older) older.Younger = queue.Younger;
        else _oldest = queue.Younger;
        if (queue.Younger is { } younger) younger.Older = queue.Older;
        else _youngest = queue.Older;
        (queue.Older, queue.Younger) = (_spare, null);
        _spare = queue;
    }
}
