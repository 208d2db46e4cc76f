using NetActors.Time;

namespace NetActors.Ip;

/// <summary>Settings <c>net.ipv4.ipfrag_*</c> with Linux's defaults (net/ipv4/ip_fragment.c).</summary>
public sealed record IpFragSettings
{
    /// <summary><c>ipfrag_high_thresh</c>: truesize in bytes above which no new datagram is begun.</summary>
    public int HighThresh { get; init; } = 4_194_304;

    /// <summary><c>ipfrag_time</c>: how long the first fragment waits for the others. 30 s.</summary>
    public KernelTime Time { get; init; } = KernelTime.FromSeconds(30);
}
