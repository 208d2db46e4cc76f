using NetActors.Buffers;
using NetActors.Headers;
using NetActors.Sockets;

namespace NetActors.Ip;

/// <summary>
/// Decides where a received packet goes (kernel: <c>ip_route_input_rcu</c>, <c>ip_route_input_slow</c>, net/ipv4/route.c). The checks
/// stand in Linux's order, since the first that fails names the drop.
/// </summary>
public static partial class RouteLookup
{
    /// <summary>
    /// Routes a received packet.
    /// </summary>
    /// <param name="net">Devices and routes.</param>
    /// <param name="device">Device it came in by.</param>
    /// <param name="destination">Destination address in host order.</param>
    /// <param name="source">Source address in host order.</param>
    /// <param name="protocol">Protocol above IP; matters for groups only.</param>
    /// <param name="route">
    /// Where it goes: <see cref="RouteType.Local"/>, Broadcast or Multicast up the stack, Unicast to be forwarded, Unreachable to be
    /// refused with <see cref="Route.Error"/> (kernel: <c>ip_error</c>).
    /// </param>
    /// <param name="isIpv4">False for an ARP question, which routes its addresses too but is never a broadcast.</param>
    /// <param name="looped">
    /// Sent by us to ourselves: its source is not checked. Linux keeps the output route on such packets and does not come here.
    /// </param>
    /// <returns>NOT_DROPPED_YET, or why the packet is dropped at once.</returns>
    public static SkbDropReason Input(
        Ipv4Snapshot net, InetDevice device, uint destination, uint source, byte protocol, out Route route,
        bool isIpv4 = true, bool looped = false)
    {
        route = default;
        looped |= device.Loopback;
        if (Ipv4Address.IsMulticast(destination))
        {
            if (!device.InGroup(destination)) return SkbDropReason.NOT_SPECIFIED;
            if (!isIpv4) return SkbDropReason.INVALID_PROTO;
            route = Local(RouteType.Multicast, destination, device);
            return looped ? SkbDropReason.NOT_DROPPED_YET : FibSourceCheck.ValidateMulticast(net, source, destination, protocol, device);
        }

        if (Ipv4Address.IsMulticast(source) || Ipv4Address.IsLimitedBroadcast(source)) return SkbDropReason.IP_INVALID_SOURCE;
        if (Ipv4Address.IsLimitedBroadcast(destination) || (source == 0 && destination == 0))
        {
            return InputBroadcast(net, device, destination, source, isIpv4, looped, ref route);
        }

        if (net.IsZeroNet(source)) return SkbDropReason.IP_INVALID_SOURCE;
        if (net.IsZeroNet(destination)) return SkbDropReason.IP_INVALID_DEST;
        if ((Ipv4Address.IsLoopback(destination) || Ipv4Address.IsLoopback(source)) && !device.RouteLocalnet && !looped)
        {
            return SkbDropReason.IP_LOCALNET;
        }

        var error = net.Fib.Lookup(destination, 0, RouteScope.Universe, out var fib);
        if (error != Errno.None || fib is null)
        {
            route = Refuse(destination, device, device.Forwarding ? error : Errno.EHOSTUNREACH);
            return SkbDropReason.NOT_DROPPED_YET;
        }

        if (fib.Type == RouteType.Broadcast) return InputBroadcast(net, device, destination, source, isIpv4, looped, ref route);
        if (fib.Type == RouteType.Local)
        {
            route = Local(RouteType.Local, destination, device);
            return looped ? SkbDropReason.NOT_DROPPED_YET : FibSourceCheck.Validate(net, source, device);
        }

        if (!device.Forwarding)
        {
            route = Refuse(destination, device, Errno.EHOSTUNREACH);
            return SkbDropReason.NOT_DROPPED_YET;
        }

        return fib.Type == RouteType.Unicast
            ? Forward(net, device, fib, destination, source, isIpv4, ref route)
            : SkbDropReason.IP_INVALID_DEST;
    }

    private static SkbDropReason InputBroadcast(
        Ipv4Snapshot net, InetDevice device, uint destination, uint source, bool isIpv4, bool looped, ref Route route)
    {
        if (!isIpv4) return SkbDropReason.INVALID_PROTO;
        route = Local(RouteType.Broadcast, destination, device);
        return looped || net.IsZeroNet(source) ? SkbDropReason.NOT_DROPPED_YET : FibSourceCheck.Validate(net, source, device);
    }

    /// <summary>Kernel: <c>__mkroute_input</c>.</summary>
    private static SkbDropReason Forward(
        Ipv4Snapshot net, InetDevice device, FibRoute fib, uint destination, uint source, bool isIpv4, ref Route route)
    {
        if (net.Device(fib.IfIndex) is not { } leaving) return SkbDropReason.NOT_SPECIFIED;
        var isOnLink = false;
        var returns = leaving == device && device.SendRedirects;
        var reason = returns ? FibSourceCheck.ValidateFully(net, source, device, out isOnLink) : FibSourceCheck.Validate(net, source, device);
        if (reason != SkbDropReason.NOT_DROPPED_YET) return reason;
        if (!isIpv4 && leaving == device) return SkbDropReason.INVALID_PROTO; // no proxy ARP onto the link it came from
        var nextHop = fib.Gateway != 0 ? fib.Gateway : destination;
        route = new Route(RouteType.Unicast, leaving.IfIndex, nextHop, 0, destination, MtuOf(fib, leaving), IsLocal: false)
        {
            Metrics = fib.Metrics,
            DoRedirect = isIpv4 && returns && isOnLink,
        };
        return SkbDropReason.NOT_DROPPED_YET;
    }

    private static Route Local(RouteType type, uint destination, InetDevice device) =>
        new(type, device.IfIndex, destination, 0, destination, device.Mtu, IsLocal: true);

    private static Route Refuse(uint destination, InetDevice device, Errno error) =>
        new(RouteType.Unreachable, device.IfIndex, destination, 0, destination, device.Mtu, IsLocal: false, error);

    /// <summary>A route's own MTU holds even above the device's (kernel: <c>ip_dst_mtu_maybe_forward</c>).</summary>
    private static int MtuOf(FibRoute fib, InetDevice device) => fib.Mtu != 0 ? fib.Mtu : device.Mtu;
}
