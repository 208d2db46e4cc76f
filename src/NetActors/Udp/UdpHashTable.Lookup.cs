using NetActors.Buffers;
using NetActors.Headers;

namespace NetActors.Udp;

/// <content>Lookups (kernel: <c>__udp4_lib_lookup</c>, <c>udp4_lib_lookup2</c>, <c>compute_score</c>).</content>
public sealed partial class UdpHashTable
{
    /// <summary>
    /// The socket for a datagram: bound to its address first, then to any; null when nobody has the port. Among equals the one bound
    /// last, or its group's choice.
    /// </summary>
    /// <param name="key">What the datagram brings.</param>
    /// <param name="skb">The datagram, whose data begins at its header, for a group's program; null where there is none.</param>
    public UdpEndpoint? Lookup(in UdpLookup key, SkBuff? skb = null) =>
        LookupIn(_byAddress[AddressSlot(key.Destination, key.DestinationPort)], key, key.Destination, skb)
        ?? LookupIn(_byAddress[AddressSlot(0, key.DestinationPort)], key, 0, skb);

    /// <summary>
    /// The next socket that gets a copy of a broadcast or group's datagram, youngest first; null at the end (kernel:
    /// <c>__udp4_lib_mcast_deliver</c>; all sockets take all groups, as with IP_MULTICAST_ALL).
    /// </summary>
    /// <param name="key">The datagram.</param>
    /// <param name="after">The socket found last; null to begin.</param>
    public UdpEndpoint? NextGroupReceiver(in UdpLookup key, UdpEndpoint? after)
    {
        var endpoint = after is null ? _byPort[PortSlot(key.DestinationPort)] : after.PortNext;
        for (; endpoint is not null; endpoint = endpoint.PortNext)
        {
            if (endpoint.LocalPort == key.DestinationPort
                && endpoint.AcceptsFrom(key.Source, key.SourcePort)
                && (endpoint.LocalAddress == 0 || endpoint.LocalAddress == key.Destination)
                && (endpoint.BoundDevice == 0 || endpoint.BoundDevice == key.IfIndex))
            {
                return endpoint;
            }
        }

        return null;
    }

    /// <summary>
    /// How well a socket fits a datagram for <paramref name="address"/>; -1 when it does not (kernel: <c>compute_score</c>).
    /// </summary>
    internal int Score(UdpEndpoint endpoint, in UdpLookup key, uint address)
    {
        if (endpoint.LocalPort != key.DestinationPort || endpoint.LocalAddress != address) return -1;
        var score = 2; // an AF_INET socket
        if (endpoint.RemoteAddress != 0)
        {
            if (endpoint.RemoteAddress != key.Source) return -1;
            score += 4;
        }

        if (endpoint.RemotePort != 0)
        {
            if (endpoint.RemotePort != key.SourcePort) return -1;
            score += 4;
        }

        if (endpoint.BoundDevice != 0)
        {
            if (endpoint.BoundDevice != key.IfIndex) return -1;
            score += 4;
        }

        if (_version == KernelVersion.V6 && endpoint.IncomingCpu == key.Cpu) score++;
        return score;
    }

    /// <summary>Keyed hash of the flow (kernel: <c>udp_ehashfn</c>).</summary>
    internal uint FlowHash(in UdpLookup key) =>
        JenkinsHash.Hash3Words(key.Destination, key.Source, (uint)key.DestinationPort << 16 | key.SourcePort, _secret);

    private UdpEndpoint? LookupIn(UdpEndpoint? head, in UdpLookup key, uint address, SkBuff? skb)
    {
        if (_version == KernelVersion.V310) return LookupIn310(head, key, address);
        UdpEndpoint? result = null;
        var badness = 0;
        for (var endpoint = head; endpoint is not null; endpoint = endpoint.AddressNext)
        {
            var score = Score(endpoint, key, address);
            if (score <= badness) continue;
            (badness, result) = (score, endpoint);
            if (endpoint.IsConnected || endpoint.Group is null) continue;
            var chosen = (UdpEndpoint?)endpoint.Group.Select(FlowHash(key), key.Cpu, skb, UdpHeader.Size);
            if (chosen is null) continue;
            result = chosen;
            if (!endpoint.Group.HasConnections) return result;
            badness = Score(chosen, key, address); // with connected members around, all are scored
        }

        return result;
    }

    /// <summary>Kernel 3.10: among equal sockets each later one may replace the pick, by a hash stepped along.</summary>
    private UdpEndpoint? LookupIn310(UdpEndpoint? head, in UdpLookup key, uint address)
    {
        UdpEndpoint? result = null;
        var (badness, matches, hash, reuseport) = (0, 0u, 0u, false);
        for (var endpoint = head; endpoint is not null; endpoint = endpoint.AddressNext)
        {
            var score = Score(endpoint, key, address);
            if (score > badness)
            {
                (result, badness, reuseport) = (endpoint, score, endpoint.ReusePort);
                if (reuseport) (hash, matches) = (FlowHash(key), 1);
            }
            else if (score == badness && reuseport)
            {
                matches++;
                if ((ulong)hash * matches >> 32 == 0) result = endpoint;
                hash = (hash * 1664525) + 1013904223; // next_pseudo_random32
            }
        }

        return result;
    }
}
