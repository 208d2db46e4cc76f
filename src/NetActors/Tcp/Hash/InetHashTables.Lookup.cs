using NetActors.Buffers;
using NetActors.Headers;

namespace NetActors.Tcp;

/// <content>Lookups (kernel: <c>__inet_lookup</c>, <c>inet_lhash2_lookup</c>, <c>compute_score</c>).</content>
public sealed partial class InetHashTables
{
    /// <summary>Whom a segment is for: a connection, else a listener; null when nobody has the port.</summary>
    /// <param name="key">What the segment brings.</param>
    /// <param name="skb">The segment, whose data begins at its header, for a group's program; null where there is none.</param>
    public SockCommon? Lookup(in TcpLookup key, SkBuff? skb = null) => LookupEstablished(key) ?? LookupListener(key, skb);

    /// <summary>
    /// The connection of a segment: a <see cref="TcpEndpoint"/>, a <see cref="RequestSock"/> or a <see cref="TimeWaitSock"/>; else null.
    /// </summary>
    public SockCommon? LookupEstablished(in TcpLookup key)
    {
        var hash = EstablishedHash(key);
        var mask = (uint)(_established.Length - 1);
        while (true)
        {
            SockCommon? last = null;
            for (var sk = Volatile.Read(ref _established[hash & mask]); sk is not null; sk = sk.EstablishedNext)
            {
                if (sk.Matches(hash, key)) return sk;
                last = sk;
            }

            // Another CPU may have put an entry that we stood on into another chain, whose end we found (kernel: the nulls of hlist_nulls).
            if (last is null || ((last.Hash ^ hash) & mask) == 0) return null;
        }
    }

    /// <summary>The listener for a SYN: on its address first, then on any; null when there is none.</summary>
    /// <param name="key">What the segment brings.</param>
    /// <param name="skb">The segment; null where there is none.</param>
    public TcpEndpoint? LookupListener(in TcpLookup key, SkBuff? skb = null) =>
        LookupIn(_listeners[ListenSlot(key.Destination, key.DestinationPort)], key, key.Destination, skb)
        ?? LookupIn(_listeners[ListenSlot(0, key.DestinationPort)], key, 0, skb);

    /// <summary>
    /// How well a listener fits a segment for <paramref name="address"/>; -1 when it does not (kernel: <c>compute_score</c>).
    /// </summary>
    internal static int Score(TcpEndpoint sk, in TcpLookup key, uint address)
    {
        if (sk.LocalPort != key.DestinationPort || sk.LocalAddress != address || !sk.IsOnDevice(key.IfIndex)) return -1;
        var score = sk.BoundDevice != 0 ? 3 : 2; // with the point for an AF_INET socket
        return sk.IncomingCpu == key.Cpu ? score + 1 : score;
    }

    private TcpEndpoint? LookupIn(TcpEndpoint? head, in TcpLookup key, uint address, SkBuff? skb)
    {
        TcpEndpoint? result = null;
        var best = 0;
        for (var sk = head; sk is not null; sk = sk.ListenNext)
        {
            var score = Score(sk, key, address);
            if (score <= best) continue;
            var header = skb is null ? 0 : skb.Length - skb.Cb.PayloadLength;
            if (sk.Group?.Select(EstablishedHash(key), key.Cpu, skb, header) is { } chosen) return (TcpEndpoint)chosen; // inet_lookup_reuseport
            (result, best) = (sk, score);
        }

        return result;
    }

    private int ListenSlot(uint address, ushort port) => (int)(JenkinsHash.Hash1Word(address, 0) ^ port) & (_listeners.Length - 1);
}
