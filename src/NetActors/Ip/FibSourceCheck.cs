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
        if (device.RpFilter != 0) return ValidateFully(net, source, device, out _);
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

    /// <summary>The same by the route back to the source, whatever <c>rp_filter</c> is (kernel: <c>__fib_validate_source</c>).</summary>
    /// <param name="net">Devices and routes.</param>
    /// <param name="source">Source address in host order.</param>
    /// <param name="device">Device it came in by.</param>
    /// <param name="isOnLink">The source is on that device's link, no hop away.</param>
    public static SkbDropReason ValidateFully(Ipv4Snapshot net, uint source, InetDevice device, out bool isOnLink)
    {
        isOnLink = false;
        var (isLoose, isStrict) = (device.RpFilter == 0, device.RpFilter == 1);
        if (net.Fib.Lookup(source, 0, RouteScope.Universe, out var back) != Errno.None || back is null)
            return isLoose ? SkbDropReason.NOT_DROPPED_YET : SkbDropReason.IP_RPFILTER;
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

        if (back.IfIndex == device.IfIndex || (back.Type == RouteType.Local && device.Loopback))
        {
            isOnLink = back.NextHopScope >= RouteScope.Host;
            return SkbDropReason.NOT_DROPPED_YET;
        }

        if (isStrict || (device.Addresses.Count == 0 && !isLoose)) return SkbDropReason.IP_RPFILTER;
        isOnLink = device.Addresses.Count > 0 && net.Fib.Lookup(source, device.IfIndex, RouteScope.Universe, out back) == Errno.None
            && back is { Type: RouteType.Unicast, NextHopScope: >= RouteScope.Host };
        return SkbDropReason.NOT_DROPPED_YET;
    }
}
