using NetActors.Headers;

namespace NetActors.Ip;

/// <summary>
/// Chooses the identification of packets (RFC 6864; kernel: <c>ip_select_ident_segs</c>, <c>__ip_select_ident</c>). Counters by a keyed
/// hash of the ends; unlike Linux no random gap is added for time passed, so that a run depends on its seed alone.
/// </summary>
public sealed class IpIdent
{
    private const int Buckets = 2048; // IP_IDENTS_SZ at its least

    private readonly uint[] _next = new uint[Buckets];
    private readonly uint _secret;

    /// <summary>Counters that start from <paramref name="secret"/>, random bits.</summary>
    public IpIdent(uint secret)
    {
        _secret = secret;
        for (var i = 0u; i < Buckets; i++) _next[i] = JenkinsHash.Hash3Words(i, 0, 0, secret);
    }

    /// <summary>The identification for a packet.</summary>
    /// <param name="atomic">Never to be cut, here or later (DF without <c>ignore_df</c>): 0 unless a connected socket counts.</param>
    /// <param name="connected">Counter of a connected socket (kernel: <c>inet_id</c>); null without one.</param>
    /// <param name="source">Source address in host order.</param>
    /// <param name="destination">Destination address in host order.</param>
    /// <param name="protocol">Protocol above IP.</param>
    /// <param name="segments">Packets that it will be cut into.</param>
    public ushort Select(bool atomic, SocketIdent? connected, uint source, uint destination, byte protocol, int segments = 1)
    {
        if (connected is not null) return connected.Take(segments);
        if (atomic) return 0;
        var bucket = JenkinsHash.Hash3Words(destination, source, protocol, _secret) & (Buckets - 1);
        return (ushort)(Interlocked.Increment(ref _next[bucket]) - 1); // several CPUs send at once
    }
}
