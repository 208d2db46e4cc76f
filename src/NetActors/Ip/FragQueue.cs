using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Time;

namespace NetActors.Ip;

/// <summary>The fragments of one datagram that have come so far, in order of offset (kernel: <c>struct ipq</c>).</summary>
internal sealed class FragQueue
{
    private SkBuff? _first;

    public FragKey Key { get; private set; }

    public KernelTime Deadline { get; private set; }

    public int TrueSize { get; private set; }

    /// <summary>Fragments held.</summary>
    public int Pieces { get; private set; }

    /// <summary>Payload bytes of the datagram, as far as known.</summary>
    public int Length { get; private set; }

    public FragQueue? Older { get; set; }

    public FragQueue? Younger { get; set; }

    /// <summary>ECN fields seen, a bit each (kernel: <c>ip4_frag_ecn</c>).</summary>
    public int EcnSeen { get; private set; }

    /// <summary>The piece with the header of the datagram; null until it has come.</summary>
    public SkBuff? Head => _first is not null && OffsetOf(_first) == 0 ? _first : null;

    public bool IsComplete => _lastIn && _meat == Length && Head is not null;

    private bool _lastIn;
    private int _meat;

    public void Begin(FragKey key, KernelTime deadline)
    {
        (Key, Deadline, TrueSize, Length, EcnSeen) = (key, deadline, 0, 0, 0);
        (_first, _lastIn, _meat, Pieces) = (null, false, 0, 0);
    }

    /// <summary>
    /// Adds a fragment whose data starts at its IP header (kernel: <c>ip_frag_queue</c>, <c>inet_frag_queue_insert</c>).
    /// </summary>
    /// <param name="skb">The fragment; ours only when added.</param>
    /// <param name="overlaps">It overlaps another in part.</param>
    /// <returns>
    /// NOT_DROPPED_YET when added; DUP_FRAG when all of it was there already; NOT_SPECIFIED when it contradicts the others: then the
    /// whole datagram is given up.
    /// </returns>
    public SkbDropReason Add(SkBuff skb, out bool overlaps)
    {
        overlaps = false;
        if (!Ipv4Header.TryOverlay(skb.Data, out var ip)) return SkbDropReason.NOT_SPECIFIED;
        var (offset, more) = (ip.FragmentOffset, ip.MoreFragments);
        var length = skb.Length - ip.HeaderLength;
        if (more) length &= ~7;
        var end = offset + length;
        var contradicts = more ? end > Length && _lastIn : end < Length || (_lastIn && end != Length);
        if (length <= 0 || contradicts) return SkbDropReason.NOT_SPECIFIED;

        SkBuff? before = null;
        var after = _first;
        for (; after is not null && OffsetOf(after) < end; (before, after) = (after, after.Next))
        {
            var start = OffsetOf(after);
            if (start + after.Length <= offset) continue;
            if (start <= offset && end <= start + after.Length) return SkbDropReason.DUP_FRAG;
            overlaps = true;
            return SkbDropReason.NOT_SPECIFIED;
        }

        if (!more) _lastIn = true;
        Length = Math.Max(Length, end);
        EcnSeen |= 1 << ip.Ecn;
        skb.Pull(ip.HeaderLength);
        SkbChecksum.TrimRcsum(skb, length);
        skb.Next = after;
        if (before is null) _first = skb;
        else before.Next = skb;
        _meat += length;
        Pieces++;
        TrueSize += skb.TrueSize;
        return SkbDropReason.NOT_DROPPED_YET;
    }

    /// <summary>Copies the payloads, one behind the other.</summary>
    public void CopyTo(Span<byte> payload)
    {
        for (var skb = _first; skb is not null; skb = skb.Next) SkbChecksum.CopyBits(skb, 0, payload.Slice(OffsetOf(skb), skb.Length));
    }

    public void Free(SkbDropReason reason)
    {
        while (_first is { } skb)
        {
            _first = skb.Next;
            skb.Next = null;
            skb.Free(reason);
        }
    }

    /// <summary>
    /// The datagram's ECN field (RFC 3168 section 5.3): congestion seen by one piece holds for all. False when pieces disagree on
    /// whether the sender knows ECN at all (kernel: <c>ip_frag_ecn_table</c>).
    /// </summary>
    public bool TryJoinEcn(byte ofHead, out byte ecn)
    {
        const int NotCapable = 1, CongestionSeen = 8;
        ecn = (EcnSeen & CongestionSeen) != 0 ? (byte)3 : ofHead;
        return (EcnSeen & NotCapable) == 0 || EcnSeen == NotCapable;
    }

    private static int OffsetOf(SkBuff skb) => Ipv4Header.TryOverlay(skb.From(skb.NetworkHeader), out var ip) ? ip.FragmentOffset : 0;
}
