using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Sockets;

namespace NetActors.Ip;

/// <summary>Whether a source address may come in by a device (kernel: <c>fib_validate_source</c>, RFC 3704).</summary>
internal static class FibSourceCheck
{
    /// <summary>NOT_DROPPED_YET when it may, else IP_LOCAL_SOURCE, IP_INVALID_SOURCE or IP_RPFILTER.</summary>
    public static SkbDropReason Validate(Ipv4Snapshot net, uint source, InetDevice device)
    {
        if (device.RpFilter != 0) return Full(net, source, device);
        return !device.AcceptLocal && net.IsOwnAddress(source) ? SkbDropReason.IP_LOCAL_SOURCE : SkbDropReason.NOT_DROPPED_YET;
    }

    /// <summary>The same for a packet to a group (kernel: <c>ip_mc_validate_source</c>).</summary>
    public static SkbDropReason ValidateMulticast(Ipv4Snapshot net, uint source, uint group, byte protocol, InetDevice device)
    {
        if (Ipv4Address.IsMulticast(source) || Ipv4Address.IsLimitedBroadcast(source)) return SkbDropReason.IP_INVALID_SOURCE;
        if (Ipv4Address.IsLoopback(source) && !device.RouteLocalnet) return SkbDropReason.IP_LOCALNET;
        if (!net.IsZeroNet(source)) return Validate(net, source, device);
        return Ipv4Address.IsLocalMulticast(group) || protocol == IpProtocols.Igmp
            ? SkbDropReason.NOT_DROPPED_YET
            : SkbDropReason.IP_INVALID_SOURCE;
    }

    private static SkbDropReason Full(Ipv4Snapshot net, uint source, InetDevice device)
    {
        var strict = device.RpFilter == 1;
        if (net.Fib.Lookup(source, 0, RouteScope.Universe, out var back) != Errno.None || back is null) return SkbDropReason.IP_RPFILTER;
        switch (back.Type)
        {
            case RouteType.Unicast:
                break;
            case RouteType.Local when device.AcceptLocal:
                break;
            case RouteType.Local:
                return SkbDropReason.IP_LOCAL_SOURCE;
            default:
                return SkbDropReason.IP_INVALID_SOURCE;
        }

        if (back.IfIndex == device.IfIndex || (back.Type == RouteType.Local && device.Loopback)) return SkbDropReason.NOT_DROPPED_YET;
        return strict || device.Addresses.Count == 0 ? SkbDropReason.IP_RPFILTER : SkbDropReason.NOT_DROPPED_YET;
    }
}
