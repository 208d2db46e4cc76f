using NetActors.Headers;
using NetActors.Observe;
using NetActors.Time;

namespace NetActors.Ip;

/// <summary>
/// Both limits on what ICMP sends, in the kernel's order: first all hosts together, before a route is looked up, then the host by
/// itself (kernel: <c>icmpv4_global_allow</c>, <c>icmpv4_xrlim_allow</c>).
/// </summary>
public sealed class IcmpRateLimiter(IcmpSettings settings, KernelVersion version = KernelVersion.V6)
{
    private readonly InetPeers _peers = new(settings.InetPeerThreshold);
    private IcmpGlobalLimit _global;

    /// <summary>The settings, replaced whole.</summary>
    public IcmpSettings Settings { get; set; } = settings;

    /// <summary>
    /// Whether a message of this type may go on. False: OutRateLimitGlobal is counted.
    /// </summary>
    /// <param name="type">ICMP type.</param>
    /// <param name="code">ICMP code.</param>
    /// <param name="mib">Counters.</param>
    /// <param name="now">The time.</param>
    /// <param name="limited">The host's limit applies too.</param>
    public bool GlobalAllow(byte type, byte code, MibSet mib, KernelTime now, out bool limited)
    {
        limited = !IsExempt(type, code);
        if (!limited || version == KernelVersion.V310 || _global.Allow(Settings.MsgsPerSec, Settings.MsgsBurst, now)) return true;
        mib.Add(IcmpMib.OutRateLimitGlobal);
        return false;
    }

    /// <summary>
    /// Whether the host may get a limited message now, and takes it out of both limits. False: OutRateLimitHost is counted.
    /// </summary>
    /// <param name="destination">The host, in host order.</param>
    /// <param name="overLoopback">It leaves by the loopback device, where nothing is limited.</param>
    /// <param name="mib">Counters.</param>
    /// <param name="now">The time.</param>
    /// <param name="random">Random bits.</param>
    public bool HostAllow(uint destination, bool overLoopback, MibSet mib, KernelTime now, uint random)
    {
        if (!overLoopback && !_peers.XrlimAllow(destination, Settings.RateLimit, now))
        {
            if (version == KernelVersion.V6) mib.Add(IcmpMib.OutRateLimitHost);
            return false;
        }

        _global.Consume((int)((ulong)random * 3 >> 32));
        return true;
    }

    /// <summary>Whether a host may hear that there is no way for its packets, before the other limits (kernel: <c>ip_error</c>).</summary>
    public bool RouteErrorAllow(uint source, KernelTime now) => _peers.RouteErrorAllow(source, now);

    /// <summary>Types outside the mask, unknown ones and path MTU discovery (kernel: <c>icmpv4_mask_allow</c>).</summary>
    private bool IsExempt(byte type, byte code) =>
        type > 18 || (type == IcmpTypes.DestinationUnreachable && code == 4) || (Settings.RateMask >> type & 1) == 0;
}
